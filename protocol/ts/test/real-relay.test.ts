import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realSurroundings } from "../src/client/index.ts";
import { headOf } from "../src/store/index.ts";
import { hasRelay, startRelayWithUser } from "./relay-with-user.ts";
import { TestDevice } from "./test-device.ts";

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
    expect(a.sync.status.devices.map(({ device: name }) => name).sort()).toEqual(["a", "b"]);
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
