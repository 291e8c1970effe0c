import { afterClose, CLOSE } from "../codes.ts";
import type { UnrelatedPolicy } from "../history/merge.ts";
import type { Resolve } from "../history/tree-merge.ts";
import type { Signature } from "../store/objects.ts";
import { asReplica, getObject, type ObjectStorage } from "../store/storage.ts";
import { wireBytes } from "../store/wire.ts";
import { LIMITS } from "../limits.ts";
import type { Events, Needed, ServerOp, Welcome } from "../server-ops.ts";
import { faultOf, stopsFor, whyClosed } from "./reasons.ts";
import { Connection, ConnectionClosed } from "./connection.ts";
import type { Login } from "./login.ts";
import { MAIN, Round, type Cursor, type RoundEnd, type SyncMemory } from "./round.ts";
import { INITIAL_STATUS, type Phase, type SyncStatus } from "./status.ts";
import { backoffMs, type Surroundings } from "./surroundings.ts";
import { sendObjects } from "./upload.ts";

/** What a sync needs. */
export interface SyncOptions {
  readonly login: Login;
  readonly world: Surroundings;
  /** The store's name on the relay. */
  readonly store: string;
  /** Chosen once and kept for as long as the local copy lives. */
  readonly device: string;
  readonly storage: ObjectStorage;
  /** Where the last sync ended, kept beside the local copy. */
  readonly memory: SyncMemory;
  /** Author of merge commits. */
  readonly merger: () => Signature;
  /** Called when the local head was moved by what the relay had. */
  readonly onHeadMoved?: (head: string) => void;
  readonly onStatus?: (status: SyncStatus) => void;
}

/**
 * Keeps a local copy and a store of the relay the same, for as long as it runs: catches up, moves the head forward or
 * merges, pushes with compare-and-set, follows live events, and reconnects by itself. Never drops a local commit.
 */
export class Sync {
  readonly #options: SyncOptions;
  #status: SyncStatus = INITIAL_STATUS;
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #wake = new AbortController();
  #resolve: Resolve | undefined;
  #unrelated: UnrelatedPolicy = "refuse";
  #remoteHead: string | null = null;
  #head = 0;
  #connection: Connection | undefined;

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  get status(): SyncStatus {
    return this.#status;
  }

  /** Starts; does nothing while it runs. */
  start(): void {
    if (this.#stop !== undefined) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#running = this.#run(stop.signal);
  }

  /** Ends the connection and whatever runs; resolves when nothing is written any more. */
  async stop(): Promise<void> {
    this.#stop?.abort();
    this.#connection?.close();
    this.#poke();
    await this.#running;
  }

  /** Says that the local head has moved, or that the network may be back: does at once what there is to do. */
  notify(): void {
    this.#poke();
  }

  /** Decides the conflicts that the status shows; used for one merge. */
  resolve(resolve: Resolve): void {
    this.#resolve = resolve;
    this.#poke();
  }

  /** Decides what becomes of two histories without a common commit; used for one merge. */
  chooseUnrelated(policy: UnrelatedPolicy): void {
    this.#unrelated = policy;
    this.#poke();
  }

  #poke(): void {
    this.#wake.abort();
  }

  #report(change: Partial<SyncStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#options.onStatus?.(this.#status);
  }

  #phase(phase: Phase): void {
    const status = { ...this.#status, phase };
    delete status.progress;
    this.#status = status;
    this.#options.onStatus?.(this.#status);
  }

  async #run(stop: AbortSignal): Promise<void> {
    const { world } = this.#options;
    for (let attempt = 0; !isOver(stop);) {
      this.#phase({ kind: "connecting" });
      const end = await this.#connectAndFollow(stop, () => {
        attempt = 0;
      });
      this.#connection = undefined;
      if (isOver(stop)) break;
      if (end !== undefined) {
        this.#report({ devices: [] });
        this.#phase(end);
        this.#stop = undefined;
        return;
      }
      this.#report({ devices: [] });
      this.#phase({ kind: "offline" });
      this.#wake = new AbortController();
      const either = AbortSignal.any([stop, this.#wake.signal]);
      await world.wait(backoffMs(attempt++, world.random), either);
    }
    this.#report({ devices: [] });
    this.#phase({ kind: "offline" });
    this.#stop = undefined;
  }

  /** One connection from its ticket to its end; says how it ended when there is no use in another one. */
  async #connectAndFollow(stop: AbortSignal, onWelcome: () => void): Promise<Phase | undefined> {
    const { login, world, store, device, memory } = this.#options;
    const credential = await login.credential();
    if (!credential.ok) return stopsFor(credential.problem);
    let closedWith: number = CLOSE.abnormal;
    try {
      const known = await memory.load();
      const { connection, welcome } = await Connection.open(
        world,
        { relayUrl: login.relayUrl, store, credential: credential.value },
        known === undefined ? { device } : { device, after: known.after, epoch: known.epoch },
        {
          onWelcome: (first, opened) => {
            this.#connection = opened;
            this.#welcome(first);
          },
          onOp: (op) => {
            this.#onOp(op);
          },
          onPong: ({ epoch, head }) => {
            // Events come by themselves; a pong that knows more means that some were lost on the way.
            if (head > this.#head || epoch !== welcome.epoch) connection.close(CLOSE.abnormal);
          },
          onClose: (code) => {
            closedWith = code;
            this.#poke();
          },
        },
      );
      if (stop.aborted) connection.close();
      onWelcome();
      await this.#follow(connection, welcome, startOf(known, welcome), stop);
    } catch (error) {
      if (!(error instanceof ConnectionClosed)) {
        this.#connection?.close();
        return faultOf(error);
      }
      closedWith = error.code;
    }
    return this.#afterClose(closedWith);
  }

  async #afterClose(code: number): Promise<Phase | undefined> {
    const then = afterClose(code);
    if (then === "stop")
      return { kind: "stopped", code: `closed_${code}`, message: whyClosed(code) };
    if (then === "refresh") {
      // The token may look alive here and be revoked there: only asking tells.
      const token = await this.#options.login.accessToken();
      const renewed = token.ok ? await this.#options.login.accessToken(token.value) : token;
      if (!renewed.ok) return stopsFor(renewed.problem);
    }
    return undefined;
  }

  #welcome(welcome: Welcome): void {
    const { limits } = welcome;
    this.#remoteHead = welcome.refs.find(([name]) => name === MAIN)?.[1] ?? null;
    this.#head = welcome.head;
    this.#report({
      remoteHead: this.#remoteHead,
      quota: {
        usedBytes: limits.used_bytes,
        quotaBytes: limits.quota_bytes,
        usedObjects: limits.used_objects,
        quotaObjects: limits.quota_objects,
      },
    });
  }

  #onOp(op: ServerOp): void {
    // The other operations answer requests, or are for those who send messages.
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check
    switch (op.op) {
      case "event":
        this.#head = Math.max(this.#head, op.seq);
        if (op.kind === "push" && op.ref === MAIN) {
          this.#remoteHead = op.new;
          this.#report({ remoteHead: op.new, behind: this.#status.behind + 1 });
        }
        this.#poke();
        break;
      case "presence":
        this.#report({ devices: op.devices });
        break;
      case "auth_soon":
        void this.#renewToken();
        break;
      case "need":
        void this.#help(op).catch(() => {
          // The connection ended; whoever asked will ask again.
        });
        break;
      case "available":
        this.#poke();
        break;
      case "events":
        void this.#readOn(op).catch(() => {
          // The connection ended; the next one tells what was missed.
        });
        break;
    }
  }

  /** PROTOCOL.md 5: live events begin when all pages of missed ones were read. */
  async #readOn(page: Events): Promise<void> {
    let { more, items } = page;
    while (more && this.#connection !== undefined) {
      const after = items.at(-1)?.seq ?? this.#head;
      const next = await this.#connection.request({
        op: "pull",
        after,
        limit: LIMITS.eventsPerPage,
      });
      if (next.op !== "events") return;
      ({ more, items } = next);
    }
  }

  async #renewToken(): Promise<void> {
    const { login } = this.#options;
    const present = await login.accessToken();
    const token = present.ok ? await login.accessToken(present.value) : present;
    if (token.ok) this.#connection?.tell({ op: "auth", token: token.value });
  }

  /** Another device needs what the relay no longer has: what is here is put there again. */
  async #help({ objects }: Needed): Promise<void> {
    for (const [type, hash] of objects) {
      const object = await getObject(this.#options.storage, type, hash);
      const bytes = object === null ? undefined : await wireBytes(object);
      if (bytes !== undefined && this.#connection !== undefined)
        await sendObjects(this.#connection, [{ type, hash, bytes }]);
    }
  }

  async #follow(
    connection: Connection,
    welcome: Welcome,
    after: number | undefined,
    stop: AbortSignal,
  ): Promise<void> {
    const { memory, merger, onHeadMoved, world } = this.#options;
    const round = new Round(
      {
        connection,
        epoch: welcome.epoch,
        storage: asReplica(this.#options.storage),
        memory,
        merger,
        report: (phase, progress) => {
          this.#phase(phase);
          if (progress !== undefined) this.#report({ progress });
        },
        onHeadMoved: onHeadMoved ?? (() => undefined),
      },
      after,
    );
    for (let retries = 0; ;) {
      this.#wake = new AbortController();
      const [head, remoteHead] = [this.#head, this.#remoteHead];
      const choices = { resolve: this.#resolve, unrelated: this.#unrelated };
      const end = await round.run({ head, remoteHead, ...choices });
      this.#settle(end, head);
      if (isOver(connection.ended) || isOver(stop)) return;
      if (end.kind === "again") {
        const pause =
          retries < QUICK_RETRIES ? 0 : backoffMs(retries - QUICK_RETRIES, world.random);
        await world.wait(Math.max(end.afterMs, pause), connection.ended);
        retries++;
        continue;
      }
      retries = 0;
      this.#resolve = undefined;
      this.#unrelated = "refuse";
      await aborted(AbortSignal.any([this.#wake.signal, connection.ended, stop]));
      if (isOver(connection.ended) || isOver(stop)) return;
    }
  }

  #settle(end: RoundEnd, head: number): void {
    switch (end.kind) {
      case "again":
        if (end.remoteHead !== undefined) this.#remoteHead = end.remoteHead;
        break;
      case "synced":
        this.#remoteHead = end.remoteHead;
        this.#head = Math.max(this.#head, end.seq ?? 0);
        this.#report({ remoteHead: end.remoteHead, syncedAt: this.#options.world.now() });
        if (this.#head <= Math.max(head, end.seq ?? 0)) this.#report({ behind: 0 });
        this.#phase({ kind: "up-to-date" });
        break;
      case "waits":
        this.#phase(end.phase);
        break;
    }
  }
}

/** Rounds that follow at once when something moved meanwhile; after that, a growing pause. */
const QUICK_RETRIES = 5;

/**
 * The last event whose objects are here. Zero for a copy that has none: everything comes in one go. Undefined after a
 * hole: what is missing is found by following references.
 */
function startOf(known: Cursor | undefined, welcome: Welcome): number | undefined {
  if (known === undefined || welcome.reason === "new") return 0;
  return welcome.resumed ? known.after : undefined;
}

/** Read anew each time: a signal changes while one waits. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener("abort", () => {
        resolve();
      });
  });
