import { env } from "cloudflare:workers";
import type { Key } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { makeStore } from "../src/relay/hub-address.ts";
import { connect, object, saying } from "./device.ts";
import { replaceBindings } from "./hub-database.ts";
import { expireEvents, expireObjects, storeId } from "./hub-inside.ts";
import { connected, getBytes } from "./objects-story.ts";
import { ask } from "./people.ts";

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
  });

  it("of one object put twice at once is the longer one", async () => {
    const { device, person, store } = await connected();
    const blob = object("x");
    device.send({ ...blob.put(1), ttl: 500 }, { ...blob.put(2), ttl: 10 });
    const answers = [await device.answer(1), await device.answer(2)];
    const row = env.DB.prepare("SELECT expires_at FROM sync_data WHERE store_id = ?1");
    const expires_at = await row.bind(await storeId(person, store)).first("expires_at");
    expect(answers).toMatchObject([{ expires_at }, { expires_at }]);
    expect(Number(expires_at)).toBeGreaterThan(Date.now() + 400_000);
  });

  it("over, everything of the store goes in one sweep: pieces, lists, events, bodies", async () => {
    const { relay, device, person, store } = await connected();
    const blob = object("x");
    const piece = { type: "blob", hash: blob.hash, size: 9, offset: 0, len: 1 } as const;
    device.send({ op: "chunk", id: 1, ...piece, bytes: new Uint8Array(1) });
    device.send({ op: "have", id: 2, mid: "p", objects: [object("y").key] }, object("y").put(4));
    device.send({ op: "push", id: 5, mid: "p", ref: "main", old: null, new: null });
    device.send({ op: "send", id: 3, mid: "k", keep: true, ...saying("hello") });
    await device.answer(3);
    const id = await storeId(person, store);
    await expireEvents(person, store, 2);
    await expireObjects(person, store);
    await relay.scheduled();
    const left = env.DB.prepare(
      `SELECT (SELECT count(*) FROM sync_data AS d CROSS JOIN sync_chunks AS c ON c.pack_id = d.id WHERE d.store_id = ?1)
         + (SELECT count(*) FROM sync_data WHERE store_id = ?1) + (SELECT count(*) FROM events WHERE store_id = ?1)
         + (SELECT bytes + objects FROM usage WHERE owner_id = ?2) AS n`,
    );
    expect(await left.bind(id, person.user.id).first("n")).toBe(0);
  });

  it("of a kept message ends for its body before its event", async () => {
    const { relay, device, person, store } = await connected();
    device.send({ op: "send", id: 1, mid: "k", keep: true, ttl: 60, ...saying("hello") });
    await device.answer(1);
    const id = await storeId(person, store);
    await env.DB.batch([
      env.DB.prepare("UPDATE events SET body_expires_at = 1 WHERE store_id = ?1").bind(id),
      env.DB.prepare("UPDATE stores SET due_at = 0 WHERE id = ?1").bind(id),
    ]);
    const phone = await connect(relay, person, store, "phone", { after: 0 });
    const [item] = (await phone.next("events")).items;
    expect(item).toMatchObject({ kind: "message", mid: "k" });
    expect(item).not.toHaveProperty("body");
    await relay.scheduled();
    const body = env.DB.prepare("SELECT body FROM events WHERE store_id = ?1");
    expect(await body.bind(id).first("body")).toBeNull();
  });

  it("hides what expired at once, says gone, keeps the ref, and the sweep removes it", async () => {
    const { relay, device, person, store } = await connected();
    const blob = object("x");
    device.send({ op: "have", id: 1, mid: "m", objects: [blob.key] }, blob.put(2));
    device.send({ op: "push", id: 3, mid: "m", ref: "main", old: null, new: blob.hash });
    await device.answer(3);
    const id = await storeId(person, store);
    await expireObjects(person, store);
    device.send({ op: "fetch", id: 4, after: 0 });
    expect(await device.answer(4)).toMatchObject({ op: "done", gone: [["blob", blob.hash]] });
    await relay.scheduled();
    const left = await env.DB.prepare(
      `SELECT (SELECT count(*) FROM sync_data WHERE store_id = ?1) AS objects,
        (SELECT hash FROM refs WHERE store_id = ?1) AS ref,
        (SELECT objects FROM usage WHERE owner_id = ?2) AS used`,
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
    await expireObjects(person, store);
    const token = relay.env.ADMIN_TOKEN;
    const dry = await ask(relay, "POST", "/admin/cleanup", { token, body: { dry_run: true } });
    const real = await ask(relay, "POST", "/admin/cleanup", { token, body: {} });
    expect(real.body["expired"]).toMatchObject({ sync_data: 1 });
    expect(dry.body["expired"]).toMatchObject({ sync_data: 1 });
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
    expect(await device.next("need")).toMatchObject({ op: "need", from: "phone", objects: [key] });
    device.send(blob.put(1));
    expect(await phone.next("available")).toEqual({ op: "available", objects: [key] });
    expect(await getBytes(phone, key)).toEqual(blob.bytes);
  });
});

describe("the quota", () => {
  it("is kept exactly, over all stores of the user, and known objects still pass", async () => {
    const { relay, person, device } = await connected({ QUOTA_OBJECTS: "3" });
    const other = await makeStore(relay.env, relay.world, person.user.id, "second");
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

  it("does not keep what is known from being renewed, and says until when", async () => {
    const { device, person, store } = await connected({ QUOTA_OBJECTS: "1" });
    const blob = object("1");
    device.send({ ...blob.put(1), ttl: 1_000 });
    const first = await device.answer(1);
    device.send({ ...blob.put(2), ttl: 5_000 });
    const second = await device.answer(2);
    expect(second).toMatchObject({ op: "ok", state: "known" });
    const row = env.DB.prepare("SELECT expires_at FROM sync_data WHERE store_id = ?1");
    const expires = await row.bind(await storeId(person, store)).first("expires_at");
    expect(second).toMatchObject({ expires_at: expires });
    expect(first).not.toMatchObject({ expires_at: expires });
    device.send({ ...blob.put(3), ttl: 10 });
    expect(await device.answer(3)).toMatchObject({ state: "known", expires_at: expires });
  });

  it("of bytes is kept to the byte, whoever of several devices comes first", async () => {
    const { relay, person, store, device } = await connected({ QUOTA_BYTES: "1000" });
    const others = await Promise.all(
      ["phone", "tablet"].map((name) => connect(relay, person, store, name)),
    );
    const all = [device, ...others];
    const hundred = (n: number) => object(String(n).padStart(100, "."));
    for (const [who, one] of all.entries()) {
      one.send(...Array.from({ length: 6 }, (_, i) => hundred(who * 6 + i).put(i)));
    }
    const answers = [];
    for (const one of all) for (let i = 0; i < 6; i++) answers.push(await one.answer(i));
    expect(answers.filter((op) => op.op === "ok")).toHaveLength(10);
    expect(answers.filter((op) => op.op === "error" && op.code === "quota")).toHaveLength(8);
    const used = env.DB.prepare("SELECT bytes, objects FROM usage WHERE owner_id = ?1");
    expect(await used.bind(person.user.id).first()).toEqual({ bytes: 1_000, objects: 10 });
    device.send({ op: "send", id: 9, mid: "m", keep: true, ...saying("") });
    expect(await device.answer(9)).toMatchObject({ code: "quota" });
    device.send({ op: "push", id: 10, mid: "p", ref: "main", old: null, new: null });
    expect(await device.answer(10)).toMatchObject({ code: "quota" });
    device.send({ op: "have", id: 11, mid: "p", objects: [object("x").key] });
    expect(await device.answer(11)).toMatchObject({ code: "quota" });
  });

  it("counts events, lists of pushes and kept messages, and lets go of them", async () => {
    const { device, person } = await connected();
    const blob = object("x");
    device.send({ op: "have", id: 1, mid: "p", objects: [blob.key] }, blob.put(2));
    device.send({ op: "push", id: 3, mid: "p", ref: "main", old: null, new: blob.hash });
    device.send({ op: "send", id: 4, mid: "k", keep: true, ...saying("hello") });
    await device.answer(4);
    const used = env.DB.prepare("SELECT bytes FROM usage WHERE owner_id = ?1");
    const list = JSON.stringify([["blob", blob.hash, [1]]]).length;
    expect(await used.bind(person.user.id).first("bytes")).toBe(1 + list + 2 * 256 + 5);
    await env.DB.prepare("DELETE FROM events WHERE owner_id = ?1").bind(person.user.id).run();
    expect(await used.bind(person.user.id).first("bytes")).toBe(1);
  });

  it("makes room from what has expired", async () => {
    const { device, person, store } = await connected({ QUOTA_OBJECTS: "2" });
    device.send(object("1").put(1), object("2").put(2));
    await device.answer(2);
    await expireObjects(person, store);
    device.send(object("3").put(3), object("4").put(4));
    expect(await device.answer(4)).toMatchObject({ op: "ok", state: "stored" });
  });
});

it("what is sealed is stored and given back like anything else: a type is a label", async () => {
  const { device } = await connected();
  const parcel = object("only its users can read it", "sealed");
  device.send(
    { op: "have", id: 1, mid: "m", objects: [parcel.key] },
    parcel.put(2),
    { op: "push", id: 3, mid: "m", ref: "main", old: null, new: parcel.hash },
    { op: "fetch", id: 4, after: 0 },
  );
  expect(await device.answer(3)).toMatchObject({ op: "ack", seq: 1 });
  expect(await device.answer(4)).toMatchObject({ op: "done", gone: [] });
  const items = device.inbox.flatMap((op) => (op.op === "objects" ? op.items : []));
  expect(items).toEqual([parcel.key]);
  const blob = object("only its users can read it");
  device.send({ op: "have", id: 5, mid: "n", objects: [blob.key] });
  expect(await device.answer(5)).toMatchObject({ need: [0] });
});
