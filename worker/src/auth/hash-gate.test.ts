import { describe, expect, it } from "vitest";
import type { Call } from "../http/route.ts";
import { createHashGate, maxPending } from "./hash-gate.ts";

/** What the gate sees of calls: their clock, and what may go on after the answer. */
function calls() {
  const time = { now: 1_000 };
  const deferred: Promise<unknown>[] = [];
  const call = {
    world: { now: () => time.now },
    defer: (work: Promise<unknown>) => deferred.push(work),
  } as unknown as Call;
  return { time, deferred, call };
}

const endless = () => new Promise<never>(() => undefined);
const busy = expect.objectContaining({ code: "busy" }) as Error;

describe("the gate before password hashes", () => {
  it("gives what the work gives, and its place back", async () => {
    const { call } = calls();
    const gate = createHashGate();
    for (let n = 0; n < maxPending + 1; n += 1) {
      expect(await gate.admit(call, (run) => run(() => n))).toBe(n);
    }
  });

  it("admits four at a time and tells the fifth at once to come again", async () => {
    const { call } = calls();
    const gate = createHashGate();
    for (let n = 0; n < 4; n += 1) void gate.admit(call, endless);
    await expect(gate.admit(call, endless)).rejects.toEqual(busy);
  });

  it("gives a place back when the work fails", async () => {
    const { call } = calls();
    const gate = createHashGate();
    const broken = () => Promise.reject(new Error("broken"));
    for (let n = 0; n < 5; n += 1) await expect(gate.admit(call, broken)).rejects.toThrow("broken");
  });

  it("takes a place back that was held for thirty seconds", async () => {
    const { call, time } = calls();
    const gate = createHashGate();
    for (let n = 0; n < 4; n += 1) void gate.admit(call, endless);
    time.now += 29_999;
    await expect(gate.admit(call, endless)).rejects.toEqual(busy);
    time.now += 1;
    expect(await gate.admit(call, () => Promise.resolve("in"))).toBe("in");
  });

  it("lets the work end, and its failure harm nobody, when the caller hung up", async () => {
    const { call, deferred } = calls();
    const gate = createHashGate();
    await expect(gate.admit(call, () => Promise.reject(new Error("x")))).rejects.toThrow("x");
    expect(deferred).toHaveLength(1);
    await expect(deferred[0]).resolves.toBeUndefined();
  });

  it("answers others before a hash blocks the isolate", async () => {
    const { call } = calls();
    const order: string[] = [];
    const hashing = createHashGate().admit(call, (run) => run(() => order.push("hash")));
    await Promise.resolve();
    order.push("other");
    await hashing;
    expect(order).toEqual(["other", "hash"]);
  });
});
