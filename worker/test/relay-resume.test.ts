import type { Send } from "@gitblobs/protocol";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { connect, object, startStory, type Device, saying } from "./device.ts";
import { sleep, storeId } from "./hub-inside.ts";

async function pushOne(device: Device, n: number, old: string | null): Promise<string> {
  const blob = object(`${device.name} ${n}`);
  device.send({ op: "have", id: n * 10, mid: `m${n}`, objects: [blob.key] }, blob.put(n * 10 + 1), {
    op: "push",
    id: n * 10 + 2,
    mid: `m${n}`,
    ref: "main",
    old,
    new: blob.hash,
  });
  expect(await device.answer(n * 10 + 2)).toMatchObject({ op: "ack", seq: n });
  return blob.hash;
}

describe("a device that comes back", () => {
  it("gets what it missed, in order, then live events", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    let head: string | null = null;
    for (let n = 1; n <= 3; n++) head = await pushOne(laptop, n, head);
    const phone = await connect(relay, person, store, "phone", { after: 1 });
    expect(await phone.next("welcome")).toMatchObject({
      resumed: true,
      head: 3,
      refs: [["main", head]],
    });
    const { items, more } = await phone.next("events");
    expect([items.map((item) => item.seq), more]).toEqual([[2, 3], false]);
    await pushOne(laptop, 4, head);
    expect(await phone.next("event")).toMatchObject({ seq: 4 });
  });

  it("with more to pull gets no live event before it has pulled", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    const notes = Array.from({ length: 501 }, (_, i): Send => {
      return { op: "send", id: i + 1, mid: `k${i + 1}`, keep: true, ...saying("x") };
    });
    laptop.send(...notes);
    expect(await laptop.answer(501)).toMatchObject({ op: "ack", seq: 501 });
    const phone = await connect(relay, person, store, "phone", { after: 0 });
    const first = await phone.next("events");
    expect([first.items.length, first.more]).toEqual([500, true]);
    laptop.send({ op: "send", id: 502, mid: "k502", keep: true, ...saying("x") });
    await laptop.answer(502);
    phone.send({ op: "pull", id: 1, after: 500, limit: 500 });
    const second = await phone.next("events");
    expect(second.items.map((item) => item.seq)).toEqual([501, 502]);
    expect(phone.inbox.filter((op) => op.op === "event")).toEqual([]);
    laptop.send({ op: "send", id: 503, mid: "k503", keep: true, ...saying("x") });
    expect(await phone.next("event")).toMatchObject({ seq: 503 });
  });

  it.each([
    ["ahead", { after: 9 }, false],
    ["epoch", { after: 1, epoch: "other" }, false],
    ["expired", { after: 0 }, true],
  ] as const)("is told of a hole: %s", async (reason, from, replayed) => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    const head = await pushOne(laptop, 1, null);
    await pushOne(laptop, 2, head);
    if (reason === "expired") {
      await env.DB.prepare("UPDATE events SET expires_at = 1 WHERE store_id = ?1 AND seq = 1")
        .bind(await storeId(person, store))
        .run();
    }
    const phone = await connect(relay, person, store, "phone", from);
    expect(await phone.next("welcome")).toMatchObject({ resumed: false, reason, head: 2 });
    if (replayed) expect((await phone.next("events")).items.map((item) => item.seq)).toEqual([2]);
    await phone.settle();
    expect(phone.inbox.filter((op) => op.op === "events")).toEqual([]);
  });

  it("keeps its socket, its order and its place while the hub sleeps", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    const phone = await connect(relay, person, store, "phone");
    await phone.next("welcome");
    let head: string | null = null;
    for (let n = 1; n <= 5; n++) {
      await sleep(person, store);
      head = await pushOne(laptop, n, head);
      expect(await phone.next("event")).toMatchObject({ seq: n });
    }
  });

  it("is told to reconcile after the store was put back in time", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    const { epoch } = await laptop.next("welcome");
    const head = await pushOne(laptop, 1, null);
    await pushOne(laptop, 2, head);
    const id = await storeId(person, store);
    await env.DB.batch([
      env.DB.prepare("DELETE FROM events WHERE store_id = ?1 AND seq = 2").bind(id),
      env.DB.prepare("UPDATE stores SET head = 1 WHERE id = ?1").bind(id),
    ]);
    await sleep(person, store);
    laptop.send({ op: "presence" });
    expect(await laptop.closed).toBe(1012);
    const again = await connect(relay, person, store, "laptop", { after: 2, epoch });
    expect(await again.next("welcome")).toMatchObject({ resumed: false, reason: "epoch", head: 1 });
  });
});
