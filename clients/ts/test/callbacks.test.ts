import { describe, expect, it } from "vitest";
import { headOf, MemoryStorage } from "../src/store/index.ts";
import { Sync, volatileMemory, type SyncOptions } from "../src/sync/index.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { TestDevice } from "./test-device.ts";

const broken = new Error("disk");

/** Fails to read blobs, when it is told to. */
function fragileStorage() {
  const storage = new MemoryStorage();
  const disk = { isBroken: false };
  const getBlob: MemoryStorage["getBlob"] = (hash) =>
    disk.isBroken ? Promise.reject(broken) : storage.getBlob(hash);
  return {
    disk,
    storage: new Proxy(storage, {
      get: (of, name) => (name === "getBlob" ? getBlob : bound(of, name)),
    }),
  };
}

/** A member as it is, methods with their object. */
function bound(of: object, name: string | symbol): unknown {
  const member: unknown = Reflect.get(of, name);
  return typeof member === "function" ? (member.bind(of) as unknown) : member;
}

/** A sync with callbacks of its own beside a device that has pushed one commit. */
async function beside(own: (faults: unknown[]) => Partial<SyncOptions>) {
  const relay = new MemoryRelay();
  const a = await new TestDevice(relay.world(), "a").start();
  const commit = await a.write("one", "1");
  await a.at(relay, commit);
  const faults: unknown[] = [];
  const { disk, storage } = fragileStorage();
  relay.received.length = 0;
  const sync = new Sync({
    ...{ login: a.login, world: relay.world(), store: "notes", device: "x", storage },
    ...{ memory: volatileMemory(), merger: () => ({ name: "", email: "", timestamp: "" }) },
    onFault: (error) => faults.push(error),
    ...own(faults),
  });
  sync.start();
  const arrived = async (wanted: string) => {
    while (sync.status.phase.kind !== "up-to-date" || (await headOf(storage)) !== wanted)
      await new Promise((resolve) => setImmediate(resolve));
  };
  await arrived(commit);
  const stop = () => Promise.all([sync.stop(), a.sync.stop()]);
  return { relay, a, faults, arrived, stop, disk };
}
const bug = new Error("bug in my render");
const fail = () => {
  throw bug;
};

describe("a callback that throws", () => {
  it.each([
    ["onStatus", () => ({ onStatus: fail })],
    ["onHeadMoved", () => ({ onHeadMoved: fail })],
    ["onStatus, later", () => ({ onStatus: () => Promise.reject(bug) })],
  ])("is told, and changes nothing else: %s", async (_, own) => {
    const { relay, a, faults, arrived, stop } = await beside(own);
    await arrived(await a.write("two", "2"));
    expect(faults.length).toBeGreaterThan(0);
    expect(new Set(faults)).toEqual(new Set([bug]));
    expect(relay.received.filter((op) => op === "hello")).toHaveLength(1);
    await stop();
  });

  it("may be the one that is told, too", async () => {
    const { a, arrived, stop } = await beside(() => ({ onStatus: fail, onFault: () => undefined }));
    await arrived(await a.write("two", "2"));
    await stop();
  });
});

describe("what is asked for on the side", () => {
  it("tells when it fails, and the sync goes on", async () => {
    const { relay, a, faults, arrived, stop, disk } = await beside(() => ({}));
    disk.isBroken = true;
    const [blob = ""] = [...relay.objects.keys()].filter((key) => key.startsWith("blob"));
    relay.objects.delete(blob);
    await a.sync.stop();
    const c = await new TestDevice(relay.world(), "c").start();
    await c.phase("waiting");
    while (faults.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(faults).toEqual([broken]);
    disk.isBroken = false;
    await c.sync.stop();
    a.sync.start();
    await arrived(await a.write("two", "2"));
    await stop();
  });
});

describe("a device that waits for objects", () => {
  it("does not fetch all again when others come and go, and gets them when they are put", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    for (const n of ["1", "2", "3", "4", "5"]) await a.at(relay, await a.write(n, n));
    const [gone = ""] = [...relay.objects.keys()].filter((key) => key.startsWith("blob"));
    await a.sync.stop();
    relay.objects.delete(gone);
    const b = await new TestDevice(relay.world(), "b").start();
    await b.phase("waiting");
    relay.received.length = 0;
    for (const name of ["c", "d", "e"]) {
      const strangers = relay.received.filter((op) => op === "need").length;
      const other = relay.world().openSocket("ws://relay", ["gbr.v1"], {});
      other.addEventListener("open", () => {
        other.send(JSON.stringify([{ op: "hello", proto: 1, device: name }]));
      });
      while (relay.received.filter((op) => op === "need").length === strangers)
        await new Promise((resolve) => setImmediate(resolve));
      other.close();
    }
    const asked = relay.received.filter((op) => op === "fetch" || op === "get");
    expect(asked).toEqual(["get", "get", "get"]);
    a.sync.start();
    await b.at(relay, relay.main ?? "");
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });
});

describe("a page of missed events that is refused for good", () => {
  it("ends the connection, with the reason in the status", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b").start();
    await a.at(relay, await a.write("0", "0"));
    await b.at(relay, relay.main ?? "");
    await b.sync.stop();
    relay.pageSize = 1;
    for (const n of ["1", "2", "3"]) await a.at(relay, await a.write(n, n));
    relay.refuse = (op) => (op.op === "pull" ? "bad_next" : undefined);
    b.sync.start();
    const { phase } = await b.until(({ phase: now }) => now.kind === "offline" && "problem" in now);
    expect(phase).toMatchObject({ problem: { code: "closed_1011", then: "wait" } });
    relay.refuse = () => undefined;
    await b.at(relay, relay.main ?? "");
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });
});
