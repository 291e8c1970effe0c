import { objectsIn, type Key } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { connect, object, startStory } from "./device.ts";

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
});
