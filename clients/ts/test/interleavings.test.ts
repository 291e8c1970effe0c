import { decodePong, decodeServerFrame } from "@gitblobs/protocol";
import fc, { type Scheduler } from "fast-check";
import { describe, expect, it } from "vitest";
import { headOf } from "../src/store/index.ts";
import type { SocketLike } from "../src/sync/index.ts";
import { MemoryRelay, type MemorySocket } from "./memory-relay.ts";
import { TestDevice } from "./test-device.ts";

const RUNS = Number(process.env["INTERLEAVINGS"] ?? (process.env["LEVEL"] === "fast" ? 100 : 500));
/** The same interleavings each time, so that a change is judged by itself; `EXPLORE=1` looks for others. */
const seed = process.env["EXPLORE"] === "1" ? {} : { seed: 20_261_130 };

/** What happens between two devices and their relay, and how many frames arrive before the next thing does. */
const happening = fc.record({
  what: fc.constantFrom("cut", "restart", "write", "write here", "ping", "lose a page"),
  arrivals: fc.nat(12),
});

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
/** Everything has run that needs no frame to arrive. */
const quiet = async () => {
  for (let n = 0; n < 25; n++) await turn();
};

/** The newest event that was named to a device on its present connection. */
class Named {
  seq = 0;

  watch(socket: SocketLike): SocketLike {
    this.seq = 0;
    socket.addEventListener("message", ({ data }) => {
      const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : (data as string);
      const pong = typeof frame === "string" ? decodePong(frame) : undefined;
      if (pong !== undefined) this.#name(pong.head);
      else this.#read(frame);
    });
    return socket;
  }

  #read(frame: string | Uint8Array): void {
    const decoded = decodeServerFrame(frame);
    for (const op of decoded.ok ? decoded.ops : []) {
      if (op.op === "welcome") this.#name(op.head);
      if (op.op === "event" || op.op === "ack") this.#name(op.seq);
      if (op.op === "events") this.#name(op.items.at(-1)?.seq ?? 0);
    }
  }

  #name(seq: number): void {
    this.seq = Math.max(this.seq, seq);
  }
}

/** Two devices whose frames arrive in the order a scheduler chooses; those of one socket and way in theirs. */
class Crossing {
  readonly relay = new MemoryRelay();
  readonly named = new Named();
  readonly #scheduler: Scheduler;
  readonly #ways = new Map<string, Promise<void>>();
  readonly #sockets = new Map<MemorySocket, number>();
  readonly a: TestDevice;
  readonly b: TestDevice;
  #writes = 0;
  #wantsB = true;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.relay.pageSize = 2;
    this.relay.travel = (socket, direction, arrive) => {
      this.#travel(socket, direction, arrive);
    };
    // The relay's world lets no pause of ten seconds end: after many cuts in a row it would be longer.
    const world = this.relay.world({ random: () => 0.1 });
    this.a = new TestDevice(world, "a");
    const openSocket: typeof world.openSocket = (...address) =>
      this.named.watch(world.openSocket(...address));
    this.b = new TestDevice({ ...world, openSocket }, "b");
  }

  /** In order on its socket: a frame that was sent later overtakes none. */
  #travel(socket: MemorySocket, direction: string, arrive: () => void): void {
    if (!this.#sockets.has(socket)) this.#sockets.set(socket, this.#sockets.size);
    const way = `${String(this.#sockets.get(socket))} ${direction}`;
    const before = this.#ways.get(way) ?? Promise.resolve();
    const mine = before.then(() => this.#scheduler.schedule(Promise.resolve(), way)).then(arrive);
    this.#ways.set(way, mine);
  }

  async happen(what: string): Promise<void> {
    switch (what) {
      case "cut":
        for (const socket of this.relay.sockets) if (socket.device === "b") socket.end(1006);
        break;
      case "restart":
        // Nobody waits for it: what goes on meanwhile is what this is about.
        this.#wantsB = !this.#wantsB;
        if (this.#wantsB) this.b.sync.start();
        else void this.b.sync.stop();
        break;
      case "write":
        await this.a.write(`a${this.#writes++}`, "1");
        break;
      case "write here":
        await this.b.write(`b${this.#writes++}`, "1");
        break;
      case "ping":
        for (const socket of this.relay.sockets) socket.pong();
        break;
      case "lose a page":
        this.relay.failing.page = 1;
        break;
    }
  }

  /** One frame arrives, if one is on the way; what follows from it by itself has happened then. */
  async arrive(): Promise<void> {
    await turn();
    if (this.#scheduler.count() > 0) await this.#scheduler.waitNext(1);
    await quiet();
    await this.#check();
  }

  /** "Up to date" means: the head that was named last is here. */
  async #check(): Promise<void> {
    const { phase, remoteHead } = this.b.sync.status;
    if (phase.kind !== "up-to-date") return;
    const pushed = this.relay.events.filter(
      (item) => item.kind === "push" && item.ref === "main" && item.seq <= this.named.seq,
    );
    const last = pushed.at(-1);
    const wanted = last?.kind === "push" ? last.new : null;
    expect(remoteHead ?? null).toBe(wanted);
    if (wanted !== null) expect(await headOf(this.b.storage)).not.toBeNull();
  }

  async isInStep(): Promise<boolean> {
    const heads = await Promise.all([headOf(this.a.storage), headOf(this.b.storage)]);
    return (
      heads.every((head) => head === this.relay.main) &&
      [this.a, this.b].every(({ sync }) => sync.status.phase.kind === "up-to-date")
    );
  }

  async settle(): Promise<void> {
    if (!this.#wantsB) await this.happen("restart");
    // By the clock: hashes are made by threads that a busy machine may let wait.
    const deadline = performance.now() + 30_000;
    while (performance.now() < deadline) {
      if (await this.isInStep()) return;
      // A stop that was not over swallows a start.
      this.b.sync.start();
      await this.arrive();
    }
    const { a, b, relay } = this;
    const phases = JSON.stringify([a.sync.status.phase, b.sync.status.phase]);
    throw new Error(`never in step: ${phases}, ${relay.events.length} events`);
  }

  async stop(): Promise<void> {
    const stopped = Promise.all([this.a.sync.stop(), this.b.sync.stop()]);
    let isStopped = false;
    void stopped.then(() => (isStopped = true));
    while (!isStopped as boolean) await this.arrive();
  }
}

describe("reconnects that cross pushes", () => {
  it("never say up to date when it is not, and end in step, however their frames interleave", async () => {
    let reconnects = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(happening, { minLength: 4, maxLength: 16 }),
        async (scheduler, story) => {
          const crossing = new Crossing(scheduler);
          await Promise.all([crossing.a.start(), crossing.b.start()]);
          await crossing.happen("write");
          await crossing.settle();
          for (const { what, arrivals } of story) {
            await crossing.happen(what);
            for (let n = 0; n < arrivals; n++) await crossing.arrive();
          }
          await crossing.settle();
          reconnects += crossing.relay.received.filter((op) => op === "hello").length - 2;
          await crossing.stop();
        },
      ),
      { ...seed, numRuns: RUNS },
    );
    console.log(`reconnects that crossed pushes: ${reconnects}, none stale`);
    expect(reconnects).toBeGreaterThan(RUNS);
  });
});
