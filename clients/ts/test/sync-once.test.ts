import { describe, expect, it } from "vitest";
import { commitFiles } from "../src/history/index.ts";
import { headOf, makeBlob, makeEntry, MemoryStorage } from "../src/store/index.ts";
import { Login, memoryVault, syncOnce, volatileMemory } from "../src/sync/index.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { TestDevice } from "./test-device.ts";

const me = () => ({ name: "Ada", email: "", timestamp: "2026-01-01T00:00:00.000Z" });

/** A program that syncs once, whenever it is called. */
async function program(relay: MemoryRelay, device: string) {
  const storage = new MemoryStorage();
  const world = relay.world();
  const login = new Login("http://127.0.0.1", world, memoryVault());
  await login.logIn("ada", "secret", device);
  const options = {
    ...{ login, world, store: "notes", device, storage, memory: volatileMemory(), merger: me },
  };
  const add = async (name: string, text: string) => {
    const blob = await makeBlob(new TextEncoder().encode(text));
    await storage.putBlob(blob);
    const files = (all: Map<string, ReturnType<typeof makeEntry>>) =>
      all.set(name, makeEntry(blob.hash));
    return (await commitFiles(storage, me(), `add ${name}`, files)).hash;
  };
  return { options, storage, login, add };
}

describe("a sync that is made once", () => {
  it("brings both sides into step, and leaves no connection", async () => {
    const relay = new MemoryRelay();
    const [a, b] = [await program(relay, "a"), await program(relay, "b")];
    const commit = await a.add("one", "1");
    expect(await syncOnce(a.options)).toEqual({ kind: "up-to-date" });
    expect(relay.main).toBe(commit);
    expect(await syncOnce(b.options)).toEqual({ kind: "up-to-date" });
    expect(await headOf(b.storage)).toBe(commit);
    expect(relay.sockets.size).toBe(0);
  });

  it("works every time a program is run that syncs before it writes", async () => {
    const relay = new MemoryRelay();
    for (const run of ["first", "second", "third"]) {
      const { options, add } = await program(relay, "program");
      expect(await syncOnce(options)).toEqual({ kind: "up-to-date" });
      const commit = await add("hello.txt", run);
      expect(await syncOnce(options)).toEqual({ kind: "up-to-date" });
      expect(relay.main).toBe(commit);
    }
  });

  it("says that histories are unrelated, and merges them where it is told to", async () => {
    const relay = new MemoryRelay();
    const [a, b] = [await program(relay, "a"), await program(relay, "b")];
    const ours = await a.add("one", "1");
    await syncOnce(a.options);
    const theirs = await b.add("two", "2");
    expect(await syncOnce(b.options)).toMatchObject({
      kind: "unrelated",
      ours: theirs,
      theirs: ours,
    });
    expect(await syncOnce({ ...b.options, unrelated: "merge" })).toEqual({ kind: "up-to-date" });
    expect(relay.main).toBe(await headOf(b.storage));
  });

  it("gives up after so many attempts, and says why", async () => {
    const relay = new MemoryRelay();
    const { options } = await program(relay, "a");
    relay.isDown = true;
    const outcome = await syncOnce({ ...options, attempts: 3 });
    expect(outcome).toMatchObject({ kind: "offline", problem: { code: "unreachable" } });
  });

  it("gives up when it is told to", async () => {
    const relay = new MemoryRelay();
    const { options } = await program(relay, "a");
    relay.isSilent = true;
    const stop = new AbortController();
    const outcome = syncOnce({ ...options, signal: stop.signal });
    stop.abort();
    expect(await outcome).toEqual({ kind: "offline" });
    expect(await syncOnce({ ...options, signal: AbortSignal.abort() })).toEqual({
      kind: "offline",
    });
  });

  it("stops where only the user can go on", async () => {
    const relay = new MemoryRelay();
    const { options, login } = await program(relay, "a");
    await login.logOut();
    expect(await syncOnce(options)).toMatchObject({ kind: "stopped", code: "signed_out" });
  });

  it("waits for no device that may have what is missing", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.at(relay, await a.write("one", "1"));
    await a.sync.stop();
    const [blob = ""] = [...relay.objects.keys()].filter((key) => key.startsWith("blob"));
    relay.objects.delete(blob);
    const { options } = await program(relay, "b");
    expect(await syncOnce(options)).toEqual({ kind: "waiting", missing: 1 });
  });
});
