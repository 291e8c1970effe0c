import { describe, expect, it } from "vitest";
import { CLOSE } from "../codes.ts";
import { Reconnecting, type ConnectionEnd } from "./reconnecting.ts";

const closed = (code: number, livedMs?: number): ConnectionEnd => ({
  kind: "closed",
  code,
  livedMs,
});
const cut = closed(CLOSE.abnormal);
const pauseOf = (reconnecting: Reconnecting, end: ConnectionEnd) => {
  const next = reconnecting.after(end);
  return next.kind === "retry" ? next.afterMs : next.phase;
};

describe("connecting again", () => {
  it("waits up to a limit that doubles, to half a minute", () => {
    const reconnecting = new Reconnecting(() => 1);
    const pauses = Array.from({ length: 8 }, () => pauseOf(reconnecting, cut));
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it("spreads over the whole time, so that many do not come at once", () => {
    const draws = [0, 0.25, 0.999];
    const reconnecting = new Reconnecting(() => draws.shift() ?? 0);
    const pauses = [1, 2, 3].map(() => pauseOf(reconnecting, cut));
    expect(pauses).toEqual([0, 250, 1_998]);
  });

  it("goes on waiting longer when the relay welcomes and closes at once", () => {
    const reconnecting = new Reconnecting(() => 1);
    const pauses = [20, 20, 20].map((lived) => pauseOf(reconnecting, closed(1011, lived)));
    expect(pauses).toEqual([500, 1_000, 2_000]);
  });

  it("begins anew after a connection that lived for half a minute", () => {
    const reconnecting = new Reconnecting(() => 1);
    pauseOf(reconnecting, cut);
    expect(pauseOf(reconnecting, closed(1012, 30_000))).toBe(500);
  });

  it("refreshes the token once, and gives up when that does not help", () => {
    const reconnecting = new Reconnecting(() => 0);
    expect(reconnecting.after(closed(CLOSE.reauth, 5))).toMatchObject({ first: "refresh" });
    expect(reconnecting.after(closed(CLOSE.reauth, 5))).toMatchObject({
      kind: "stop",
      phase: { code: "closed_4401" },
    });
  });

  it("refreshes once more for a connection that lived", () => {
    const reconnecting = new Reconnecting(() => 0);
    reconnecting.after(closed(CLOSE.reauth, 5));
    expect(reconnecting.after(closed(CLOSE.reauth, 900_000))).toMatchObject({ first: "refresh" });
  });

  it("asks why when a socket is refused more than once in a row", () => {
    const reconnecting = new Reconnecting(() => 0);
    expect(reconnecting.after(cut)).not.toHaveProperty("first");
    expect(reconnecting.after(cut)).toMatchObject({ first: "ask" });
    expect(reconnecting.after(closed(CLOSE.abnormal, 5))).not.toHaveProperty("first");
    expect(reconnecting.after(cut)).not.toHaveProperty("first");
  });

  it("waits as long as the relay asks for, and says why", () => {
    const problem = { status: 429, code: "too_many_requests", message: "", retryAfterSeconds: 7 };
    const next = new Reconnecting(() => 1).after({ kind: "refused", problem });
    expect(next).toEqual({ kind: "retry", afterMs: 7_000, problem });
  });

  it.each([400, 401, 403, 404, 426])("is of no use after a refusal with %i", (status) => {
    const problem = { status, code: "no", message: "" };
    const next = new Reconnecting(() => 1).after({ kind: "refused", problem });
    expect(next).toMatchObject({ kind: "stop", phase: { kind: "stopped", code: "no" } });
  });
});
