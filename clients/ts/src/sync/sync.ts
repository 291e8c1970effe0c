import type { UnrelatedPolicy } from "../history/merge.ts";
import { conflictsOf } from "../history/undecided.ts";
import type { Resolve } from "../history/tree-merge.ts";
import type { Signature } from "../store/objects.ts";
import { asReplica } from "../store/replica.ts";
import { headOf, type ObjectStorage } from "../store/storage.ts";
import { Connection } from "./connection.ts";
import { Decisions } from "./decisions.ts";
import { Following } from "./following.ts";
import type { Problem } from "./problem.ts";
import type { Login } from "./login.ts";
import { makeStore } from "./make-store.ts";
import { faultOf, SOCKET_REFUSED, stopsFor } from "./reasons.ts";
import { askedPauseMs, Reconnecting, type ConnectionEnd, type Next } from "./reconnecting.ts";
import { ConnectionClosed } from "./requests.ts";
import { StatusBoard } from "./status-board.ts";
import type { Phase, SyncStatus } from "./status.ts";
import type { Surroundings } from "./surroundings.ts";
import type { SyncMemory } from "./sync-memory.ts";
import { toldTo } from "./told-to.ts";
import { isOver, Wake } from "./wake.ts";

/** What a sync needs. */
export interface SyncOptions {
  /** Whose store it is. */
  readonly login: Login;
  readonly world: Surroundings;
  /** The store's name on the relay. Where there is none, the sync stops with `no_store`; see {@link Sync.makeStore}. */
  readonly store: string;
  /** Chosen once and kept for as long as the local copy lives. */
  readonly device: string;
  /** The local copy: any storage adapter of GitBlobsDB. */
  readonly storage: ObjectStorage;
  /** Where the last sync ended, kept beside the local copy. */
  readonly memory: SyncMemory;
  /** Author of merge commits. */
  readonly merger: () => Signature;
  /** Called when the local head was moved by what the relay had. */
  readonly onHeadMoved?: (head: string) => void;
  /** Called with each change of {@link Sync.status}. */
  readonly onStatus?: (status: SyncStatus) => void;
  /**
   * Called with what fails and has no caller: what a callback throws, and work on the side. It changes nothing of the
   * sync. Left out, it goes to the console.
   */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Keeps a local copy and a store of the relay the same, for as long as it runs: catches up, moves the head forward or
 * merges, pushes with compare-and-set, follows live events, and reconnects by itself. Never drops a local commit.
 *
 * @example
 * ```ts
 * const sync = new Sync({ ...options, onStatus: ({ phase }) => console.log(phase.kind) });
 * sync.start();
 * sync.notify(); // whenever something was committed
 * await sync.stop();
 * ```
 */
export class Sync {
  readonly #options: SyncOptions;
  readonly #board: StatusBoard;
  readonly #onFault: (error: unknown) => void;
  readonly #decisions = new Decisions();
  readonly #wake = new Wake();
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #following: Following | undefined;

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#onFault = (error) => {
      toldTo(options.onFault ?? console.error, console.error)(error);
    };
    this.#board = new StatusBoard(toldTo(options.onStatus, this.#onFault));
  }

  /** How things stand. */
  get status(): SyncStatus {
    return this.#board.status;
  }

  /** Starts; does nothing while it runs. */
  start(): void {
    if (this.#stop !== undefined) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#options.world.watchNetwork((isOnline) => {
      if (isOnline) this.#wake.poke();
      else this.#following?.close();
    }, stop.signal);
    this.#running = this.#run(stop.signal).then((last) => {
      stop.abort();
      this.#stop = undefined;
      this.#board.phase(last);
    });
  }

  /** Ends the connection and whatever runs; resolves when nothing is written any more. */
  async stop(): Promise<void> {
    this.#stop?.abort();
    this.#following?.close();
    this.#wake.poke();
    await this.#running;
  }

  /**
   * Makes the store and starts: where there is none of that name yet (`no_store`), and where the one this copy belonged to
   * was removed (`store_removed`). It gets all that is here. Nobody but the user may ask for that: a store is removed
   * on purpose, and would come back with everything in it.
   *
   * @returns why it could not be made; undefined where it was, and where another device was faster
   */
  async makeStore(): Promise<Problem | undefined> {
    await this.stop();
    const answer = await makeStore(this.#options.login, this.#options.store);
    if (!answer.ok) return answer.problem;
    const { id, epoch } = answer.value;
    await this.#options.memory.save({ store: id, epoch, after: 0 });
    this.start();
    return undefined;
  }

  /** Says that the local head has moved, or that the network may be back: does at once what there is to do. */
  notify(): void {
    this.#wake.poke();
  }

  /** Decides the conflicts that {@link SyncStatus.undecided} names; used for one merge. */
  resolve(resolve: Resolve): void {
    this.#decisions.resolve(resolve);
    this.#wake.poke();
  }

  /** Decides what becomes of two histories without a common commit; used for one merge, its conflicts included. */
  chooseUnrelated(policy: UnrelatedPolicy): void {
    this.#decisions.chooseUnrelated(policy);
    this.#wake.poke();
  }

  /** Connects again and again; says how it ends. */
  async #run(stop: AbortSignal): Promise<Phase> {
    const { world } = this.#options;
    const reconnecting = new Reconnecting(world.random);
    for (;;) {
      this.#board.phase({ kind: "connecting" });
      const end = await this.#connectAndFollow(stop);
      this.#following = undefined;
      this.#board.report({ devices: [] });
      if (isOver(stop)) return { kind: "offline" };
      const next = await this.#prepare(reconnecting.after(end), stop);
      if (next.kind === "stop") return next.phase;
      const { problem, afterMs } = next;
      this.#board.phase(problem === undefined ? { kind: "offline" } : { kind: "offline", problem });
      await world.wait(afterMs, AbortSignal.any([stop, this.#wake.arm()]));
      if (isOver(stop)) return { kind: "offline" };
    }
  }

  /** What earlier syncs left to the user is asked at once, be the relay there or not. */
  async #tellUndecided(): Promise<void> {
    const { memory, storage } = this.#options;
    const undecided = await memory.loadUndecided();
    const conflicts = await conflictsOf(asReplica(storage), undecided);
    const [ours, theirs] = [undecided[0]?.commit, await headOf(storage)];
    if (conflicts.length === 0 || ours === undefined || theirs === null) return;
    this.#board.asks({ kind: "conflict", ours, theirs, conflicts });
  }

  /** One connection from its ticket to its end. */
  async #connectAndFollow(stop: AbortSignal): Promise<ConnectionEnd> {
    const { login, world, store, device, memory } = this.#options;
    let welcomedAt: number | undefined;
    const closedWith = (code: number): ConnectionEnd => {
      const { reason } = this.#following?.closed ?? {};
      return {
        ...{ kind: "closed", code, ...(reason === undefined ? {} : { reason }) },
        livedMs: welcomedAt === undefined ? undefined : world.now() - welcomedAt,
      };
    };
    try {
      await this.#tellUndecided();
      const credential = await login.credential(stop);
      if (!credential.ok) return { kind: "refused", problem: credential.problem };
      const known = await memory.load();
      const following = new Following({
        ...{ options: this.#options, board: this.#board, wake: this.#wake, known },
        ...{ decisions: this.#decisions, onFault: this.#onFault },
      });
      this.#following = following;
      const { connection, welcome } = await Connection.open(
        world,
        { relayUrl: login.relayUrl, store, id: known?.store, credential: credential.value },
        known === undefined ? { device } : { device, after: known.after, epoch: known.epoch },
        following,
        stop,
      );
      welcomedAt = world.now();
      await following.run(connection, welcome);
      return closedWith(following.closed.code);
    } catch (error) {
      this.#following?.close();
      if (error instanceof ConnectionClosed) return closedWith(error.code);
      return { kind: "broken", phase: faultOf(error) };
    } finally {
      await this.#following?.ended();
    }
  }

  /** Does what has to be done before connecting again; that may tell that there is no use in it. */
  async #prepare(next: Next, stop: AbortSignal): Promise<Next> {
    if (next.kind === "stop" || next.first === undefined) return next;
    this.#board.phase({ kind: "offline" });
    const problem = next.first === "refresh" ? await this.#refresh() : await this.#askWhy(stop);
    if (problem === undefined) return next;
    const phase = stopsFor(problem);
    const afterMs = next.afterMs + askedPauseMs(problem);
    return phase === undefined ? { ...next, problem, afterMs } : { kind: "stop", phase };
  }

  /** The token may look alive here and be revoked there: only asking tells. */
  async #refresh(): Promise<Problem | undefined> {
    const token = await this.#options.login.freshToken();
    return token.ok ? undefined : token.problem;
  }

  /** A browser does not say why a socket was refused; the same store over HTTP (PROTOCOL.md 10) does. */
  async #askWhy(signal: AbortSignal): Promise<Problem> {
    const { login, store, memory } = this.#options;
    const known = await memory.load();
    const which = known === undefined ? "" : `?id=${known.store}`;
    const path = `/sync/${encodeURIComponent(store)}${which}`;
    const answer = await login.request({ method: "GET", path, signal });
    return answer.ok ? SOCKET_REFUSED : answer.problem;
  }
}
