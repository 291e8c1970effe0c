import { env } from "cloudflare:workers";
import { LIMITS, type Chunk } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { connect, object } from "./device.ts";
import { sleep, storeId } from "./hub-inside.ts";
import { chunksOf, connected, getBytes, noise } from "./objects-story.ts";

describe("a large object", () => {
  it("of 32 MiB goes through in chunks and comes back whole", { timeout: 60_000 }, async () => {
    const { device } = await connected();
    const large = object(noise(LIMITS.objectBytes));
    for (const chunk of chunksOf(large)) {
      device.send(chunk);
      expect(await device.answer(chunk.id)).toMatchObject({ upto: chunk.offset + chunk.len });
    }
    const back = await getBytes(device, ["blob", large.hash]);
    expect(object(back).hash).toBe(large.hash);
  });

  it("is resumed where it stopped, and a repeated chunk has no effect", async () => {
    const { relay, person, store, device } = await connected();
    const large = object(noise(2_500_000));
    const [first, second, third] = chunksOf(large, 900_000);
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

  it("may be pushed in the frame of its last piece", async () => {
    const { device } = await connected();
    const large = object(noise(1_000));
    const [first, last] = chunksOf(large, 600);
    if (first === undefined || last === undefined) throw new Error();
    const { hash, key } = large;
    device.send(
      { op: "have", id: 1, mid: "m", objects: [key] },
      first,
      last,
      { op: "have", id: 2, mid: "m", objects: [key] },
      { op: "push", id: 3, mid: "m", ref: "main", old: null, new: hash },
    );
    expect(await device.answer(last.id)).toMatchObject({ state: "stored" });
    expect(await device.answer(2)).toMatchObject({ op: "want", need: [] });
    expect(await device.answer(3)).toMatchObject({ op: "ack", seq: 1 });
  });

  it("goes on from where it stands when a piece overlaps it", async () => {
    const { device } = await connected();
    const large = object(noise(1_500_000));
    const [first] = chunksOf(large, 700_000);
    if (first === undefined) throw new Error();
    device.send(first);
    device.send({ ...first, id: 2, offset: 500_000, bytes: large.bytes.slice(500_000, 1_200_000) });
    expect(await device.answer(2)).toEqual({ op: "ok", id: 2, upto: 700_000 });
  });

  it("lives on as a whole while pieces come, and begins anew if its time was over", async () => {
    const { device, person, store } = await connected();
    const id = await storeId(person, store);
    const large = object(noise(2_500_000));
    const [first, second, third] = chunksOf(large, 900_000);
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    device.send(first);
    await device.answer(first.id);
    const soon = env.DB.prepare("UPDATE sync_data SET expires_at = ?2 WHERE store_id = ?1");
    await soon.bind(id, Date.now() + 60_000).run();
    device.send(second);
    await device.answer(second.id);
    const earliest = env.DB.prepare("SELECT min(expires_at) FROM sync_data WHERE store_id = ?1");
    expect(Number(await earliest.bind(id).first("min(expires_at)"))).toBeGreaterThan(
      Date.now() + 80_000_000,
    );
    await soon.bind(id, 1).run();
    await sleep(person, store);
    device.send(third);
    expect(await device.answer(third.id)).toMatchObject({ code: "bad_offset", upto: 0 });
  });

  it("is counted from its first piece on, and refused if others took the last place", async () => {
    const { device, person } = await connected({ QUOTA_OBJECTS: "1" });
    const [one, other] = [object(noise(1_500_000)), object(noise(1_500_001))];
    const [a, b] = [chunksOf(one, 800_000), chunksOf(other, 800_000)];
    const [[a0, a1], [b0]] = [a, b];
    if (a0 === undefined || a1 === undefined || b0 === undefined) throw new Error();
    device.send(a0);
    await device.answer(a0.id);
    device.send({ ...b0, id: 5 });
    expect(await device.answer(5)).toMatchObject({ code: "quota" });
    device.send({ ...a1, id: 6 });
    expect(await device.answer(6)).toMatchObject({ state: "stored" });
    const used = env.DB.prepare("SELECT objects FROM usage WHERE owner_id = ?1");
    expect(await used.bind(person.user.id).first("objects")).toBe(1);
  });

  it("of which a piece vanished on the way is said to be gone", async () => {
    const { device, person, store } = await connected();
    const large = object(noise(1_500_000));
    for (const chunk of chunksOf(large, 800_000)) device.send(chunk);
    await device.answer(1_001);
    await env.DB.prepare(
      `DELETE FROM sync_chunks WHERE "offset" > 0 AND pack_id IN (SELECT id FROM sync_data WHERE store_id = ?1)`,
    )
      .bind(await storeId(person, store))
      .run();
    device.send({ op: "get", id: 1, objects: [["blob", large.hash]] });
    expect(await device.answer(1)).toMatchObject({ op: "done", gone: [["blob", large.hash]] });
  });

  it("that was put whole meanwhile leaves no pieces behind", async () => {
    const { device, person, store } = await connected();
    const blob = object(noise(900_000));
    const [first, second] = chunksOf(blob, 600_000);
    if (first === undefined || second === undefined) throw new Error();
    device.send(first);
    await device.answer(first.id);
    device.send(blob.put(1));
    await device.answer(1);
    const id = await storeId(person, store);
    device.send(second);
    expect(await device.answer(second.id)).toMatchObject({ upto: 900_000, state: "known" });
    const pieces = env.DB.prepare(
      "SELECT count(*) AS n FROM sync_data WHERE store_id = ?1 AND whole = 0",
    );
    expect(await pieces.bind(id).first("n")).toBe(0);
    expect(await getBytes(device, ["blob", blob.hash])).toEqual(blob.bytes);
  });

  it("comes in few pieces: a tiny one that is not the last is refused, and leaves no row", async () => {
    const { device, person, store } = await connected();
    const piece = (size: number, offset: number, len: number, id: number): Chunk => ({
      ...{ op: "chunk", id, type: "blob", hash: object(`of ${size}`).hash, size, offset, len },
      bytes: new Uint8Array(len),
    });
    device.send(piece(33_554_432, 0, 1, 1), piece(4_000, 0, 62, 2), piece(4_000, 0, 63, 3));
    expect([await device.answer(1), await device.answer(2)]).toMatchObject([
      { code: "size_mismatch", retry: "no" },
      { code: "size_mismatch", retry: "no" },
    ]);
    expect(await device.answer(3)).toMatchObject({ op: "ok", upto: 63 });
    const rows = env.DB.prepare("SELECT count(*) AS n FROM sync_data WHERE store_id = ?1");
    expect(await rows.bind(await storeId(person, store)).first("n")).toBe(1);
  });

  it("with a wrong piece is dropped whole", async () => {
    const { device, person } = await connected();
    const large = object(noise(1_800_000));
    const [first, second] = chunksOf(large, 900_000);
    if (first === undefined || second === undefined) throw new Error();
    device.send(first);
    device.send({ ...second, bytes: new Uint8Array(second.len) });
    expect(await device.answer(second.id)).toMatchObject({ code: "hash_mismatch" });
    const row = await env.DB.prepare("SELECT bytes, objects FROM usage WHERE owner_id = ?1")
      .bind(person.user.id)
      .first();
    expect(row).toEqual({ bytes: 0, objects: 0 });
  });

  it("cannot be begun with one size and continued with another", async () => {
    const { device } = await connected();
    const large = object(noise(1_800_000));
    const [first, second] = chunksOf(large, 900_000);
    if (first === undefined || second === undefined) throw new Error();
    device.send(first);
    device.send({ ...second, size: 5_000_000 });
    expect(await device.answer(second.id)).toMatchObject({ code: "size_mismatch" });
  });
});
