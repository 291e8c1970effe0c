import { LIMITS, type Push } from "@gitblobs/protocol";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { connect, object, startStory } from "./device.ts";
import { storeId } from "./hub-inside.ts";
import { ask } from "./people.ts";

const { hash } = object("noted");
const longest = btoa("x".repeat(LIMITS.noteBytes));
const push = (id: number, ref: string, note?: string): Push => ({
  ...{ op: "push", id, mid: `m${id}`, ref, old: null, new: hash },
  ...(note === undefined ? {} : { note }),
});

describe("a note", () => {
  it("of a push is told over HTTP, and counts in the quota", async () => {
    const { relay, person, store } = await startStory();
    const token = person.access;
    const body = { mid: "m", ref: "main", old: null, new: hash, note: longest };
    expect((await ask(relay, "POST", `/sync/${store}/push`, { token, body })).status).toBe(200);
    const { epoch } = (await ask(relay, "GET", `/sync/${store}`, { token })).body;
    const place = `after=0&epoch=${String(epoch)}`;
    const events = await ask(relay, "GET", `/sync/${store}/events?${place}`, { token });
    expect(events.body).toMatchObject({ items: [{ seq: 1, note: longest }] });
    const used = await env.DB.prepare("SELECT bytes FROM stores WHERE id = ?1")
      .bind(await storeId(person, store))
      .first<number>("bytes");
    expect(used).toBeGreaterThan(256 + longest.length);
  });

  it("of each of as many refs as may have one fits into a welcome; one more is refused", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    await laptop.next("welcome");
    const ref = (n: number) => `ref-${String(n).padStart(124, "0")}`;
    for (let n = 1; n <= LIMITS.refsPerStore; n++) {
      laptop.send(push(n, ref(n), n <= LIMITS.notedRefsPerStore ? longest : undefined));
      await laptop.answer(n);
    }
    const one = { ...push(1000, ref(200), longest), old: hash };
    laptop.send(one);
    expect(await laptop.answer(1000)).toMatchObject({ code: "too_many", retry: "no" });
    // A ref that has one may get another, and makes room when it is pushed without.
    laptop.send({ ...push(1001, ref(1), "AAAA"), old: hash }, { ...push(1002, ref(1)), old: hash });
    expect(await laptop.answer(1002)).toMatchObject({ op: "ack" });
    laptop.send({ ...one, id: 1003 });
    expect(await laptop.answer(1003)).toMatchObject({ op: "ack" });
    const phone = await connect(relay, person, store, "phone");
    const { refs } = await phone.next("welcome");
    expect(refs).toHaveLength(LIMITS.refsPerStore);
    expect(refs.filter((one) => one[2] === longest)).toHaveLength(LIMITS.notedRefsPerStore);
  });

  it("of many events goes on pages that fit a frame", async () => {
    const { relay, person, store } = await startStory();
    const laptop = await connect(relay, person, store, "laptop");
    await laptop.next("welcome");
    let old: string | null = null;
    for (let n = 1; n <= 250; n++) {
      const next = object(String(n)).hash;
      laptop.send({ ...push(n, "main", longest), old, new: next });
      old = next;
    }
    expect(await laptop.answer(250)).toMatchObject({ seq: 250 });
    laptop.send({ op: "pull", id: 500, after: 0, limit: 500 });
    const first = await laptop.answer(500);
    if (first.op !== "events") throw new Error(first.op);
    expect(first.more).toBe(true);
    const after = first.items.length;
    expect(after).toBeGreaterThan(150);
    laptop.send({ op: "pull", id: 501, after, limit: 500 });
    expect(await laptop.answer(501)).toMatchObject({ more: false });
  });
});
