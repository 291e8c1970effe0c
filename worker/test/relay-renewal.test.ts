import { env } from "cloudflare:workers";
import type { Key } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { connect, object, type Device } from "./device.ts";
import { replaceBindings } from "./hub-database.ts";
import { passTime, sleep, storeId } from "./hub-inside.ts";
import { connected } from "./objects-story.ts";
import { ask } from "./people.ts";
import { countWork } from "./work-done.ts";

const day = 86_400_000;

/** Pushes one object to `main` and gives back its key. */
async function push(device: Device, id: number, old: Key | null): Promise<Key> {
  const blob = object(`pushed ${id}`);
  device.send({ op: "have", id: id + 1, mid: `m${id}`, objects: [blob.key] }, blob.put(id + 2), {
    op: "push",
    id: id + 3,
    mid: `m${id}`,
    ref: "main",
    old: old?.[1] ?? null,
    new: blob.hash,
  });
  expect(await device.answer(id + 3)).toMatchObject({ op: "ack" });
  return [blob.type, blob.hash];
}

/** A connected device whose store keeps things for a day, at most three. */
async function story() {
  const seconds = day / 1_000;
  const times = { TTL_DEFAULT_SECONDS: String(seconds), TTL_MAX_SECONDS: String(3 * seconds) };
  const made = await connected(times);
  const { person, store } = made;
  const id = await storeId(person, store);
  const wait = async (ms: number) => {
    await passTime(person, store, ms);
    await replaceBindings(id, times);
  };
  const goneOf = async (device: Device, keys: readonly Key[]) => {
    device.send({ op: "get", id: 90, objects: [...keys] });
    const done = await device.answer(90);
    return done.op === "done" ? done.gone : done;
  };
  return { ...made, id, wait, goneOf };
}

describe("a store in use", () => {
  it("that was pushed to every day for three times its time is whole", async () => {
    const { relay, person, store, device, wait, goneOf } = await story();
    const keys: Key[] = [];
    for (let n = 0; n < 10; n++) {
      keys.push(await push(device, n * 10, keys.at(-1) ?? null));
      await relay.scheduled();
      await wait(0.9 * day);
    }
    await relay.scheduled();
    const fresh = await connect(relay, person, store, "fresh", { after: 0 });
    expect(await fresh.next("welcome")).toMatchObject({ resumed: true, oldest: 1, head: 10 });
    expect((await fresh.next("events")).items).toHaveLength(10);
    expect(await goneOf(fresh, keys)).toEqual([]);
    fresh.send({ op: "fetch", id: 5, after: 0 });
    expect(await fresh.answer(5)).toMatchObject({ op: "done", gone: [] });
  });

  it("whose relay's clock is put back by more than its time goes on, and is whole", async () => {
    const { relay, person, store, device, wait, goneOf } = await story();
    const keys = [await push(device, 0, null)];
    await wait(-2 * day);
    keys.push(await push(device, 10, keys.at(-1) ?? null));
    keys.push(await push(device, 20, keys.at(-1) ?? null));
    await relay.scheduled();
    expect(await goneOf(device, keys)).toEqual([]);
    await wait(0);
    const fresh = await connect(relay, person, store, "fresh", { after: 0 });
    expect(await fresh.next("welcome")).toMatchObject({ resumed: true, oldest: 1, head: 3 });
    expect(await goneOf(fresh, keys)).toEqual([]);
  });

  it("that is only read is kept by renewals, and told until when", async () => {
    const { relay, person, store, device, wait, goneOf } = await story();
    const key = await push(device, 0, null);
    for (let n = 0; n < 5; n++) {
      await wait(0.9 * day);
      const before = Date.now();
      device.send({ op: "renew", id: 7 });
      const answer = await device.answer(7);
      if (answer.op !== "ok") throw new Error(JSON.stringify(answer));
      expect(answer.expires_at).toBeGreaterThanOrEqual(before + day);
      expect(answer.expires_at).toBeLessThan(before + day + 60_000);
    }
    await relay.scheduled();
    expect(await goneOf(device, [key])).toEqual([]);
    const phone = await connect(relay, person, store, "phone");
    const { kept_until } = await phone.next("welcome");
    const list = await ask(relay, "GET", "/stores", { token: person.access });
    expect(list.body).toMatchObject({ stores: [{ name: store, kept_until }] });
    expect(kept_until).toBeGreaterThan(Date.now() + 0.9 * day);
  });

  it("may be renewed over HTTP, for longer where asked and at most as long as allowed", async () => {
    const { relay, person, store, device } = await story();
    await push(device, 0, null);
    const token = person.access;
    const renew = (name: string, body: object) =>
      ask(relay, "POST", `/sync/${name}/renew`, { token, body });
    const { status, body } = await renew(store, { ttl: 9 * day });
    expect(status).toBe(200);
    expect(Number(body["expires_at"])).toBeGreaterThan(Date.now() + 2.9 * day);
    expect(Number(body["expires_at"])).toBeLessThan(Date.now() + 3.1 * day);
    expect((await renew("no-such-store", {})).status).toBe(404);
  });
});

describe("a renewal", () => {
  it("that adds little writes nothing, and one that adds much a single row", async () => {
    const { person, store, device, id } = await story();
    await push(device, 0, null);
    await sleep(person, store);
    const work = await countWork(id);
    for (const again of [1, 2, 3]) {
      device.send({ op: "renew", id: again });
      await device.answer(again);
    }
    expect(work.rowsWritten).toBeLessThanOrEqual(1);
    const before = work.rowsWritten;
    const longer = { op: "renew", id: 8, ttl: (20 * day) / 1_000 } as const;
    device.send(longer);
    await device.answer(8);
    device.send({ ...longer, id: 9 });
    await device.answer(9);
    expect(work.rowsWritten).toBe(before + 1);
  });
});

describe("a store that nobody uses", () => {
  it("goes when its time is over, and a push or a renewal afterwards brings nothing back", async () => {
    const { relay, device, id, wait, goneOf } = await story();
    const old = await push(device, 0, null);
    await wait(1.1 * day);
    device.send({ op: "renew", id: 7 });
    await device.answer(7);
    expect(await goneOf(device, [old])).toEqual([old]);
    const next = await push(device, 10, old);
    expect(await goneOf(device, [old, next])).toEqual([old]);
    await env.DB.prepare("UPDATE stores SET due_at = 0 WHERE id = ?1").bind(id).run();
    await relay.scheduled();
    expect(await goneOf(device, [old, next])).toEqual([old]);
    const left = env.DB.prepare("SELECT count(*) AS n FROM sync_data WHERE store_id = ?1");
    expect(await left.bind(id).first("n")).toBe(1);
    await wait(4 * day);
    await relay.scheduled();
    const rows = env.DB.prepare(
      `SELECT (SELECT count(*) FROM sync_data WHERE store_id = ?1) + (SELECT count(*) FROM events WHERE store_id = ?1) AS n,
         bytes, objects, events FROM stores WHERE id = ?1`,
    );
    expect(await rows.bind(id).first()).toEqual({ n: 0, bytes: 0, objects: 0, events: 0 });
  });

  it("has nothing to tell of when nothing was pushed", async () => {
    const { relay, person, store, device } = await story();
    device.send(object("put alone").put(1));
    await device.answer(1);
    const phone = await connect(relay, person, store, "phone");
    expect(await phone.next("welcome")).not.toHaveProperty("kept_until");
  });
});

describe("what was put and never pushed", () => {
  it("is not kept by renewals", async () => {
    const { relay, device, wait, goneOf } = await story();
    const orphan = object("put alone");
    device.send(orphan.put(1));
    await device.answer(1);
    const pushed = await push(device, 10, null);
    await wait(0.9 * day);
    device.send({ op: "renew", id: 7 });
    await device.answer(7);
    await wait(0.5 * day);
    expect(await goneOf(device, [orphan.key.slice(0, 2) as unknown as Key, pushed])).toEqual([
      ["blob", orphan.hash],
    ]);
    await relay.scheduled();
    expect(await goneOf(device, [pushed])).toEqual([]);
  });
});
