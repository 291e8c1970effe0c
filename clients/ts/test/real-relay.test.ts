import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realSurroundings, type Surroundings } from "../src/sync/index.ts";
import { headOf } from "../src/store/index.ts";
import { MoodyProxy } from "./moody-proxy.ts";
import { hasRelay, startRelayWithUser } from "./relay-with-user.ts";
import { TestDevice } from "./test-device.ts";

/** Reconnects that cross a push. */
const CROSSINGS = Number(process.env["CROSSINGS"] ?? (process.env["LEVEL"] === "fast" ? 20 : 100));

/** Programs in Node over real sockets, against the bundle in the real runtime. */
describe.skipIf(!hasRelay)("a sync in Node, against the real relay", () => {
  let relay: Awaited<ReturnType<typeof startRelayWithUser>>;
  beforeAll(async () => {
    relay = await startRelayWithUser();
  });
  afterAll(() => relay.stop());

  const device = (name: string) => {
    const { url: relayUrl, password } = relay;
    return new TestDevice(realSurroundings, name, { relayUrl, password }).start();
  };
  const has = (of: TestDevice, commit: string) =>
    of.until(
      ({ phase, remoteHead, behind }) =>
        phase.kind === "up-to-date" && behind === 0 && remoteHead === commit,
    );

  it("carries files of any size from one device to another, both ways", async () => {
    const [a, b] = [await device("a"), await device("b")];
    await Promise.all([a.phase("up-to-date"), b.phase("up-to-date")]);
    const large = "0123456789".repeat(300_000);
    const first = await a.write("large.txt", large);
    await Promise.all([has(a, first), has(b, first)]);
    const second = await b.write("small.txt", "hello");
    await Promise.all([has(a, second), has(b, second)]);
    expect(await a.files()).toEqual({ "large.txt": large, "small.txt": "hello" });
    expect(await headOf(b.storage)).toBe(second);
    const present = () => a.sync.status.devices.map(({ device: name }) => name).sort();
    await expect.poll(present).toEqual(["a", "b"]);
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("resumes and merges what was done meanwhile", async () => {
    const [a, b] = [await device("c"), await device("d")];
    await Promise.all([a.phase("up-to-date"), b.phase("up-to-date")]);
    await a.sync.stop();
    await a.write("offline.txt", "kept");
    const other = await b.write("online.txt", "pushed");
    await has(b, other);
    a.sync.start();
    await a.until(({ phase, remoteHead }) => phase.kind === "up-to-date" && remoteHead !== other);
    await has(b, (await headOf(a.storage)) ?? "");
    expect(Object.keys(await b.files())).toEqual(
      expect.arrayContaining(["offline.txt", "online.txt"]),
    );
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it(
    "has what was pushed while it came back, each time",
    async () => {
      let sayHello: (() => void) | undefined;
      /** Frames of a device that are sent when the test likes. */
      const hooked = (onSend: (data: string, send: () => void) => void): Surroundings => ({
        ...realSurroundings,
        openSocket: (...address) => {
          const socket = realSurroundings.openSocket(...address);
          const send = socket.send.bind(socket);
          socket.send = (data) => {
            onSend(typeof data === "string" ? data : "", () => {
              send(data);
            });
          };
          return socket;
        },
      });
      // The hello of one is on its way when the push of the other is sent, sooner or later.
      const worldB = hooked((data, send) => {
        if (data.includes('"op":"hello"') && data.includes('"after"')) sayHello = send;
        else send();
      });
      const worldA = hooked((data, send) => {
        if (!data.includes('"op":"push"') || sayHello === undefined) {
          send();
          return;
        }
        sayHello();
        sayHello = undefined;
        setTimeout(send, Math.random() * 4);
      });
      const { url: relayUrl, password } = relay;
      const a = await new TestDevice(worldA, "g", { relayUrl, password }).start();
      const b = await new TestDevice(worldB, "h", { relayUrl, password }).start();
      await Promise.all([a.phase("up-to-date"), b.phase("up-to-date")]);
      await has(b, await a.write("first", "1"));
      for (let n = 0; n < CROSSINGS; n++) {
        await b.sync.stop();
        b.sync.start();
        while (sayHello === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
        const last = await a.write(`crossing-${n % 20}`, String(n));
        await has(a, last);
        await has(b, last);
        expect(await headOf(b.storage)).toBe(last);
      }
      await Promise.all([a.sync.stop(), b.sync.stop()]);
    },
    Math.max(60_000, CROSSINGS * 1_000),
  );

  it("outlives a proxy that answers with each status of the table, and is in step at the end", async () => {
    const proxy = await MoodyProxy.start(relay.url);
    // What would take an hour takes seconds: pauses, of at most 15 s here, are a thousand times shorter.
    const wait: Surroundings["wait"] = (ms, signal) =>
      realSurroundings.wait(ms < 20_000 ? ms / 1000 : ms, signal);
    const { password } = relay;
    const a = await new TestDevice({ ...realSurroundings, wait, random: () => 0.5 }, "watches", {
      ...{ relayUrl: proxy.url, password },
    }).start();
    const b = await device("writes");
    await Promise.all([a.phase("up-to-date"), b.phase("up-to-date")]);
    while (proxy.given < MoodyProxy.moods) {
      proxy.cut(5);
      const last = await b.write("moody", String(proxy.given));
      await Promise.all([has(b, last), has(a, last)]);
    }
    const mine = await a.write("mine", "1");
    await Promise.all([has(a, mine), has(b, mine)]);
    expect(await a.login.saved()).not.toBeNull();
    await Promise.all([a.sync.stop(), b.sync.stop()]);
    proxy.stop();
  });

  it("sees the relay answer when it closes its socket, so that a program can end", async () => {
    const closed = Promise.withResolvers<number>();
    const { url: relayUrl, password } = relay;
    const openSocket: typeof realSurroundings.openSocket = (...address) => {
      const socket = realSurroundings.openSocket(...address);
      socket.addEventListener("close", ({ code }) => {
        closed.resolve(code);
      });
      return socket;
    };
    const world = { ...realSurroundings, openSocket };
    const a = await new TestDevice(world, "ends", { relayUrl, password }).start();
    await a.phase("up-to-date");
    await a.sync.stop();
    expect(await closed.promise).toBe(1000);
  });

  it("stops within a second when the session is ended elsewhere", async () => {
    const a = await device("e");
    await a.phase("up-to-date");
    const b = await device("f");
    await b.phase("up-to-date");
    await b.login.logOut(true);
    const from = Date.now();
    const { phase } = await a.phase("stopped");
    expect(phase).toMatchObject({ code: "signed_out" });
    expect(Date.now() - from).toBeLessThan(2_000);
    await b.sync.stop();
  });
});
