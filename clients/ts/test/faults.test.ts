import { describe, expect, it } from "vitest";
import { memoryVault, type Phase, type Vault } from "../src/sync/index.ts";
import { FakeClock } from "./fake-clock.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { relayProblem } from "./memory-relay/problem.ts";
import { TestDevice } from "./test-device.ts";

/** A device whose time stands still. */
async function device(vault: Vault = memoryVault()) {
  const relay = new MemoryRelay();
  const clock = new FakeClock();
  const network: { change: (isOnline: boolean) => void } = { change: () => undefined };
  const world = relay.world({
    ...{ now: clock.now, wait: clock.wait, random: () => 1 },
    watchNetwork: (onChange) => {
      network.change = onChange;
    },
  });
  const a = await new TestDevice(world, "a", { vault }).start();
  return { relay, clock, network, a };
}

const problemOf = (phase: Phase) => (phase.kind === "offline" ? phase.problem?.code : phase.kind);

describe("a dead line", () => {
  it("is found out by a ping that nobody answers, and left for a new connection", async () => {
    const { relay, clock, a } = await device();
    await a.phase("up-to-date");
    relay.isSilent = true;
    await clock.advance(30_000);
    expect(a.sync.status.phase.kind).toBe("up-to-date");
    await clock.advance(10_000);
    expect(a.sync.status.phase.kind).toBe("offline");
    relay.isSilent = false;
    await clock.advance(500);
    expect(a.sync.status.phase.kind).toBe("up-to-date");
    await a.sync.stop();
  });

  it("is not waited for longer than twenty seconds, whoever does not answer", async () => {
    const { relay, clock, a } = await device();
    await a.phase("up-to-date");
    relay.cut();
    relay.isSilent = true;
    await clock.advance(500);
    expect(a.sync.status.phase.kind).toBe("connecting");
    await clock.advance(20_000);
    expect(problemOf(a.sync.status.phase)).toBe("silent");
    await a.sync.stop();
  });

  it("does not keep a socket waiting that was never opened", async () => {
    const { relay, clock, a } = await device();
    await a.phase("up-to-date");
    // The ticket still comes; then nothing does.
    relay.intercept = (path) => {
      relay.isSilent = path === "/ws/ticket";
      return undefined;
    };
    relay.cut();
    await clock.advance(500);
    expect(a.sync.status.phase.kind).toBe("connecting");
    await clock.advance(20_000);
    expect(a.sync.status.phase.kind).toBe("offline");
    await a.sync.stop();
  });

  it("does not keep a stop waiting", async () => {
    const { relay, clock, a } = await device();
    await a.phase("up-to-date");
    relay.isSilent = true;
    await clock.advance(40_500);
    expect(a.sync.status.phase.kind).toBe("connecting");
    await a.sync.stop();
    expect(a.sync.status.phase).toEqual({ kind: "offline" });
  });

  it("is left at once when the machine says that it is offline, and tried when it is back", async () => {
    const { relay, clock, network, a } = await device();
    await a.phase("up-to-date");
    relay.isDown = true;
    network.change(false);
    await a.phase("offline");
    await clock.advance(15_000);
    expect(a.sync.status.phase.kind).toBe("offline");
    relay.isDown = false;
    network.change(true);
    await a.phase("up-to-date");
    await a.sync.stop();
  });
});

describe("a relay that welcomes and closes at once", () => {
  it("is asked less and less often", async () => {
    const { relay, clock, a } = await device();
    await a.phase("up-to-date");
    clock.pauses.length = 0;
    for (const wait of [500, 1_000, 2_000, 4_000]) {
      relay.cut(1011);
      await clock.advance(wait - 1);
      expect(a.sync.status.phase.kind).toBe("offline");
      await clock.advance(1);
      expect(a.sync.status.phase.kind).toBe("up-to-date");
    }
    await a.sync.stop();
  });
});

describe("a relay that was sent too much", () => {
  it.each(["have", "put", "push"])(
    "is sent the same again when the time it named has passed, after a refused %s",
    async (refused) => {
      const { relay, clock, a } = await device();
      await a.phase("up-to-date");
      let frames = 0;
      const { promise: refusal, resolve } = Promise.withResolvers<undefined>();
      relay.floods = (ops) => {
        if (!ops.some(({ op }) => op === refused)) return undefined;
        frames += 1;
        resolve(undefined);
        return frames === 1 ? 7_000 : undefined;
      };
      const commit = await a.write("file", "text");
      await refusal;
      await clock.advance(6_999);
      expect(frames).toBe(1);
      expect(relay.main).not.toBe(commit);
      await clock.advance(1);
      await a.at(relay, commit);
      expect(frames).toBe(2);
      await a.sync.stop();
    },
  );
});

describe("a push that the relay refuses for now", () => {
  it("is tried again after a pause, and no sooner", async () => {
    const { relay, clock, a } = await device();
    await a.phase("up-to-date");
    let tries = 0;
    const refused = new Promise<void>((resolve) => {
      relay.refuse = (op) => {
        if (op.op !== "push") return undefined;
        tries++;
        resolve();
        return "unavailable";
      };
    });
    const commit = await a.write("f", "text");
    await refused;
    await clock.advance(1_900);
    expect(clock.pauses).toContain(2_000);
    expect(tries).toBe(1);
    relay.refuse = () => undefined;
    await clock.advance(100);
    await a.at(relay, commit);
    await a.sync.stop();
  });
});

describe("sockets that are refused without a word", () => {
  async function refused(answer: () => Response | undefined) {
    const { relay, clock, a } = await device();
    await a.phase("up-to-date");
    relay.refusesSockets = true;
    relay.intercept = (path) => (path === "/sync/notes" ? answer() : undefined);
    relay.cut();
    await clock.advance(20_000);
    return { relay, clock, a };
  }
  const problem = (status: number, code: string) => () => relayProblem(status, code);

  it("are asked for over HTTP, and the reason is told while trying goes on", async () => {
    const { relay, clock, a } = await refused(problem(409, "too_many_stores"));
    expect(problemOf(a.sync.status.phase)).toBe("too_many_stores");
    relay.refusesSockets = false;
    await clock.advance(30_000);
    expect(a.sync.status.phase.kind).toBe("up-to-date");
    await a.sync.stop();
  });

  it("are told to be refused when all else is well", async () => {
    const { a } = await refused(() => Response.json({ items: [], more: false }));
    expect(problemOf(a.sync.status.phase)).toBe("socket_refused");
    await a.sync.stop();
  });

  it("end the sync when the reason cannot pass", async () => {
    const { a } = await refused(problem(400, "invalid_query"));
    expect(a.sync.status.phase).toMatchObject({ kind: "stopped", code: "invalid_query" });
  });
});

describe("a storage that refuses", () => {
  function fullVault() {
    const vault = memoryVault();
    const full: { isFull: boolean } & Vault = {
      isFull: false,
      load: () => vault.load(),
      save: (login) =>
        full.isFull
          ? Promise.reject(new DOMException("full", "QuotaExceededError"))
          : vault.save(login),
      exclusively: (work) => vault.exclusively(work),
    };
    return full;
  }

  it("does not lose a token that was exchanged: the sync goes on", async () => {
    const vault = fullVault();
    const { relay, clock, a } = await device(vault);
    await a.phase("up-to-date");
    vault.isFull = true;
    for (const token of ["access-2", "access-3"]) {
      await clock.advance(60 * 60_000);
      relay.cut();
      await clock.advance(30_000);
      expect(a.sync.status.phase.kind).toBe("up-to-date");
      expect((await a.login.saved())?.accessToken).toBe(token);
    }
    vault.isFull = false;
    await a.login.freshToken();
    expect(await vault.load()).toEqual(await a.login.saved());
    await a.sync.stop();
  });

  it("gives way to what another tab saved: that one logged out", async () => {
    const vault = fullVault();
    const { a } = await device(vault);
    vault.isFull = true;
    await a.login.freshToken();
    vault.isFull = false;
    await vault.save(null);
    expect(await a.login.saved()).toBeNull();
    await a.sync.stop();
  });

  it("and cannot be read stops the sync with a reason, never leaves it connecting", async () => {
    const vault = memoryVault();
    const { relay, clock, a } = await device(vault);
    await a.phase("up-to-date");
    vault.load = () => Promise.reject(new DOMException("blocked", "SecurityError"));
    relay.cut();
    await clock.advance(500);
    expect(a.sync.status.phase).toMatchObject({ kind: "stopped", code: "storage_blocked" });
  });
});
