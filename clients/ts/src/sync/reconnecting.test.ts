import { describe, expect, it } from "vitest";
import { Reconnecting, type ConnectionEnd } from "./reconnecting.ts";
import { backoffMs } from "./surroundings.ts";

const closed = (code: number, livedMs?: number): ConnectionEnd => ({
  kind: "closed",
  code,
  livedMs,
});
const refused = (code: string, retryAfterSeconds?: number): ConnectionEnd => ({
  kind: "refused",
  problem: {
    status: 503,
    code,
    message: "no",
    then: "wait",
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  },
});
/** The longest pauses: what chance takes away is tested for itself. */
const patient = () => new Reconnecting(() => 1);
const pauseOf = (next: ReturnType<Reconnecting["after"]>) =>
  next.kind === "retry" ? next.afterMs : next.kind;

describe("the pause before another attempt", () => {
  it("has a limit that doubles from half a second, and ends at thirty", () => {
    const limits = Array.from({ length: 9 }, (_, attempt) => backoffMs(attempt, () => 1));
    expect(limits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(backoffMs(5_000, () => 1)).toBe(30_000);
  });

  it("is any time up to the limit, so that devices do not come back together", () => {
    expect(backoffMs(3, () => 0)).toBe(0);
    expect(backoffMs(3, () => 0.25)).toBe(1_000);
    expect(backoffMs(9, () => 0.5)).toBe(15_000);
  });
});

describe("reconnecting", () => {
  it("waits longer after each connection that did not last", () => {
    const reconnecting = patient();
    const pauses = [1, 2, 3].map(() => pauseOf(reconnecting.after(closed(1006, 29_999))));
    expect(pauses).toEqual([500, 1_000, 2_000]);
  });

  it("begins anew after a connection that lasted half a minute", () => {
    const reconnecting = patient();
    for (let n = 0; n < 5; n++) reconnecting.after(closed(1006, 0));
    expect(pauseOf(reconnecting.after(closed(1006, 30_000)))).toBe(500);
  });

  it("waits its own pause behind the one that the relay asked for, so that not all come at once", () => {
    const reconnecting = patient();
    expect(pauseOf(reconnecting.after(refused("busy", 7)))).toBe(7_500);
    for (let n = 0; n < 5; n++) reconnecting.after(refused("busy"));
    expect(pauseOf(reconnecting.after(refused("busy", 7)))).toBe(37_000);
  });

  it("says why it was refused while it waits", () => {
    expect(patient().after(refused("busy"))).toMatchObject({ problem: { code: "busy" } });
  });

  it("asks for the reason from the second socket on that was not welcomed", () => {
    const reconnecting = patient();
    expect(reconnecting.after(closed(1006))).toEqual({ kind: "retry", afterMs: 500 });
    expect(reconnecting.after(closed(1006))).toMatchObject({ first: "ask" });
    expect(reconnecting.after(closed(1006))).toMatchObject({ first: "ask" });
    expect(reconnecting.after(closed(1006, 0))).not.toHaveProperty("first");
    expect(reconnecting.after(closed(1006))).not.toHaveProperty("first");
  });

  it("tries a fresh token once, and stops when that did not help", () => {
    const reconnecting = patient();
    expect(reconnecting.after(closed(4401, 0))).toMatchObject({ kind: "retry", first: "refresh" });
    expect(reconnecting.after(closed(4401, 0))).toMatchObject({
      kind: "stop",
      phase: { kind: "stopped", code: "closed_4401" },
    });
  });

  it("tries a fresh token again after a connection that lasted", () => {
    const reconnecting = patient();
    reconnecting.after(closed(4401, 0));
    expect(reconnecting.after(closed(4401, 30_000))).toMatchObject({ first: "refresh" });
  });

  it.each([1009, 4400, 4403, 4406, 4408, 4409, 4413, 4429])(
    "does not come back after a close with %i",
    (code) => {
      expect(patient().after(closed(code, 60_000))).toMatchObject({
        kind: "stop",
        phase: { code: `closed_${code}` },
      });
    },
  );

  it("stops where something broke that is neither the relay nor the network", () => {
    const phase = { kind: "stopped", code: "storage_blocked", message: "no" } as const;
    expect(patient().after({ kind: "broken", phase })).toEqual({ kind: "stop", phase });
  });
});
