import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { LIMITS, objectsIn, type Key } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { hubOf } from "../src/relay/hub-address.ts";
import { connect, object, startStory } from "./device.ts";
import { storeId } from "./hub-inside.ts";

describe("a push", () => {
  it("is acknowledged, moves the ref and reaches the other device", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    const phone = await connect(relay, person, store, "phone");
    expect(await laptop.next("welcome")).toMatchObject({
      head: 0,
      oldest: 1,
      refs: [],
      reason: "new",
    });
    await phone.next("welcome");
    const blob = object("hello");
    laptop.send({ op: "have", id: 1, mid: "m1", objects: [blob.key] });
    expect(await laptop.answer(1)).toEqual({ op: "want", id: 1, need: [0], over: [] });
    laptop.send(blob.put(2));
    expect(await laptop.answer(2)).toMatchObject({ op: "ok", state: "stored" });
    laptop.send({ op: "push", id: 3, mid: "m1", ref: "main", old: null, new: blob.hash });
    expect(await laptop.answer(3)).toEqual({ op: "ack", id: 3, mid: "m1", seq: 1 });
    const seen = {
      kind: "push",
      seq: 1,
      device: "laptop",
      mid: "m1",
      ref: "main",
      old: null,
      new: blob.hash,
      objects: 1,
      bytes: 5,
    };
    expect(await phone.next("event")).toMatchObject(seen);
    phone.send({ op: "fetch", id: 4, after: 0 });
    const objects = await phone.next("objects");
    expect(
      objectsIn(objects).map(({ type, hash, bytes }) => [
        type,
        hash,
        new TextDecoder().decode(bytes),
      ]),
    ).toEqual([["blob", blob.hash, "hello"]]);
    expect(await phone.answer(4)).toEqual({ op: "done", id: 4, seq: 1, gone: [] });
  });

  it("that names objects which are not there says which", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    const [there, absent] = [object("there"), object("absent")];
    laptop.send({ op: "have", id: 1, mid: "m", objects: [there.key, absent.key] }, there.put(2));
    laptop.send({ op: "push", id: 3, mid: "m", ref: "main", old: null, new: there.hash });
    const missing: Key = ["blob", absent.hash];
    expect(await laptop.answer(3)).toMatchObject({ op: "error", code: "missing", need: [missing] });
  });

  it("against another head is refused with where the ref stands", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    const [a, b] = [object("a"), object("b")];
    laptop.send(a.put(1), { op: "push", id: 2, mid: "a", ref: "main", old: null, new: a.hash });
    laptop.send({ op: "push", id: 3, mid: "b", ref: "main", old: b.hash, new: b.hash });
    expect(await laptop.answer(2)).toMatchObject({ op: "ack", seq: 1 });
    expect(await laptop.answer(3)).toMatchObject({
      op: "error",
      code: "ref_conflict",
      retry: "repull",
      current: a.hash,
    });
  });

  it("to null removes the ref, and only from where it stands", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    const { hash } = object("a");
    laptop.send({ op: "push", id: 1, mid: "a", ref: "main", old: null, new: hash });
    laptop.send({ op: "push", id: 2, mid: "b", ref: "main", old: null, new: null });
    expect(await laptop.answer(2)).toMatchObject({ code: "ref_conflict", current: hash });
    laptop.send({ op: "push", id: 3, mid: "c", ref: "main", old: hash, new: null });
    expect(await laptop.answer(3)).toMatchObject({ op: "ack", seq: 2 });
    const phone = await connect(relay, person, store, "phone");
    expect(await phone.next("welcome")).toMatchObject({ head: 2, refs: [] });
  });

  it("beyond the limits of objects or refs is refused, and changes nothing", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    await laptop.next("welcome");
    const id = await storeId(person, store);
    await runInDurableObject(hubOf(env, id), (_, { storage }) => {
      storage.sql.exec(
        "INSERT INTO declared VALUES (?3, 'laptop', 'big', 'x', ?1, 0, ?2, '[]')",
        LIMITS.objectsPerPush,
        Date.now() + 60_000,
        person.user.id,
      );
    });
    await env.DB.prepare(
      `INSERT INTO refs (store_id, name, hash) SELECT ?1, 'r' || value, ?2 FROM json_each(?3)`,
    )
      .bind(id, object("r").hash, JSON.stringify([...Array(LIMITS.refsPerStore).keys()]))
      .run();
    laptop.send({ op: "have", id: 1, mid: "big", objects: [object("a").key] });
    expect(await laptop.answer(1)).toMatchObject({ code: "too_many", retry: "no" });
    const { hash } = object("a");
    laptop.send({ op: "push", id: 2, mid: "m", ref: "one-more", old: null, new: hash });
    expect(await laptop.answer(2)).toMatchObject({ code: "too_many" });
    laptop.send({ op: "push", id: 3, mid: "n", ref: "r7", old: object("r").hash, new: hash });
    expect(await laptop.answer(3)).toMatchObject({ op: "ack", seq: 1 });
  });

  it("is fetched up to where was asked, and no further", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    let old: string | null = null;
    for (let n = 1; n <= 3; n++) {
      const blob = object(`version ${n}`);
      laptop.send({ op: "have", id: n, mid: `m${n}`, objects: [blob.key] }, blob.put(n + 10), {
        op: "push",
        id: n + 20,
        mid: `m${n}`,
        ref: "main",
        old,
        new: blob.hash,
      });
      await laptop.answer(n + 20);
      old = blob.hash;
    }
    laptop.send({ op: "fetch", id: 50, after: 1, until: 2 });
    const done = await laptop.answer(50);
    expect(done).toEqual({ op: "done", id: 50, seq: 2, gone: [] });
    const got = laptop.inbox.flatMap((op) => (op.op === "objects" ? objectsIn(op) : []));
    expect(got.map(({ hash }) => hash)).toEqual([object("version 2").hash]);
    laptop.send({ op: "fetch", id: 51, after: 1, next: "1.1.1" });
    expect(await laptop.answer(51)).toMatchObject({ code: "bad_next", retry: "no" });
  });
});
