import { describe, expect, it } from "vitest";
import { connect, object } from "./device.ts";
import { connected } from "./objects-story.ts";
import { ask } from "./people.ts";

const pull = (id: number) => ({ op: "pull", id, after: 0, limit: 500 }) as const;

describe("what is done for a user", () => {
  it("is told with the other limits", async () => {
    const { relay, person, store } = await connected({ FLOOD_ROWS_PER_SECOND: "70000" });
    const phone = await connect(relay, person, store, "phone");
    expect((await phone.next("welcome")).limits).toMatchObject({
      held_bytes: 25_165_824,
      statements_per_second: 2_000,
      rows_per_second: 70_000,
      answered_bytes_per_second: 33_554_432,
    });
  });

  it.each([
    ["rows", { FLOOD_ROWS_PER_SECOND: "3" }],
    ["statements", { FLOOD_STATEMENTS_PER_SECOND: "1" }],
  ])(
    "is bounded in %s, on the socket and over HTTP alike, and nobody else waits",
    async (_, rates) => {
      const { relay, person, store, device } = await connected(rates);
      // It takes several seconds' worth.
      device.send({ op: "push", id: 1, mid: "m", ref: "main", old: null, new: object("x").hash });
      expect(await device.answer(1)).toMatchObject({ op: "ack" });
      device.send(pull(2));
      const { id, code, retry_after_ms } = await device.next("error");
      expect([id, code]).toEqual([undefined, "flood"]);
      expect(retry_after_ms).toBeGreaterThan(1_000);
      const token = person.access;
      const events = await ask(relay, "GET", `/sync/${store}/events?after=0&epoch=x`, { token });
      expect(events).toMatchObject({ status: 429, body: { code: "too_many_requests" } });
      expect(Number(events.headers.get("retry-after"))).toBeGreaterThan(0);
      const victim = await connected();
      victim.device.send(pull(1));
      expect(await victim.device.answer(1)).toMatchObject({ op: "events" });
    },
  );

  it("is bounded in bytes answered: of many reads in one frame those are refused that are too much", async () => {
    const { device } = await connected({ FLOOD_ANSWERED_BYTES_PER_SECOND: "250" });
    const blob = object("head");
    device.send({ op: "push", id: 1, mid: "m", ref: "main", old: null, new: blob.hash });
    await device.answer(1);
    device.send(...Array.from({ length: 16 }, (_, id) => pull(10 + id)));
    const answers = [];
    for (let id = 10; id < 26; id++) answers.push(await device.answer(id));
    const refused = answers.filter(({ op }) => op === "error");
    expect(answers[0]).toMatchObject({ op: "events" });
    // Each is about 350 bytes, and 1,000 are there at first.
    expect(refused.length).toBeGreaterThan(8);
    expect(refused[0]).toMatchObject({ code: "flood", retry: "after" });
    expect(refused[0]).toHaveProperty("retry_after_ms");
  });
});
