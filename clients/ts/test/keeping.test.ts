import { describe, expect, it } from "vitest";
import { MemoryRelay } from "./memory-relay.ts";
import { settled, TestDevice } from "./test-device.ts";

/** A relay with one push of a minute ago less what is left. */
async function pushedTo(leftMs: number) {
  const relay = new MemoryRelay();
  const a = await new TestDevice(relay.world(), "a").start();
  await a.write("one", "1");
  await settled(a, relay);
  await a.sync.stop();
  relay.advance(60_000 - leftMs);
  relay.received.length = 0;
  return relay;
}

describe("what was pushed", () => {
  it("is renewed by whoever comes when half of its time has passed", async () => {
    const relay = await pushedTo(29_000);
    const b = await new TestDevice(relay.world(), "b").start();
    await b.phase("up-to-date");
    await expect.poll(() => relay.received).toContain("renew");
    await expect.poll(() => b.sync.status.keptUntil).toBe(relay.world().now() + 60_000);
    await b.sync.stop();
  });

  it("is not renewed before, and the status tells until when it is kept", async () => {
    const relay = await pushedTo(50_000);
    const b = await new TestDevice(relay.world(), "b").start();
    await b.phase("up-to-date");
    expect(relay.received).toEqual(["hello", "fetch"]);
    expect(b.sync.status.keptUntil).toBe(relay.world().now() + 50_000);
    await b.sync.stop();
  });

  it("is asked to be renewed again later where the relay refuses", async () => {
    const relay = await pushedTo(0);
    let refused = 0;
    relay.refuse = (op) => (op.op === "renew" && refused++ === 0 ? "unavailable" : undefined);
    const own = {
      wait: async (ms: number, signal: AbortSignal) => {
        if (ms === 30_000 && refused === 1) return;
        await relay.world().wait(ms, signal);
      },
    };
    const b = await new TestDevice(relay.world(own), "b").start();
    await expect.poll(() => relay.received.filter((op) => op === "renew").length).toBe(2);
    await b.phase("up-to-date");
    await b.sync.stop();
  });
});
