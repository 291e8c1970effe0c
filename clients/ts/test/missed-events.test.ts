import { describe, expect, it } from "vitest";
import { volatileMemory, type SyncMemory } from "../src/sync/index.ts";
import { headOf } from "../src/store/index.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { settled, TestDevice } from "./test-device.ts";

/** Two devices at the same commit; b is stopped, and has events to miss. */
async function oneAway() {
  const relay = new MemoryRelay();
  const a = await new TestDevice(relay.world(), "a").start();
  const kept = volatileMemory();
  /** What happens while b is about to end a round. */
  const late = { happens: () => Promise.resolve() };
  const memory: SyncMemory = {
    ...kept,
    save: async (cursor) => {
      await kept.save(cursor);
      await late.happens();
    },
  };
  const b = await new TestDevice(relay.world(), "b", { memory }).start();
  await a.at(relay, await a.write("0", "0"));
  await settled(b, relay);
  await b.sync.stop();
  b.statuses.length = 0;
  return { relay, a, b, late, stop: () => Promise.all([a.sync.stop(), b.sync.stop()]) };
}

describe("a device that comes back", () => {
  it.each(["reading", "sending"] as const)(
    "has what was pushed between its welcome and the %s of its page",
    async (moment) => {
      const { relay, a, b, stop } = await oneAway();
      relay.gate.hold(moment);
      b.sync.start();
      await relay.gate.reached;
      await b.phase("up-to-date");
      const second = await a.write("1", "1");
      await a.at(relay, second);
      relay.gate.release();
      await b.at(relay, second);
      expect(await headOf(b.storage)).toBe(second);
      const third = await a.write("2", "2");
      await b.at(relay, third);
      await stop();
    },
  );

  it("is not up to date any more once a pong names what the page has still to bring", async () => {
    const { relay, a, b, stop } = await oneAway();
    relay.gate.hold("sending");
    b.sync.start();
    await relay.gate.reached;
    await b.phase("up-to-date");
    const second = await a.write("1", "1");
    await a.at(relay, second);
    b.statuses.length = 0;
    for (const socket of relay.sockets) socket.pong();
    await b.phase("syncing");
    expect(relay.received.filter((op) => op === "hello")).toHaveLength(3);
    relay.gate.release();
    await b.at(relay, second);
    expect(await headOf(b.storage)).toBe(second);
    await stop();
  });

  it("asks again for a page that was refused for the moment, and is live after it", async () => {
    const { relay, a, b, stop } = await oneAway();
    relay.pageSize = 2;
    for (const n of ["1", "2", "3", "4", "5"]) await a.at(relay, await a.write(n, n));
    relay.received.length = 0;
    let refused = 0;
    relay.refuse = (op) => (op.op === "pull" && refused++ === 0 ? "unavailable" : undefined);
    b.sync.start();
    await settled(b, relay);
    await b.at(relay, await a.write("6", "6"));
    expect(relay.received.filter((op) => op === "pull")).toHaveLength(3);
    await stop();
  });

  it("connects anew when its page cannot be read, or is refused for good", async () => {
    const { relay, a, b, stop } = await oneAway();
    relay.pageSize = 1;
    for (const n of ["1", "2", "3"]) await a.at(relay, await a.write(n, n));
    relay.failing.page = 1;
    let refused = 0;
    relay.refuse = (op) => (op.op === "pull" && refused++ === 0 ? "internal" : undefined);
    b.sync.start();
    await b.at(relay, await a.write("4", "4"));
    expect(relay.received.filter((op) => op === "hello").length).toBeGreaterThan(3);
    await stop();
  });

  it("does not say that it has everything while it knows of a newer commit", async () => {
    const { relay, a, b, late, stop } = await oneAway();
    b.sync.start();
    await b.phase("up-to-date");
    let last = "";
    late.happens = async () => {
      late.happens = () => Promise.resolve();
      last = await a.write("2", "2");
      await b.until(({ remoteHead }) => remoteHead === last);
    };
    b.statuses.length = 0;
    await a.write("1", "1");
    await b.until(({ phase, remoteHead }) => phase.kind === "up-to-date" && remoteHead === last);
    const said = b.statuses.filter(({ phase }) => phase.kind === "up-to-date");
    expect(said.map(({ remoteHead, behind }) => [remoteHead, behind])).toEqual([[last, 0]]);
    expect(await headOf(b.storage)).toBe(last);
    expect(relay.main).toBe(last);
    await stop();
  });
});
