import { describe, expect, it } from "vitest";
import { volatileMemory, type SyncMemory } from "../src/sync/index.ts";
import { isAncestor } from "../src/history/index.ts";
import { compactBackup, importPack } from "../src/pack/index.ts";
import { asReplica, headOf } from "../src/store/index.ts";
import { relayProblem } from "./memory-relay/problem.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { PlainStorage } from "./original-storage.ts";
import { settled, TestDevice } from "./test-device.ts";

describe("a sync", () => {
  it("pushes what is new, and another device has it without asking", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b").start();
    await b.phase("up-to-date");
    const commit = await a.write("hello.txt", "hello");
    await Promise.all([a.at(relay, commit), b.at(relay, commit)]);
    expect(await b.files()).toEqual({ "hello.txt": "hello" });
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("catches a new device up in one round trip", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    for (const n of [1, 2, 3]) await a.write(`file-${n}`, `text ${n}`);
    await settled(a, relay);
    relay.received.length = 0;
    const b = await new TestDevice(relay.world(), "b").start();
    await b.phase("up-to-date");
    expect(relay.received).toEqual(["hello", "fetch"]);
    expect(await b.files()).toEqual(await a.files());
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("resumes after its last event and fetches what it missed alone", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b").start();
    await a.write("one", "1");
    await settled(a, relay);
    await settled(b, relay);
    await b.sync.stop();
    const commit = await a.write("two", "2");
    await a.at(relay, commit);
    const fetched: number[] = [];
    relay.refuse = (op) => {
      if (op.op === "fetch") fetched.push(op.after);
      return undefined;
    };
    b.sync.start();
    await b.at(relay, commit);
    expect(fetched).toEqual([1]);
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("reads all pages of the events it missed, so that live ones begin", async () => {
    const relay = new MemoryRelay();
    relay.pageSize = 2;
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b").start();
    await a.at(relay, await a.write("0", "0"));
    await settled(b, relay);
    await b.sync.stop();
    for (const n of ["1", "2", "3", "4", "5"]) await a.at(relay, await a.write(n, n));
    relay.received.length = 0;
    b.sync.start();
    await settled(b, relay);
    expect(relay.received.filter((op) => op === "pull")).toHaveLength(2);
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("merges what two devices did offline, with both as parents, and all converge", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b").start();
    await a.write("base", "base");
    await settled(a, relay);
    await settled(b, relay);
    await Promise.all([a.sync.stop(), b.sync.stop()]);
    const ours = await a.write("from-a", "a");
    const theirs = await b.write("from-b", "b");
    a.sync.start();
    await settled(a, relay);
    b.sync.start();
    await b.until(({ phase, remoteHead }) => phase.kind === "up-to-date" && remoteHead !== ours);
    const head = (await headOf(b.storage)) ?? "";
    await a.at(relay, head);
    expect(await isAncestor(a.storage, ours, head)).toBe(true);
    expect(await isAncestor(a.storage, theirs, head)).toBe(true);
    expect(await a.files()).toEqual({ base: "base", "from-a": "a", "from-b": "b" });
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("reconnects when it is cut, and loses nothing", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.phase("up-to-date");
    relay.isDown = true;
    relay.cut();
    await a.phase("offline");
    const commit = await a.write("offline.txt", "kept");
    relay.isDown = false;
    await a.at(relay, commit);
    await a.sync.stop();
  });

  it("is cut after every operation in turn and still ends with everything there, once", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.phase("up-to-date");
    for (let cutAt = 1; cutAt < 8; cutAt++) {
      let seen = 0;
      relay.refuse = () => {
        if (++seen === cutAt) relay.cut(1012);
        return undefined;
      };
      const commit = await a.write(`file-${cutAt}`, "text");
      await a.at(relay, commit);
    }
    expect(relay.events).toHaveLength(7);
    expect(Object.keys(await a.files())).toHaveLength(7);
    await a.sync.stop();
  });

  it("tells from the welcome on how far behind it is, and who else is there", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b").start();
    await a.at(relay, await a.write("0", "0"));
    await settled(b, relay);
    await b.until(({ devices }) => devices.map(({ device }) => device).join() === "a,b");
    await b.sync.stop();
    expect(b.sync.status.devices).toEqual([]);
    await a.until(({ devices }) => devices.map(({ device }) => device).join() === "a");
    for (const n of ["1", "2", "3"]) await a.at(relay, await a.write(n, n));
    b.statuses.length = 0;
    b.sync.start();
    await settled(b, relay);
    await b.phase("up-to-date");
    expect(b.statuses.map(({ behind }) => behind).filter((n, i, all) => n !== all[i - 1])).toEqual([
      0, 3, 0,
    ]);
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("tells how much of a transfer is done", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.phase("up-to-date");
    const commit = await a.write("f", "text");
    await a.at(relay, commit);
    const sent = a.statuses.flatMap(({ progress }) => (progress ? [progress] : []));
    expect(sent).toEqual([{ done: 3, total: 3 }]);
    const b = await new TestDevice(relay.world(), "b").start();
    await b.at(relay, commit);
    const received = b.statuses.flatMap(({ progress }) => (progress ? [progress.done] : []));
    expect(received).toEqual([1, 2, 3]);
    expect(b.sync.status.progress).toBeUndefined();
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("does not take an older head for the newest when another device pushes right behind it", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    // b is slow to remember what its push led to; a pushes meanwhile.
    const kept = volatileMemory();
    let whileSaving = () => Promise.resolve();
    const slow: SyncMemory = {
      ...kept,
      save: async (cursor) => {
        await kept.save(cursor);
        await whileSaving();
      },
    };
    const b = await new TestDevice(relay.world(), "b", { memory: slow }).start();
    await Promise.all([a.phase("up-to-date"), b.phase("up-to-date")]);
    let theirs = "";
    whileSaving = async () => {
      if (relay.events.length !== 1 || theirs !== "") return;
      theirs = "soon";
      await a.phase("up-to-date");
      await settled(a, relay);
      theirs = await a.write("from-a", "a");
      await a.at(relay, theirs);
      await b.until(({ remoteHead }) => remoteHead === theirs);
    };
    await b.write("from-b", "b");
    await b.until(({ phase }) => phase.kind === "up-to-date" && relay.main === theirs);
    await settled(b, relay);
    expect(Object.keys(await b.files()).sort()).toEqual(["from-a", "from-b"]);
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("is not cut by a pong that came behind the events it knows of", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b").start();
    await Promise.all([a.phase("up-to-date"), b.phase("up-to-date")]);
    b.statuses.length = 0;
    relay.pongBehindEvents = true;
    const commit = await a.write("f", "text");
    await Promise.all([a.at(relay, commit), b.at(relay, commit)]);
    expect(b.statuses.map(({ phase }) => phase.kind)).not.toContain("offline");
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("connects anew when a pong knows of events that never came", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b").start();
    await Promise.all([a.phase("up-to-date"), b.phase("up-to-date")]);
    relay.losesEvents = true;
    const commit = await a.write("f", "text");
    await a.at(relay, commit);
    expect(b.sync.status.phase.kind).toBe("up-to-date");
    relay.losesEvents = false;
    for (const socket of relay.sockets) socket.pong();
    await b.phase("offline");
    await b.at(relay, commit);
    expect(a.sync.status.phase.kind).toBe("up-to-date");
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("renews its connection with a fresh token before the old one ends", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.phase("up-to-date");
    a.statuses.length = 0;
    for (const socket of relay.sockets) socket.tell({ op: "auth_soon", expires_at: 1 });
    await relay.renewed;
    expect(relay.tokens).toEqual(["access-2"]);
    expect(a.statuses).toEqual([]);
    await a.sync.stop();
  });

  it("sends an object larger than a frame in chunks, and receives it in parts", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b").start();
    const text = "0123456789".repeat(250_000);
    const commit = await a.write("large", text);
    await Promise.all([a.at(relay, commit), b.at(relay, commit)]);
    expect((await b.files())["large"]).toBe(text);
    expect(relay.received.filter((op) => op === "chunk")).toHaveLength(3);
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("asks the other devices for what the relay no longer has", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const commit = await a.write("f", "text");
    await a.at(relay, commit);
    relay.objects.clear();
    const b = await new TestDevice(relay.world(), "b").start();
    await b.phase("waiting");
    await b.at(relay, commit);
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("asks once more for what nobody had when another device comes", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const commit = await a.write("f", "text");
    await a.at(relay, commit);
    await a.sync.stop();
    relay.objects.clear();
    const b = await new TestDevice(relay.world(), "b").start();
    await b.phase("waiting");
    a.sync.start();
    await b.at(relay, commit);
    expect(await b.files()).toEqual({ f: "text" });
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("replaces the commit of a compact backup by the whole one, with all its history", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const first = await a.write("f", "1");
    const last = await a.write("f", "2");
    await a.at(relay, last);
    // As an original client has it after importing one: the commit without its parents, under the real hash.
    const { blobs, trees, commits } = await compactBackup(a.storage, new Date(0));
    const b = new TestDevice(relay.world(), "b", { storage: new PlainStorage() });
    await asReplica(b.storage).putAll([...blobs, ...trees, ...commits]);
    await b.storage.setHead({ type: "commit", value: last });
    await b.start();
    await b.at(relay, last);
    expect(await isAncestor(b.storage, first, last)).toBe(true);
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("of an imported compact backup ends with the whole history of the store it came from", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const first = await a.write("f", "1");
    const last = await a.write("f", "2");
    await a.at(relay, last);
    const b = new TestDevice(relay.world(), "b");
    const { commit } = await importPack(b.storage, await compactBackup(a.storage, new Date(0)));
    await b.storage.setHead({ type: "commit", value: commit });
    await b.start();
    await b.phase("unrelated");
    b.sync.chooseUnrelated("merge");
    await b.phase("up-to-date");
    await settled(b, relay);
    const head = (await headOf(b.storage)) ?? "";
    expect(await isAncestor(b.storage, first, head)).toBe(true);
    expect(await isAncestor(b.storage, commit, head)).toBe(true);
    await a.at(relay, head);
    expect(await a.files()).toEqual({ f: "2" });
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("does not take an object whose bytes were changed on the way", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const commit = await a.write("f", "text");
    await a.at(relay, commit);
    await a.sync.stop();
    for (const [name, bytes] of relay.objects) if (name.startsWith("blob")) bytes[0] = 0;
    const b = await new TestDevice(relay.world(), "b").start();
    await b.phase("waiting");
    expect(await headOf(b.storage)).toBeNull();
    await b.sync.stop();
  });

  it("reads everything anew when the relay was put back in time", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const first = await a.write("one", "1");
    await a.at(relay, first);
    const second = await a.write("two", "2");
    await a.at(relay, second);
    relay.restore(1);
    expect(relay.main).toBe(first);
    await a.until(({ phase }) => phase.kind === "up-to-date" && relay.main === second);
    expect(relay.main).toBe(second);
    await a.sync.stop();
  });

  it("keeps a change that is over quota, and says so", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.phase("up-to-date");
    relay.refuse = (op) => (op.op === "put" ? "quota" : undefined);
    const commit = await a.write("f", "too much");
    const { phase } = await a.phase("blocked");
    expect(phase).toMatchObject({ code: "quota" });
    expect(await headOf(a.storage)).toBe(commit);
    relay.refuse = () => undefined;
    a.sync.notify();
    await a.at(relay, commit);
    await a.sync.stop();
  });

  it.each([
    [4409, "open in another window"],
    [4403, "was disabled"],
    [4406, "another version"],
  ])("stops when it is closed with %i", async (code, reason) => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.phase("up-to-date");
    relay.cut(code);
    const { phase } = await a.phase("stopped");
    expect(phase.kind === "stopped" && phase.message).toContain(reason);
  });

  it("refreshes its token when the relay asks for it, and goes on", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.phase("up-to-date");
    relay.cut(4401);
    await a.phase("connecting");
    await a.phase("up-to-date");
    expect((await a.login.saved())?.accessToken).toBe("access-2");
    await a.sync.stop();
  });

  it("stops as signed out when the session was ended elsewhere, and keeps the local copy", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const commit = await a.write("f", "kept");
    await a.at(relay, commit);
    relay.intercept = (path) =>
      path === "/refresh" ? relayProblem(401, "session_ended") : undefined;
    relay.cut(4401);
    const { phase } = await a.phase("stopped");
    expect(phase).toMatchObject({ code: "signed_out" });
    expect(await a.login.saved()).toBeNull();
    expect(await headOf(a.storage)).toBe(commit);
  });
});
