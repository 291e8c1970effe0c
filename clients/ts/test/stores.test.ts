import { describe, expect, it } from "vitest";
import { makeStore, syncOnce, volatileMemory, type SyncMemory } from "../src/sync/index.ts";
import { headOf } from "../src/store/index.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { relayProblem } from "./memory-relay/problem.ts";
import { TestDevice } from "./test-device.ts";

const stopped = (code: string) => ({ kind: "stopped", code });

/** A device that is in step with the store, which is then removed. */
async function removed() {
  const relay = new MemoryRelay();
  const memory = volatileMemory();
  const a = await new TestDevice(relay.world(), "a", { memory }).start();
  const commit = await a.write("f", "kept");
  await a.at(relay, commit);
  return { relay, memory, a, commit };
}

/** The same copy with a sync of its own, begun once. */
async function once(
  relay: MemoryRelay,
  from: TestDevice,
  memory: SyncMemory,
  makes?: "new" | "anew",
) {
  return syncOnce({
    ...{ login: from.login, world: relay.world(), store: "notes", device: from.name },
    ...{ storage: from.storage, memory, merger: () => ({ name: "a", email: "", timestamp: "" }) },
    ...(makes === undefined ? {} : { makes }),
  });
}

describe("a store that is not there", () => {
  it("is not made by a sync, which says so and is made to go on by whoever wants the store", async () => {
    const relay = new MemoryRelay();
    relay.remove();
    const a = new TestDevice(relay.world(), "a");
    const commit = await a.write("f", "first");
    await a.start();
    expect((await a.phase("stopped")).phase).toMatchObject(stopped("no_store"));
    expect(await a.sync.makeStore()).toBeUndefined();
    await a.at(relay, commit);
    await a.sync.stop();
  });

  it("is made once, and then told to be there", async () => {
    const relay = new MemoryRelay();
    relay.remove();
    const { login } = await new TestDevice(relay.world(), "a").start();
    const made = { id: 2, epoch: relay.epoch, made: true };
    expect(await makeStore(login, "notes")).toMatchObject({
      ok: true,
      value: { id: 2, made: true },
    });
    expect(await makeStore(login, "notes")).toMatchObject({
      ok: true,
      value: { ...made, epoch: relay.epoch, made: false },
    });
  });

  it("is not made where the user has too many, and it is told why", async () => {
    const relay = new MemoryRelay();
    relay.remove();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.phase("stopped");
    relay.intercept = (path) =>
      path === "/stores" ? relayProblem(409, "too_many_stores") : undefined;
    expect(await a.sync.makeStore()).toMatchObject({ code: "too_many_stores" });
    expect(a.sync.status.phase.kind).toBe("stopped");
    expect(await once(relay, a, volatileMemory(), "new")).toMatchObject({
      kind: "offline",
      problem: { code: "too_many_stores" },
    });
  });

  it("is made by a single sync that may, and by no other", async () => {
    const relay = new MemoryRelay();
    relay.remove();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.phase("stopped");
    const commit = await a.write("f", "first");
    const memory = volatileMemory();
    expect(await once(relay, a, memory)).toMatchObject(stopped("no_store"));
    expect(await once(relay, a, memory, "new")).toEqual({ kind: "up-to-date" });
    expect(relay.main).toBe(commit);
    expect(await memory.load()).toMatchObject({ store: 2 });
  });
});

describe("a store that was removed", () => {
  it("stops a device that is connected, and keeps what is there", async () => {
    const { relay, a, commit } = await removed();
    relay.remove();
    expect((await a.phase("stopped")).phase).toMatchObject(stopped("store_removed"));
    expect(await headOf(a.storage)).toBe(commit);
    expect(relay.main).toBe(commit);
  });

  it("is told to a device that slept meanwhile, also when another one of its name was made", async () => {
    const { relay, memory, a } = await removed();
    await a.sync.stop();
    relay.remove();
    a.sync.start();
    expect((await a.phase("stopped")).phase).toMatchObject(stopped("store_removed"));
    relay.make();
    expect(await once(relay, a, memory)).toMatchObject(stopped("store_removed"));
    expect(await once(relay, a, memory, "new")).toMatchObject(stopped("store_removed"));
    expect(relay.main).toBeNull();
  });

  it("is made anew from what is here when the user wants that", async () => {
    const { relay, a, commit } = await removed();
    relay.remove();
    await a.phase("stopped");
    expect(await a.sync.makeStore()).toBeUndefined();
    await a.at(relay, commit);
    await a.sync.stop();
    const b = await new TestDevice(relay.world(), "b").start();
    await b.at(relay, commit);
    expect(await b.files()).toEqual({ f: "kept" });
    await b.sync.stop();
  });

  it("is made anew by a single sync that may", async () => {
    const { relay, memory, a, commit } = await removed();
    await a.sync.stop();
    relay.remove();
    expect(await once(relay, a, memory, "anew")).toEqual({ kind: "up-to-date" });
    expect(relay.main).toBe(commit);
    expect(await memory.load()).toMatchObject({ store: 2 });
  });
});
