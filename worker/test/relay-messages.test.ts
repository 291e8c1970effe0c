import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hubOf } from "../src/relay/hub-address.ts";
import { connect, type Device, inBase64, said, saying } from "./device.ts";
import { sleep, storeId } from "./hub-inside.ts";
import { connected } from "./objects-story.ts";

describe("a message", () => {
  it("reaches all others, or one, once, and not the sender", async () => {
    const { relay, person, store, device } = await connected();
    const phone = await connect(relay, person, store, "phone");
    const tablet = await connect(relay, person, store, "tablet");
    await phone.next("welcome");
    await tablet.next("welcome");
    device.send(
      { op: "send", id: 1, mid: "a", ...saying("to all") },
      { op: "send", id: 2, mid: "b", to: [person.user.id, "phone"], ...saying("to one") },
      { op: "send", id: 3, mid: "a", ...saying("to all") },
      { op: "send", id: 4, mid: "c", to: [person.user.id, "nobody"], ...saying("?") },
    );
    expect(await device.answer(1)).toEqual({ op: "ok", id: 1, devices: 2 });
    expect(await device.answer(4)).toMatchObject({ code: "no_device" });
    device.send({ op: "send", id: 6, mid: "d", to: ["usr_other", "phone"], ...saying("?") });
    expect(await device.answer(6)).toMatchObject({ code: "no_device" });
    device.send({ op: "send", id: 5, mid: "a", ...saying("to all") });
    await device.answer(5);
    await Promise.all([device.settle(), phone.settle(), tablet.settle()]);
    const bodies = (d: Device) => d.inbox.flatMap((op) => (op.op === "message" ? [said(op)] : []));
    expect([bodies(device), bodies(phone), bodies(tablet)]).toEqual([
      [],
      ["to all", "to one"],
      ["to all"],
    ]);
  });

  it("arrives byte for byte, whatever the bytes, kept or not", async () => {
    const { relay, person, store, device } = await connected();
    const phone = await connect(relay, person, store, "phone");
    await phone.next("welcome");
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
    device.send({ op: "send", id: 1, mid: "a", len: 256, bytes });
    expect((await phone.next("message")).bytes).toEqual(bytes);
    device.send({ op: "send", id: 2, mid: "b", keep: true, len: 256, bytes });
    expect(await phone.next("event")).toMatchObject({ body: bytes.toBase64() });
    device.send({ op: "send", id: 3, mid: "b", keep: true, len: 256, bytes });
    expect(await device.answer(3)).toMatchObject({ op: "ack", seq: 1 });
    device.send({ op: "send", id: 4, mid: "c", keep: true, ...saying("") });
    expect(await phone.next("event")).toMatchObject({ mid: "c", body: "" });
  });

  it("that is kept reaches a device that was away; only its addressee sees the body", async () => {
    const { relay, person, store, device } = await connected();
    device.send({
      op: "send",
      id: 1,
      mid: "a",
      to: [person.user.id, "phone"],
      keep: true,
      ...saying("secret"),
    });
    await device.answer(1);
    const phone = await connect(relay, person, store, "phone", { after: 0 });
    expect((await phone.next("events")).items).toMatchObject([
      {
        kind: "message",
        by: person.user.id,
        to: [person.user.id, "phone"],
        body: inBase64("secret"),
      },
    ]);
    const tablet = await connect(relay, person, store, "tablet", { after: 0 });
    const [seen] = (await tablet.next("events")).items;
    expect(seen).not.toHaveProperty("body");
  });

  it("of the largest kind reaches the others in frames they can take", async () => {
    const { relay, person, store } = await connected();
    const sender = await connect(relay, person, store, "s".repeat(64));
    const phone = await connect(relay, person, store, "phone");
    await phone.next("welcome");
    // A frame of the largest size, which grows on its way: the name of the sender is added.
    const sends = Array.from({ length: 16 }, (_, i) => ({
      op: "send" as const,
      id: i,
      mid: `m${i}`.padEnd(64, "-"),
      keep: false,
      ...saying("y".repeat(65_398)),
    }));
    sender.send(...sends);
    for (const { mid } of sends) expect((await phone.next("message")).mid).toBe(mid);
    sender.send(...sends.map((send) => ({ ...send, keep: true })));
    for (let i = 0; i < 16; i++) expect((await phone.next("event")).seq).toBe(i + 1);
    const tablet = await connect(relay, person, store, "tablet", { after: 0 });
    expect(await tablet.next("events")).toMatchObject({ more: true });
  });

  it("is remembered while the hub sleeps, however many came since", async () => {
    const { relay, person, store, device } = await connected();
    const phone = await connect(relay, person, store, "phone");
    await phone.next("welcome");
    device.send({ op: "send", id: 1, mid: "first", ...saying("once") });
    await phone.next("message");
    for (let round = 0; round < 3; round++) {
      device.send(
        ...Array.from({ length: 500 }, (_, i) => ({
          op: "send" as const,
          id: 10 + i,
          mid: `r${round}-${i}`,
          ...saying(""),
        })),
      );
      await device.answer(509);
      await sleep(person, store);
    }
    device.send({ op: "send", id: 2, mid: "first", ...saying("once") });
    expect(await device.answer(2)).toMatchObject({ op: "ok" });
    device.send({ op: "send", id: 3, mid: "first", ...saying("something else") });
    expect(await device.answer(3)).toMatchObject({ code: "mid_reused", retry: "no" });
    await phone.settle();
    const bodies = phone.inbox.flatMap((op) => (op.op === "message" ? [said(op)] : []));
    expect(bodies.filter((body) => body === "once")).toEqual([]);
  });

  it("that is kept may be repeated even when its text has expired", async () => {
    const { device, person, store } = await connected();
    const note = { op: "send", mid: "a", keep: true, ...saying("first") } as const;
    device.send({ ...note, id: 1 });
    await device.answer(1);
    device.send({ ...note, id: 2, ...saying("second") });
    expect(await device.answer(2)).toMatchObject({ code: "mid_reused" });
    await env.DB.prepare("UPDATE events SET body = NULL WHERE store_id = ?1")
      .bind(await storeId(person, store))
      .run();
    device.send({ ...note, id: 3 });
    expect(await device.answer(3)).toEqual({ op: "ack", id: 3, mid: "a", seq: 1 });
  });

  it("remembered by an earlier version of the hub is not taken for another one", async () => {
    const { device, person, store } = await connected();
    const hub = hubOf(env, await storeId(person, store));
    await runInDurableObject(hub, (_, { storage }) =>
      storage.put("mids:000000000000001:000000000", { at: Date.now(), names: ["laptop old"] }),
    );
    await sleep(person, store);
    device.send({ op: "send", id: 1, mid: "old", ...saying("once") });
    expect(await device.answer(1)).toMatchObject({ op: "ok" });
  });

  it("and presence tell who is here", async () => {
    const { relay, person, store, device } = await connected();
    await device.next("presence");
    const phone = await connect(relay, person, store, "phone");
    expect((await device.next("presence")).devices.map((d) => d.device)).toEqual([
      "laptop",
      "phone",
    ]);
    phone.send({ op: "presence", state: inBase64("editing") });
    expect((await device.next("presence")).devices[1]).toMatchObject({
      state: inBase64("editing"),
    });
    phone.socket.close(1000);
    expect((await device.next("presence")).devices.map((d) => d.device)).toEqual(["laptop"]);
  });
});
