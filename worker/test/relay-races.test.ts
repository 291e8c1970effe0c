import type { ClientOp } from "@gitblobs/protocol";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { hubOf, makeStore } from "../src/relay/hub-address.ts";
import { connect, dial, object, provide, startStory, type Device, said, saying } from "./device.ts";
import { replaceDatabase, type HubDatabase } from "./hub-database.ts";
import { alarmAt, ring, sleep } from "./hub-inside.ts";

const note = (id: number): ClientOp => ({
  op: "send",
  id,
  mid: `k${id}`,
  keep: true,
  ...saying("x"),
});
const push = (id: number, mid: string, old: string | null, next: string): ClientOp => ({
  op: "push",
  id,
  mid,
  ref: "main",
  old,
  new: next,
});

let story: Awaited<ReturnType<typeof startStory>>;
let id: number;
let database: HubDatabase;
let laptop: Device;
let phone: Device;

beforeEach(async () => {
  story = await startStory();
  const { relay, person, store } = story;
  ({ id } = await makeStore(relay.env, relay.world, person.user.id, store));
  database = await replaceDatabase(id);
  laptop = await connect(relay, person, store, "laptop");
  await laptop.next("welcome");
  // The hub reads what the store has when it is first asked.
  laptop.send({ op: "get", id: 900, objects: [["blob", object("nothing").hash]] });
  await laptop.answer(900);
});

const join = async (after?: number) => {
  const { relay, person, store } = story;
  phone = await connect(relay, person, store, "phone", after === undefined ? {} : { after });
};
const seqs = () =>
  phone.inbox.flatMap((op) =>
    op.op === "event" ? [op.seq] : op.op === "events" ? op.items.map((item) => item.seq) : [],
  );

describe("a device that catches up while others write", () => {
  it("gets an event once that was committed and not yet published when it read", async () => {
    const commit = database.hold("INSERT INTO event_requests");
    laptop.send(note(1));
    await commit.reached();
    await join(0);
    await phone.next("welcome");
    expect((await phone.next("events")).items.map((item) => item.seq)).toEqual([1]);
    commit.release();
    await laptop.answer(1);
    laptop.send(note(2));
    await laptop.answer(2);
    await phone.settle();
    expect(seqs()).toEqual([2]);
  });

  it("misses nothing that was published while its page was on the way", async () => {
    const page = database.hold("seq > ?3");
    await join(0);
    await phone.next("welcome");
    await page.reached();
    laptop.send(note(1));
    await laptop.answer(1);
    page.release();
    await phone.next("presence");
    laptop.send(note(2));
    await laptop.answer(2);
    await phone.settle();
    expect(seqs()).toEqual([1, 2]);
  });

  it("is told head and refs of one moment, and that the store was not put back in time", async () => {
    const read = database.hold("FROM refs WHERE store_id = ?1 ORDER BY");
    const joined = join();
    await read.reached();
    const { hash } = object("x");
    laptop.send(push(1, "m", null, hash));
    await laptop.answer(1);
    read.release();
    await joined;
    expect(await phone.next("welcome")).toMatchObject({ head: 1, refs: [["main", hash]] });
    laptop.send(note(2));
    await laptop.answer(2);
    await phone.settle();
    expect(seqs()).toEqual([2]);
  });
});

describe("a store that was put back in time", () => {
  it("is noticed even if new writes bring it to where it stood", async () => {
    laptop.send(note(1), note(2));
    await laptop.answer(2);
    await env.DB.batch([
      env.DB.prepare("DELETE FROM events WHERE store_id = ?1 AND seq = 2").bind(id),
      env.DB.prepare("UPDATE stores SET head = 1 WHERE id = ?1").bind(id),
    ]);
    laptop.send(note(3));
    expect(await laptop.closed).toBe(1012);
    await join(2);
    expect(await phone.next("welcome")).toMatchObject({ head: 2 });
  });
});

describe("a store whose database lingers", () => {
  it("holds back nobody of another store, nor messages of devices that wrote nothing", async () => {
    await join();
    await phone.next("welcome");
    const { relay, person, store } = story;
    const second = `${store.slice(0, 40)}.2`;
    await provide(relay, person, second);
    const other = await connect(relay, person, second, "other");
    const commit = database.hold("INSERT INTO event_requests");
    laptop.send(note(1));
    await commit.reached();
    for (let n = 1; n <= 20; n++) {
      other.send(note(n));
      expect(await other.answer(n)).toMatchObject({ op: "ack", seq: n });
    }
    phone.send({ op: "send", id: 1, mid: "s", ...saying("meanwhile") });
    expect(said(await laptop.next("message"))).toBe("meanwhile");
    expect(laptop.inbox.filter((op) => op.op === "ack")).toEqual([]);
    commit.release();
    expect(await laptop.answer(1)).toMatchObject({ op: "ack", seq: 1 });
  });
});

describe("a message that is not kept", () => {
  it("does not overtake the device's own push", async () => {
    await join();
    await phone.next("welcome");
    const commit = database.hold("INSERT INTO event_requests");
    laptop.send(push(1, "m", null, object("x").hash));
    await commit.reached();
    laptop.send({ op: "send", id: 2, mid: "s", ...saying("look at it") });
    commit.release();
    await phone.next("message");
    expect(seqs()).toEqual([1]);
  });
});

describe("a database that fails", () => {
  it.each(["before", "after"] as const)("once %s a commit is not noticed", async (when) => {
    await join();
    await phone.next("welcome");
    database[when] = 1;
    laptop.send(note(1));
    expect(await laptop.answer(1)).toMatchObject({ op: "ack", seq: 1 });
    expect(await phone.next("event")).toMatchObject({ seq: 1 });
  });

  it("for long before the commit gets 'unavailable', and the repeated push goes through once", async () => {
    await join();
    await phone.next("welcome");
    database.before = 3;
    const one = push(1, "m", null, object("x").hash);
    laptop.send(one);
    expect(await laptop.answer(1)).toMatchObject({ code: "unavailable", retry: "after" });
    laptop.send(one);
    expect(await laptop.answer(1)).toMatchObject({ op: "ack", seq: 1 });
    expect(await phone.next("event")).toMatchObject({ seq: 1 });
  });

  it("for long after the commit is looked at again within a second or so, and nothing is doubled", async () => {
    await join();
    await phone.next("welcome");
    database.after = 3;
    laptop.send(push(1, "m", null, object("x").hash));
    expect(await laptop.answer(1)).toMatchObject({ code: "unavailable" });
    const { person, store } = story;
    expect(await alarmAt(person, store)).toBeLessThan(Date.now() + 1_500);
    await ring(person, store);
    expect(await phone.next("event")).toMatchObject({ seq: 1, mid: "m" });
    laptop.send(push(2, "m", null, object("x").hash));
    expect(await laptop.answer(2)).toMatchObject({ op: "ack", seq: 1 });
    laptop.send({ op: "pull", id: 3, after: 0, limit: 10 });
    expect(await laptop.answer(3)).toMatchObject({ items: [{ seq: 1 }], more: false });
  });

  it("after the commit, where the store was put back in time, answers each write once", async () => {
    laptop.send(note(1));
    await laptop.answer(1);
    await env.DB.prepare("UPDATE stores SET head = 0 WHERE id = ?1").bind(id).run();
    await env.DB.prepare("DELETE FROM events WHERE store_id = ?1").bind(id).run();
    const renewal = database.hold("INSERT INTO sync_data");
    laptop.send(object("x").put(2));
    await renewal.reached();
    database.before = 1;
    renewal.release();
    expect(await laptop.answer(2)).toMatchObject({ code: "unavailable" });
    expect(laptop.inbox.filter((op) => op.op === "ok")).toEqual([]);
  });

  it("while the hub wakes closes the socket, so that the frame is sent again", async () => {
    const { person, store } = story;
    await sleep(person, store);
    const broken = await replaceDatabase(id);
    broken.before = 100;
    laptop.send(note(1));
    expect(await laptop.closed).toBe(1011);
    await ring(person, store);
    expect(await alarmAt(person, store)).toBeGreaterThan(Date.now());
  });

  it("while a token is checked refuses nothing for good", async () => {
    database.before = 100;
    laptop.send({ op: "auth", token: story.person.access });
    expect(await laptop.next("error")).toMatchObject({ code: "unavailable", retry: "after" });
    database.before = 0;
    laptop.send({ op: "auth", token: story.person.access });
    await laptop.next("authed");
  });
});

describe("a session that ends between its check and hello", () => {
  it("does not get in, though it lived when the socket was admitted", async () => {
    const { relay, person, store } = story;
    const late = await dial(relay, person, store, "late");
    await env.DB.prepare("UPDATE sessions SET revoked_at = 1 WHERE id = ?1").bind(person.id).run();
    await hubOf(env, id).closeSockets({ sessionId: "ses_another", code: 4401 });
    late.send({ op: "hello", proto: 1, device: "late" });
    expect(await late.closed).toBe(4401);
    expect(late.inbox).toEqual([]);
  });
});
