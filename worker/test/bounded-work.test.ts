import { env } from "cloudflare:workers";
import { objectsIn, type ClientOp, type Key } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { makeStore } from "../src/relay/hub-address.ts";
import { mostQueries } from "./count-queries.ts";
import { connect, object, startStory, type Device, saying } from "./device.ts";
import { expireEvents, expireObjects, ring, sleep } from "./hub-inside.ts";
import { noise } from "./objects-story.ts";
import { ask } from "./people.ts";
import { startRelay } from "./test-relay.ts";
import { countWork, counting, type WorkDone } from "./work-done.ts";

/** A person with one device connected to a store whose hub's work is counted. */
async function counted() {
  const story = await startStory();
  const { relay, person, store } = story;
  const { id } = await makeStore(relay.env, relay.world, person.user.id, store);
  const work = await countWork(id);
  const device = await connect(relay, person, store, "laptop");
  await device.next("welcome");
  device.send({ op: "get", id: 900, objects: [["blob", object("nothing").hash]] });
  await device.answer(900);
  return { ...story, id, work, device };
}

/** What something costs. */
async function costOf(work: WorkDone, act: () => Promise<unknown>): Promise<WorkDone> {
  const before = { ...work };
  await act();
  return {
    queries: work.queries - before.queries,
    rowsRead: work.rowsRead - before.rowsRead,
    rowsWritten: work.rowsWritten - before.rowsWritten,
  };
}

/** Pushes of so many objects each, one after the other, many in a frame. */
async function pushMany(device: Device, pushes: number, objects: number, first = 0) {
  let old: string | null = null;
  const hashes: string[] = [];
  for (let from = 0; from < pushes; from += 100) {
    const ops: ClientOp[] = [];
    for (let n = from; n < Math.min(pushes, from + 100); n++) {
      const blobs = Array.from({ length: objects }, (_, i) => object(`${first} ${n} ${i}`));
      const [head] = blobs;
      if (head === undefined) throw new Error("no objects");
      const mid = `p${first + n}`;
      ops.push({ op: "have", id: n * 10, mid, objects: blobs.map(({ key }) => key) });
      ops.push(...blobs.map((blob, i) => blob.put(n * 10 + 1 + i)));
      ops.push({ op: "push", id: n * 10 + 9, mid, ref: `r${first}`, old, new: head.hash });
      old = head.hash;
      hashes.push(...blobs.map(({ hash }) => hash));
    }
    device.send(...ops);
    expect(await device.answer(Math.min(pushes, from + 100) * 10 - 1)).toMatchObject({ op: "ack" });
  }
  return hashes;
}

describe("the database is asked as often", () => {
  it("for a frame of one push and for one of a hundred", async () => {
    const { device, work } = await counted();
    const one = await costOf(work, () => pushMany(device, 1, 3));
    const hundred = await costOf(work, () => pushMany(device, 101, 3, 1_000));
    // Two frames.
    expect(hundred.queries).toBeLessThanOrEqual(2 * one.queries);
    expect(one.queries).toBeLessThanOrEqual(10);
  });

  it("for a catch-up of a few pushes and for one of a thousand", async () => {
    const { relay, person, store, device, work } = await counted();
    const hashes = await pushMany(device, 1_000, 3);
    await device.settle();
    const phone = await connect(relay, person, store, "phone");
    await phone.next("welcome");
    const fetched = async (after: number) => {
      phone.inbox.splice(0);
      phone.send({ op: "fetch", id: 1, after });
      expect(await phone.answer(1)).toMatchObject({ op: "done", seq: 1_000, gone: [] });
      return phone.inbox.flatMap((op) => (op.op === "objects" ? objectsIn(op) : []));
    };
    const few = await costOf(work, () => fetched(990));
    let got: readonly { readonly hash: string }[] = [];
    const all = await costOf(work, async () => {
      got = await fetched(0);
    });
    expect(got.map(({ hash }) => hash)).toEqual(hashes);
    expect(all.queries).toBeLessThanOrEqual(few.queries);
    expect(all.queries).toBeLessThanOrEqual(3);
    await sleep(person, store);
    const cold = await countWork(
      (await makeStore(relay.env, relay.world, person.user.id, store)).id,
    );
    await costOf(cold, () => fetched(0));
    // With all it takes to wake up: at most 50 are allowed.
    expect(cold.queries).toBeLessThanOrEqual(10);
  });

  it("for one push and for the same one a thousand times, whatever it consists of", async () => {
    const { device, work } = await counted();
    const blobs = Array.from({ length: 1_000 }, (_, n) => object(`part ${n}`));
    device.send(...blobs.map((blob, id) => blob.put(id)));
    await device.answer(999);
    device.send({ op: "have", id: 1, mid: "big", objects: blobs.map(({ key }) => key) });
    await device.answer(1);
    const wrong = object("elsewhere").hash;
    const pushes = (count: number, old: string | null, from: number): ClientOp[] =>
      Array.from({ length: count }, (_, n) => ({
        ...{ op: "push", id: from + n, mid: "big", ref: "main", old, new: wrong },
      }));
    const one = await costOf(work, () => {
      device.send(...pushes(1, wrong, 2_000));
      return device.answer(2_000);
    });
    const refused = await costOf(work, async () => {
      device.send(...pushes(1_000, wrong, 3_000));
      expect(await device.answer(3_999)).toMatchObject({ code: "ref_conflict" });
    });
    const done = await costOf(work, async () => {
      device.send(...pushes(1_000, null, 5_000));
      expect(await device.answer(5_000)).toMatchObject({ op: "ack", seq: 1 });
      expect(await device.answer(5_999)).toMatchObject({ op: "ack", seq: 1 });
    });
    // A frame holds no more of them than four groups do.
    expect(refused.queries).toBeLessThanOrEqual(4 * one.queries);
    expect(done.queries).toBeLessThanOrEqual(4 * one.queries);
    expect(done.rowsWritten).toBeLessThan(12);
  });

  it("for one unknown piece and for a thousand", async () => {
    const { device, work } = await counted();
    const pieces = (count: number): ClientOp[] =>
      Array.from({ length: count }, (_, id) => ({
        ...{ op: "chunk", id, type: "blob", hash: object(`never ${id}`).hash, size: 9 },
        ...{ offset: 8, len: 1, bytes: new Uint8Array(1) },
      }));
    const one = await costOf(work, () => {
      device.send(...pieces(1));
      return device.answer(0);
    });
    const thousand = await costOf(work, async () => {
      device.send(...pieces(1_000));
      expect(await device.answer(999)).toMatchObject({ code: "bad_offset" });
    });
    expect(thousand.queries).toBe(one.queries);
  });
});

describe("no invocation works for another's frames", () => {
  it("however long frames come faster than they are written", async () => {
    const { device } = await counted();
    mostQueries();
    const frames = 400;
    for (let n = 1; n <= frames; n++) {
      device.send({ op: "send", id: n, mid: `k${n}`, keep: true, ...saying(`${n}`) });
      // The queue is never empty, and never full.
      if (n % 8 === 0) await device.answer(n - 7);
    }
    expect(await device.answer(frames)).toMatchObject({ op: "ack", seq: frames });
    expect(mostQueries()).toBeLessThanOrEqual(30);
  });
});

describe("a push of three small objects", () => {
  it("writes at most twelve billed rows, its expiry included", async ({ task }) => {
    const { person, store, device, work, relay } = await counted();
    const first = await costOf(work, () => pushMany(device, 1, 3));
    const pushed = await costOf(work, () => pushMany(device, 1, 3, 100));
    await expireEvents(person, store, 2);
    await expireObjects(person, store);
    const swept: WorkDone = { queries: 0, rowsRead: 0, rowsWritten: 0 };
    const sweeper = startRelay({ DB: counting(relay.env.DB, swept) });
    const both = await costOf(swept, () => sweeper.scheduled());
    const idle = await costOf(swept, () => sweeper.scheduled());
    // When the store is due again is noted once a sweep, not for each push, and lowered by the first push after it.
    const due = 2;
    expect([first.rowsWritten, pushed.rowsWritten]).toEqual([7 + due, 7]);
    expect(both.rowsWritten - idle.rowsWritten).toBe(2 * 4 + due);
    const gone = (both.rowsWritten - idle.rowsWritten - due) / 2;
    const figure = `Billed rows of a push of three small objects: ${pushed.rowsWritten}, and ${gone} when it expires.`;
    Object.assign(task.meta, { figure });
    const left = await env.DB.prepare("SELECT bytes, objects FROM usage WHERE owner_id = ?1")
      .bind(person.user.id)
      .first();
    expect(left).toEqual({ bytes: 0, objects: 0 });
  });
});

describe("what did not change", () => {
  it("is not looked at by a hub that is idle, nor by a sweep", async ({ task }) => {
    const { person, store, device, work, relay } = await counted();
    await pushMany(device, 200, 2);
    await device.settle();
    const idle = await costOf(work, () => ring(person, store));
    // Whether the session still lives, and how many sockets there are.
    expect(idle.queries).toBeLessThanOrEqual(2);
    expect(idle.rowsRead).toBeLessThanOrEqual(4);
    Object.assign(task.meta, {
      figure: `Rows read by the alarm of an idle hub: ${idle.rowsRead}.`,
    });
    const swept: WorkDone = { queries: 0, rowsRead: 0, rowsWritten: 0 };
    const sweeper = startRelay({ DB: counting(relay.env.DB, swept) });
    await sweeper.scheduled();
    const again = await costOf(swept, () => sweeper.scheduled());
    expect(again.rowsRead).toBeLessThan(40);
  });

  it("costs as much to know for large objects as for small ones", async () => {
    const { device, work, relay, person } = await counted();
    const sizes = async (size: number) => {
      const blobs = Array.from({ length: 20 }, () => object(noise(size)));
      for (const [id, blob] of blobs.entries()) {
        device.send(blob.put(id));
        await device.answer(id);
      }
      const keys = blobs.map(({ key }) => key);
      return costOf(work, async () => {
        device.send({ op: "have", id: 100, mid: `m${size}`, objects: keys });
        expect(await device.answer(100)).toMatchObject({ op: "want", need: [] });
      });
    };
    const [small, large] = [await sizes(1_000), await sizes(900_000)];
    expect(large).toEqual(small);
    const listed: WorkDone = { queries: 0, rowsRead: 0, rowsWritten: 0 };
    const reader = startRelay({ DB: counting(relay.env.DB, listed) });
    const list = await ask(reader, "GET", "/stores", { token: person.access });
    expect(list.body).toMatchObject({ stores: [{ objects: 40, bytes: 20 * 901_000 }] });
    expect(listed.rowsRead).toBeLessThan(12);
  });
});

describe("a page of objects", () => {
  it("of which little is wanted in many large packs ends before it reads them all", async () => {
    const { device } = await counted();
    const keys: Key[] = [];
    for (let n = 0; n < 90; n++) {
      const [small, large] = [object(`little ${n}`), object(noise(800_000))];
      device.send(small.put(n * 2), large.put(n * 2 + 1));
      await device.answer(n * 2 + 1);
      keys.push(["blob", small.hash]);
    }
    let next: string | undefined;
    let pages = 0;
    const got: string[] = [];
    do {
      device.inbox.splice(0);
      device.send({ op: "get", id: 500, objects: keys, ...(next === undefined ? {} : { next }) });
      const done = await device.answer(500);
      if (done.op !== "done") throw new Error(JSON.stringify(done));
      got.push(
        ...device.inbox.flatMap((op) =>
          op.op === "objects" ? objectsIn(op).map((o) => o.hash) : [],
        ),
      );
      ({ next } = done);
      pages += 1;
    } while (next !== undefined);
    expect(got).toEqual(keys.map(([, hash]) => hash));
    expect(pages).toBe(2);
  });
});

describe("a token said again", () => {
  it("is looked up once, and of a frame of other ones eight are", async () => {
    const { person, device, work } = await counted();
    const auth = { op: "auth", token: person.access } as const;
    const first = await costOf(work, async () => {
      device.send(auth);
      await device.next("authed");
    });
    const again = await costOf(work, async () => {
      device.send(...Array.from({ length: 1_024 }, () => auth));
      for (let n = 0; n < 8; n++) await device.next("authed");
      expect(await device.next("error")).toMatchObject({ code: "flood" });
    });
    // The key, if it was not known yet, and the session.
    expect(first.queries).toBeLessThanOrEqual(2);
    expect(again.queries).toBe(0);
  });
});
