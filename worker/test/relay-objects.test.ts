import { env } from "cloudflare:workers";
import {
  LIMITS,
  decodeServerFrame,
  encodeBinary,
  objectsIn,
  type Chunk,
  type Key,
} from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { frameStream } from "../src/relay/frame-stream.ts";
import { openStore } from "../src/relay/hub-address.ts";
import { connect, object, startStory, type Device } from "./device.ts";
import { replaceBindings, ring, storeId } from "./hub-inside.ts";
import { ask } from "./people.ts";

async function connected(bindings: Parameters<typeof replaceBindings>[1] = {}) {
  const story = await startStory();
  const { relay, person, store } = story;
  const { id } = await openStore(relay.env, relay.world, person.user.id, store);
  await replaceBindings(id, bindings);
  const device = await connect(relay, person, store, "laptop");
  await device.next("welcome");
  return { ...story, device };
}

/** Bytes nobody could guess. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65_536)));
  }
  return bytes;
}

function chunksOf(large: ReturnType<typeof object>, size = 900_000): Chunk[] {
  const { type, hash, bytes } = large;
  const chunks: Chunk[] = [];
  for (let offset = 0; offset < bytes.length; offset += size) {
    const part = bytes.subarray(offset, offset + size);
    chunks.push({
      op: "chunk",
      id: 1_000 + chunks.length,
      type,
      hash,
      size: bytes.length,
      offset,
      len: part.length,
      bytes: part,
    });
  }
  return chunks;
}

/** Gets one object, whole or in parts. */
async function getBytes(device: Device, key: Key): Promise<Uint8Array> {
  device.send({ op: "get", id: 77, objects: [key] });
  const done = await device.answer(77);
  if (done.op !== "done" || done.gone.length > 0) throw new Error(JSON.stringify(done));
  const bodies = device.inbox.flatMap((op) =>
    op.op === "part" ? [op.bytes] : op.op === "objects" ? objectsIn(op).map((o) => o.bytes) : [],
  );
  const bytes = new Uint8Array(bodies.reduce((sum, body) => sum + body.length, 0));
  let at = 0;
  for (const body of bodies) {
    bytes.set(body, at);
    at += body.length;
  }
  return bytes;
}

describe("a large object", () => {
  it("of 32 MiB goes through in chunks and comes back whole", { timeout: 60_000 }, async () => {
    const { device } = await connected();
    const large = object(noise(LIMITS.objectBytes));
    for (const chunk of chunksOf(large, LIMITS.chunkBytes)) {
      device.send(chunk);
      expect(await device.answer(chunk.id)).toMatchObject({ upto: chunk.offset + chunk.len });
    }
    const back = await getBytes(device, ["blob", large.hash]);
    expect(object(back).hash).toBe(large.hash);
  });

  it("is resumed where it stopped, and a repeated chunk has no effect", async () => {
    const { relay, person, store, device } = await connected();
    const large = object(noise(2_500_000));
    const [first, second, third] = chunksOf(large);
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    device.send(first);
    device.send({ ...first, id: 1 });
    expect(await device.answer(1)).toMatchObject({ op: "ok", upto: 900_000 });
    device.socket.close(1000);
    const again = await connect(relay, person, store, "phone");
    again.send({ ...third, id: 2 });
    expect(await again.answer(2)).toMatchObject({ code: "bad_offset", upto: 900_000 });
    again.send(second);
    expect(await again.answer(second.id)).toEqual({ op: "ok", id: second.id, upto: 1_800_000 });
    again.send({ op: "get", id: 3, objects: [["blob", large.hash]] });
    expect(await again.answer(3)).toMatchObject({ gone: [["blob", large.hash]] });
    again.send(third);
    expect(await again.answer(third.id)).toMatchObject({ upto: 2_500_000, state: "stored" });
    expect(object(await getBytes(again, ["blob", large.hash])).hash).toBe(large.hash);
  });

  it("with a wrong piece is dropped whole", async () => {
    const { device, person } = await connected();
    const large = object(noise(1_800_000));
    const [first, second] = chunksOf(large);
    if (first === undefined || second === undefined) throw new Error();
    device.send(first);
    device.send({ ...second, bytes: new Uint8Array(second.len) });
    expect(await device.answer(second.id)).toMatchObject({ code: "hash_mismatch" });
    const row = await env.DB.prepare("SELECT bytes, objects FROM usage WHERE user_id = ?1")
      .bind(person.user.id)
      .first();
    expect(row).toEqual({ bytes: 0, objects: 0 });
  });

  it("cannot be begun with one size and continued with another", async () => {
    const { device } = await connected();
    const large = object(noise(1_800_000));
    const [first, second] = chunksOf(large);
    if (first === undefined || second === undefined) throw new Error();
    device.send(first);
    device.send({ ...second, size: 5_000_000 });
    expect(await device.answer(second.id)).toMatchObject({ code: "size_mismatch" });
  });
});

describe("catching up", () => {
  it(
    "on 10,000 objects takes one fetch and at most 1.1 times their bytes",
    { timeout: 60_000 },
    async () => {
      const { device, relay, person, store } = await connected();
      const keys: Key[] = [];
      let n = 0;
      for (let part = 0; part < 10; part++) {
        const objects = Array.from({ length: 1_000 }, () => object(noise(1_024)));
        device.send({ op: "have", id: ++n, mid: "all", objects: objects.map((o) => o.key) });
        for (let at = 0; at < 1_000; at += 500)
          device.send(...objects.slice(at, at + 500).map((o) => o.put(++n)));
        keys.push(...objects.map((o): Key => ["blob", o.hash]));
      }
      const head = keys[0]?.[1] ?? "";
      device.send({ op: "push", id: 100_001, mid: "all", ref: "main", old: null, new: head });
      expect(await device.answer(100_001)).toMatchObject({ op: "ack", seq: 1 });
      const phone = await connect(relay, person, store, "phone", { after: 0 });
      await phone.next("events");
      const before = phone.received;
      phone.send({ op: "fetch", id: 1, after: 0 });
      expect(await phone.answer(1)).toEqual({ op: "done", id: 1, seq: 1, gone: [] });
      const got = phone.inbox.flatMap((op) => (op.op === "objects" ? objectsIn(op) : []));
      expect(new Set(got.map((o) => o.hash))).toEqual(new Set(keys.map(([, hash]) => hash)));
      expect(phone.received - before).toBeLessThan(1.1 * 10_000 * 1_024);
    },
  );

  it(
    "beyond a page goes on with next until every object came once",
    { timeout: 60_000 },
    async () => {
      const { device } = await connected();
      const objects = Array.from({ length: 40 }, () => object(noise(900_000)));
      for (const [n, one] of objects.entries()) {
        device.send(one.put(n));
        await device.answer(n);
      }
      device.send({ op: "have", id: 100, mid: "m", objects: objects.map((o) => o.key) });
      device.send({
        op: "push",
        id: 101,
        mid: "m",
        ref: "main",
        old: null,
        new: objects[0]?.hash ?? null,
      });
      await device.answer(101);
      const got: string[] = [];
      let next: string | undefined;
      let pages = 0;
      do {
        device.send({ op: "fetch", id: 200, after: 0, ...(next === undefined ? {} : { next }) });
        const done = await device.answer(200);
        if (done.op !== "done") throw new Error(JSON.stringify(done));
        for (const op of device.inbox.splice(0)) {
          if (op.op === "objects") got.push(...objectsIn(op).map((o) => o.hash));
        }
        next = done.next;
        pages += 1;
      } while (next !== undefined);
      expect(pages).toBeGreaterThan(1);
      expect(got.toSorted()).toEqual(objects.map((o) => o.hash).toSorted());
    },
  );
});

describe("time to live", () => {
  it("is the default, or shorter where asked, and grows when the object is pushed again", async () => {
    const { device } = await connected({ TTL_DEFAULT_SECONDS: "1000", TTL_MAX_SECONDS: "2000" });
    const blob = object("x");
    const until = async (ttl?: number) => {
      const now = Date.now();
      device.send({ ...blob.put(1), ...(ttl === undefined ? {} : { ttl }) });
      const answer = await device.answer(1);
      if (answer.op !== "ok") throw new Error(JSON.stringify(answer));
      return Math.round(((answer.expires_at ?? 0) - now) / 1_000);
    };
    expect(await until(10)).toBe(10);
    expect(await until()).toBe(1_000);
    expect(await until(9_999)).toBe(2_000);
    const { person, store } = await startStory();
    expect([person.user.id.length, store.length]).not.toContain(0);
  });

  it("hides what expired at once, says gone, keeps the ref, and the alarm removes it", async () => {
    const { device, person, store } = await connected();
    const blob = object("x");
    device.send({ op: "have", id: 1, mid: "m", objects: [blob.key] }, blob.put(2));
    device.send({ op: "push", id: 3, mid: "m", ref: "main", old: null, new: blob.hash });
    await device.answer(3);
    const id = await storeId(person, store);
    await env.DB.prepare("UPDATE sync_data SET expires_at = 1 WHERE store_id = ?1").bind(id).run();
    device.send({ op: "fetch", id: 4, after: 0 });
    expect(await device.answer(4)).toMatchObject({ op: "done", gone: [["blob", blob.hash]] });
    await ring(person, store);
    const left = await env.DB.prepare(
      `SELECT (SELECT count(*) FROM sync_data WHERE store_id = ?1) AS objects,
        (SELECT hash FROM refs WHERE store_id = ?1) AS ref,
        (SELECT bytes + objects FROM usage WHERE user_id = ?2) AS used`,
    )
      .bind(id, person.user.id)
      .first();
    expect(left).toEqual({ objects: 0, ref: blob.hash, used: 0 });
  });

  it("is enforced by the admin's cleanup as well, which counts rows rightly", async () => {
    const { relay, device, person, store } = await connected();
    const objects = Array.from({ length: 30 }, (_, n) => object(`sweep ${n}`));
    device.send(...objects.map((one, n) => one.put(n)));
    await device.answer(29);
    await env.DB.prepare("UPDATE sync_data SET expires_at = 1 WHERE store_id = ?1")
      .bind(await storeId(person, store))
      .run();
    const token = relay.env.ADMIN_TOKEN;
    const dry = await ask(relay, "POST", "/admin/cleanup", { token, body: { dry_run: true } });
    const real = await ask(relay, "POST", "/admin/cleanup", { token, body: {} });
    expect(real.body["expired"]).toMatchObject({ sync_data: 30 });
    expect(dry.body["expired"]).toMatchObject({ sync_data: 30 });
    const list = await ask(relay, "GET", "/stores", { token: person.access });
    expect(list.body).toMatchObject({ stores: [{ name: store, objects: 0, bytes: 0 }] });
  });

  it("lets another device bring back what is gone, and tells who asked", async () => {
    const { relay, person, store, device } = await connected();
    const phone = await connect(relay, person, store, "phone");
    await phone.next("welcome");
    const blob = object("kept elsewhere");
    const key: Key = ["blob", blob.hash];
    phone.send({ op: "need", id: 1, objects: [key] });
    expect(await phone.answer(1)).toEqual({ op: "ok", id: 1, devices: 1 });
    expect(await device.next("need")).toEqual({ op: "need", from: "phone", objects: [key] });
    device.send(blob.put(1));
    expect(await phone.next("available")).toEqual({ op: "available", objects: [key] });
    expect(await getBytes(phone, key)).toEqual(blob.bytes);
  });
});

describe("the quota", () => {
  it("is kept exactly, over all stores of the user, and known objects still pass", async () => {
    const { relay, person, device } = await connected({ QUOTA_OBJECTS: "3" });
    const other = await openStore(relay.env, relay.world, person.user.id, "second");
    await replaceBindings(other.id, { QUOTA_OBJECTS: "3" });
    const tablet = await connect(relay, person, "second", "tablet");
    device.send(object("1").put(1), object("2").put(2));
    await device.answer(2);
    tablet.send(object("3").put(3), object("4").put(4));
    expect([await tablet.answer(3), await tablet.answer(4)]).toMatchObject([
      { op: "ok", state: "stored" },
      { code: "quota", retry: "no" },
    ]);
    device.send(object("1").put(5));
    expect(await device.answer(5)).toMatchObject({ op: "ok", state: "known" });
    device.send({ op: "have", id: 6, mid: "m", objects: [object("1").key, object("9").key] });
    expect(await device.answer(6)).toEqual({ op: "want", id: 6, need: [], over: [1] });
  });

  it("makes room from what has expired", async () => {
    const { device, person, store } = await connected({ QUOTA_OBJECTS: "2" });
    device.send(object("1").put(1), object("2").put(2));
    await device.answer(2);
    await env.DB.prepare("UPDATE sync_data SET expires_at = 1 WHERE store_id = ?1")
      .bind(await storeId(person, store))
      .run();
    device.send(object("3").put(3), object("4").put(4));
    expect(await device.answer(4)).toMatchObject({ op: "ok", state: "stored" });
  });
});

describe("a message", () => {
  it("reaches all others, or one, once, and not the sender", async () => {
    const { relay, person, store, device } = await connected();
    const phone = await connect(relay, person, store, "phone");
    const tablet = await connect(relay, person, store, "tablet");
    await phone.next("welcome");
    await tablet.next("welcome");
    device.send(
      { op: "send", id: 1, mid: "a", body: "to all" },
      { op: "send", id: 2, mid: "b", to: "phone", body: "to one" },
      { op: "send", id: 3, mid: "a", body: "to all" },
      { op: "send", id: 4, mid: "c", to: "nobody", body: "?" },
    );
    expect(await device.answer(1)).toEqual({ op: "ok", id: 1, devices: 2 });
    expect(await device.answer(4)).toMatchObject({ code: "no_device" });
    device.send({ op: "send", id: 5, mid: "a", body: "to all" });
    await device.answer(5);
    await Promise.all([device.settle(), phone.settle(), tablet.settle()]);
    const bodies = (d: Device) => d.inbox.flatMap((op) => (op.op === "message" ? [op.body] : []));
    expect([bodies(device), bodies(phone), bodies(tablet)]).toEqual([
      [],
      ["to all", "to one"],
      ["to all"],
    ]);
  });

  it("that is kept reaches a device that was away; only its addressee sees the body", async () => {
    const { relay, person, store, device } = await connected();
    device.send({ op: "send", id: 1, mid: "a", to: "phone", keep: true, body: "secret" });
    await device.answer(1);
    const phone = await connect(relay, person, store, "phone", { after: 0 });
    expect((await phone.next("events")).items).toMatchObject([
      { kind: "message", to: "phone", body: "secret" },
    ]);
    const tablet = await connect(relay, person, store, "tablet", { after: 0 });
    const [seen] = (await tablet.next("events")).items;
    expect(seen).not.toHaveProperty("body");
  });

  it("and presence tell who is here", async () => {
    const { relay, person, store, device } = await connected();
    await device.next("presence");
    const phone = await connect(relay, person, store, "phone");
    expect((await device.next("presence")).devices.map((d) => d.device)).toEqual([
      "laptop",
      "phone",
    ]);
    phone.send({ op: "presence", state: "editing" });
    expect((await device.next("presence")).devices[1]).toMatchObject({ state: "editing" });
    phone.socket.close(1000);
    expect((await device.next("presence")).devices.map((d) => d.device)).toEqual(["laptop"]);
  });
});

describe("the HTTP twins", () => {
  it("push, list and get like the socket does", async () => {
    const { relay, person, store, device } = await connected();
    const token = person.access;
    const blob = object("over http");
    const have = await ask(relay, "POST", `/sync/${store}/have`, {
      token,
      body: { mid: "h", objects: [blob.key] },
    });
    expect(have).toMatchObject({ status: 200, body: { need: [0], over: [] } });
    const put = await relay.fetch(`/sync/${store}/objects`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
      body: encodeBinary([blob.put(5)]),
    });
    expect(await put.json()).toMatchObject({ items: [{ op: "ok", id: 5, state: "stored" }] });
    const request = { mid: "h", ref: "main", old: null, new: blob.hash };
    const push = await ask(relay, "POST", `/sync/${store}/push`, { token, body: request });
    expect(push).toMatchObject({ status: 200, body: { mid: "h", seq: 1 } });
    expect(await device.next("event")).toMatchObject({ seq: 1, mid: "h" });
    const conflict = await ask(relay, "POST", `/sync/${store}/push`, {
      token,
      body: { ...request, mid: "i" },
    });
    expect(conflict).toMatchObject({
      status: 409,
      body: { code: "ref_conflict", current: blob.hash },
    });
    const events = await ask(relay, "GET", `/sync/${store}/events?after=0`, { token });
    expect(events).toMatchObject({ status: 200, body: { items: [{ seq: 1 }], more: false } });
    const fetched = await relay.fetch(`/sync/${store}/fetch?after=0`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const ops = [];
    const bytes = new Uint8Array(await fetched.arrayBuffer());
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        // In small pieces, as a network may deliver them.
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.subarray(at, at + 7));
        controller.close();
      },
    });
    for await (const frame of frameStream(body)) {
      const decoded = decodeServerFrame(frame);
      if (decoded.ok) ops.push(...decoded.ops);
    }
    expect(ops.map((op) => op.op)).toEqual(["objects", "done"]);
  });

  it("refuse what is not theirs to read", async () => {
    const { relay, store } = await connected();
    const stranger = (await startStory()).person;
    const answer = await ask(relay, "GET", `/sync/${store}/events?after=0`, {
      token: stranger.access,
    });
    expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect((await ask(relay, "GET", `/sync/${store}/events?after=0`)).status).toBe(401);
  });
});
