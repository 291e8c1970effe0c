import { env } from "cloudflare:workers";
import { decodeServerFrame, type Send, type ServerOp } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { frameStream } from "../src/relay/frame-stream.ts";
import { makeStore } from "../src/relay/hub-address.ts";
import { connect, epochOf, object, startStory, saying } from "./device.ts";
import { replaceBindings } from "./hub-database.ts";
import { expireEvents, sleep, storeId } from "./hub-inside.ts";
import { connected, noise } from "./objects-story.ts";
import { ask } from "./people.ts";
import { meteredDatabase } from "../src/sync/metered-database.ts";

type Story = Awaited<ReturnType<typeof connected>>;

/** Asks for something of a store over HTTP. */
const get = ({ relay, person, store }: Pick<Story, "relay" | "person" | "store">, path: string) =>
  ask(relay, "GET", `/sync/${store}${path}`, { token: person.access });

/** The frames of a fetch over HTTP. */
async function fetchOver(story: Story, query: string): Promise<readonly ServerOp[]> {
  const { relay, person, store } = story;
  const response = await relay.fetch(`/sync/${store}/fetch?${query}`, {
    headers: { authorization: `Bearer ${person.access}` },
  });
  const ops: ServerOp[] = [];
  const body: ReadableStream<Uint8Array> | null = response.body;
  if (body === null) throw new Error("no body");
  for await (const frame of frameStream(body)) {
    const decoded = decodeServerFrame(frame);
    if (!decoded.ok) throw new Error(decoded.error.message);
    ops.push(...decoded.ops);
  }
  return ops;
}

/** Pushes of one object each, to `main`. */
async function pushes({ device }: Story, count: number): Promise<string> {
  let old: string | null = null;
  for (let n = 1; n <= count; n++) {
    const blob = object(`push ${n}`);
    const mid = `m${n}`;
    device.send({ op: "have", id: n * 10, mid, objects: [blob.key] }, blob.put(n * 10 + 1), {
      op: "push",
      id: n * 10 + 2,
      mid,
      ref: "main",
      old,
      new: blob.hash,
    });
    expect(await device.answer(n * 10 + 2)).toMatchObject({ op: "ack", seq: n });
    old = blob.hash;
  }
  if (old === null) throw new Error("no pushes");
  return old;
}

describe("over HTTP one can read", () => {
  it("where a store stands, as a welcome says it", async () => {
    const story = await connected();
    const head = await pushes(story, 3);
    const phone = await connect(story.relay, story.person, story.store, "phone");
    const { store, epoch, limits, refs, oldest, kept_until } = await phone.next("welcome");
    expect(refs).toEqual([["main", head]]);
    const { status, body } = await get(story, "");
    const place = { store, epoch, head: 3, oldest, refs, limits, kept_until };
    expect([status, body]).toEqual([200, place]);
  });

  it("and makes no store by it", async () => {
    const story = { ...(await startStory()), store: "never-made" };
    expect(await get(story, "")).toMatchObject({ status: 404, body: { code: "no_store" } });
  });

  it("events of a place only with the epoch it belongs to", async () => {
    const story = await connected();
    for (const path of ["/events?after=0", "/fetch?after=0"]) {
      expect(await get(story, path)).toMatchObject({
        status: 400,
        body: { code: "invalid_query" },
      });
    }
  });
});

describe("a hole is told over HTTP as on a socket", () => {
  it.each([
    ["expired", 0, [3]],
    ["ahead", 9, []],
    ["epoch", 1, []],
  ] as const)("%s", async (reason, after, seqs) => {
    const story = await connected();
    await pushes(story, 3);
    await expireEvents(story.person, story.store, 2);
    const epoch = reason === "epoch" ? "other" : await epochOf(story.person, story.store);
    const phone = await connect(story.relay, story.person, story.store, "phone", { after, epoch });
    const said = await phone.next("welcome");
    expect(said).toMatchObject({ resumed: false, reason });
    const query = `after=${after}&epoch=${epoch}`;
    const { body } = await get(story, `/events?${query}`);
    const place = { epoch: said.epoch, head: 3, oldest: 3, resumed: false, reason, more: false };
    expect(body).toEqual({ ...place, items: body["items"] });
    expect((body["items"] as { seq: number }[]).map(({ seq }) => seq)).toEqual(seqs);
    const [first, ...rest] = await fetchOver(story, query);
    expect(first).toMatchObject({ op: "welcome", resumed: false, reason });
    const names = rest.map(({ op }) => op);
    expect(names).toEqual(reason === "expired" ? ["objects", "done"] : []);
  });

  it("of a store that was put back in time while its hub slept", async () => {
    const story = await connected();
    await pushes(story, 2);
    const epoch = await epochOf(story.person, story.store);
    const id = await storeId(story.person, story.store);
    await env.DB.batch([
      env.DB.prepare("DELETE FROM events WHERE store_id = ?1 AND seq = 2").bind(id),
      env.DB.prepare("UPDATE stores SET head = 1 WHERE id = ?1").bind(id),
    ]);
    await sleep(story.person, story.store);
    const { body } = await get(story, `/events?after=2&epoch=${epoch}`);
    expect(body).toMatchObject({ resumed: false, reason: "epoch", head: 1, items: [] });
    expect(body["epoch"]).not.toBe(epoch);
  });

  it("and nothing is told where nothing is missing", async () => {
    const story = await connected();
    await pushes(story, 2);
    const query = `after=1&epoch=${await epochOf(story.person, story.store)}`;
    const { body } = await get(story, `/events?${query}`);
    expect(body).toMatchObject({ resumed: true, items: [{ seq: 2 }], more: false });
    expect(body).not.toHaveProperty("reason");
  });
});

describe("a page over HTTP", () => {
  it("is the same as over the socket, byte for byte of its objects", async () => {
    const story = await connected();
    const blobs = Array.from({ length: 40 }, () => object(noise(50_000)));
    const { device } = story;
    device.send({ op: "have", id: 1, mid: "m", objects: blobs.map(({ key }) => key) });
    for (const [i, blob] of blobs.entries()) device.send(blob.put(10 + i));
    device.send({ op: "push", id: 2, mid: "m", ref: "main", old: null, new: null });
    expect(await device.answer(2)).toMatchObject({ op: "ack" });
    device.inbox.splice(0);
    device.send({ op: "fetch", id: 0, after: 0 });
    const done = await device.answer(0);
    const bodies = (ops: readonly ServerOp[]) => ops.filter(({ op }) => op === "objects");
    const query = `after=0&epoch=${await epochOf(story.person, story.store)}`;
    const ops = await fetchOver(story, query);
    expect(bodies(ops)).toEqual(bodies(device.inbox));
    expect(ops.at(-1)).toEqual(done);
  });

  it("of large kept messages reads what it answers, and not all that there are", async () => {
    const story = await startStory();
    const { relay, person, store } = story;
    const { id } = await makeStore(relay.env, relay.world, person.user.id, store);
    let read = 0;
    const lengthOf = (row: unknown) => JSON.stringify(row).length;
    const DB = meteredDatabase(env.DB, (_, { results }) => {
      read += results.reduce<number>((sum, row) => sum + lengthOf(row), 0);
    });
    await replaceBindings(id, { DB });
    const device = await connect(relay, person, store, "laptop");
    const note = (n: number): Send => ({
      ...{ op: "send", id: n, mid: `m${n}`, keep: true, ...saying("x".repeat(65_000)) },
    });
    for (let n = 0; n < 60; n += 10) {
      device.send(...Array.from({ length: 10 }, (_, i) => note(n + i)));
      await device.answer(n + 9);
    }
    read = 0;
    const query = `after=0&limit=500&epoch=${await epochOf(person, store)}`;
    const { body } = await get(story, `/events?${query}`);
    expect((body["items"] as unknown[]).length).toBe(12);
    // In hex, as the database gives them, 60 of them are 7.8 MB.
    expect(read).toBeLessThan(1_800_000);
  });
});
