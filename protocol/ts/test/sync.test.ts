import { describe, expect, it } from "vitest";
import { Login, memoryVault } from "../src/client/index.ts";
import { isAncestor } from "../src/history/index.ts";
import { headOf } from "../src/store/index.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { TestDevice } from "./test-device.ts";

/** Waits until the device stands at a commit, and the relay at the same one. */
async function settled(device: TestDevice, relay: MemoryRelay): Promise<void> {
  for (let head = await headOf(device.storage); ; head = await headOf(device.storage)) {
    if (head !== null && relay.main === head) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

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

  it("shows a conflict, changes nothing, and goes on when it is decided", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b").start();
    await a.write("f", "base");
    await settled(a, relay);
    await settled(b, relay);
    await b.sync.stop();
    await a.write("f", "from a");
    await settled(a, relay);
    const local = await b.write("f", "from b");
    b.sync.start();
    const { phase } = await b.phase("conflict");
    expect(phase).toMatchObject({ ours: local, conflicts: [{ path: "f" }] });
    expect(await b.files()).toEqual({ f: "from b" });
    b.sync.resolve((conflict) => conflict.theirs);
    await b.phase("up-to-date");
    await settled(a, relay);
    expect(await b.files()).toEqual({ f: "from a" });
    expect(await headOf(a.storage)).toBe(await headOf(b.storage));
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("asks what to do with unrelated histories", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.write("f", "1");
    await settled(a, relay);
    const b = new TestDevice(relay.world(), "b");
    await b.write("dummy.txt", "this is a dummy file");
    await b.start();
    await b.phase("unrelated");
    b.sync.chooseUnrelated("replace-local");
    await settled(b, relay);
    expect(await b.files()).toEqual({ f: "1" });
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
    relay.main = first;
    relay.epoch = "e2";
    relay.events.pop();
    relay.cut(1012);
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
      path === "/refresh"
        ? Response.json({ title: "ended", code: "session_ended" }, { status: 401 })
        : undefined;
    relay.cut(4401);
    const { phase } = await a.phase("stopped");
    expect(phase).toMatchObject({ code: "signed_out" });
    expect(await a.login.saved()).toBeNull();
    expect(await headOf(a.storage)).toBe(commit);
  });
});

describe("a login", () => {
  it("refreshes once for many requests at the same time", async () => {
    const relay = new MemoryRelay();
    const login = new Login("http://127.0.0.1", relay.world(), memoryVault());
    await login.logIn("ada", "secret", "tab");
    relay.advance(14.9 * 60_000);
    const tokens = await Promise.all([1, 2, 3].map(() => login.accessToken()));
    expect(tokens).toEqual(Array(3).fill({ ok: true, value: "access-2" }));
  });

  it("stays when the relay cannot be reached to refresh", async () => {
    const relay = new MemoryRelay();
    const login = new Login("http://127.0.0.1", relay.world(), memoryVault());
    await login.logIn("ada", "secret", "tab");
    relay.advance(60 * 60_000);
    relay.isDown = true;
    expect(await login.accessToken()).toMatchObject({ problem: { code: "unreachable" } });
    expect(await login.saved()).not.toBeNull();
  });

  it("says why it was refused, in the relay's words", async () => {
    const relay = new MemoryRelay();
    relay.intercept = () =>
      Response.json(
        { title: "Too many failed logins", code: "login_throttled", retry_after_seconds: 9 },
        { status: 429 },
      );
    const login = new Login("http://127.0.0.1", relay.world(), memoryVault());
    expect(await login.logIn("ada", "wrong", "tab")).toEqual({
      ok: false,
      problem: {
        status: 429,
        code: "login_throttled",
        message: "Too many failed logins.",
        retryAfterSeconds: 9,
      },
    });
  });

  it("is told apart from an answer of another version", async () => {
    const relay = new MemoryRelay();
    relay.intercept = () => Response.json({ hello: "world" });
    const login = new Login("http://127.0.0.1", relay.world(), memoryVault());
    expect(await login.logIn("ada", "x", "tab")).toMatchObject({
      problem: { code: "foreign_answer" },
    });
  });
});
