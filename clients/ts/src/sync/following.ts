import {
  CLOSE,
  LIMITS,
  type EventItem,
  type Events,
  type Needed,
  type Pong,
  type ServerOp,
  type Welcome,
} from "@gitblobs/protocol";
import { asReplica } from "../store/replica.ts";
import { getObject } from "../store/storage.ts";
import { wireBytes } from "../store/wire.ts";
import { Background } from "./background.ts";
import type { Connection, ConnectionEvents } from "./connection.ts";
import type { Decisions } from "./decisions.ts";
import { Heard, type Place } from "./heard.ts";
import { keepStore } from "./keeping.ts";
import { Round, type RoundEnd } from "./round.ts";
import type { StatusBoard } from "./status-board.ts";
import type { Phase, SyncStatus } from "./status.ts";
import { ConnectionClosed, RequestRefused } from "./requests.ts";
import { toldTo } from "./told-to.ts";
import { backoffMs } from "./surroundings.ts";
import type { Cursor } from "./sync-memory.ts";
import type { SyncOptions } from "./sync.ts";
import { sendObjects } from "./upload.ts";
import { aborted, isOver, type Wake } from "./wake.ts";

/** Rounds that follow at once when something moved meanwhile; after that, a growing pause. */
const QUICK_RETRIES = 5;

const UP_TO_DATE = { kind: "up-to-date" } as const;

type Closed = Parameters<ConnectionEvents["onClose"]>[0];

/** What following a store works with. */
export interface FollowingParts {
  readonly options: SyncOptions;
  readonly board: StatusBoard;
  readonly decisions: Decisions;
  readonly wake: Wake;
  /** Where the last sync ended. */
  readonly known: Cursor | undefined;
  /** Gets what fails without a caller. */
  readonly onFault: (error: unknown) => void;
}

/** Pause before a page of events is asked for again, where the relay does not say how long. */
const PAGE_PAUSE_MS = 1_000;

/** What one connection is used for: a round whenever something moved, and answers to what the relay tells. */
export class Following implements ConnectionEvents {
  readonly #parts: FollowingParts;
  readonly #heard = new Heard();
  readonly #background: Background;
  #connection: Connection | undefined;
  #closed: Closed = { kind: "closed", code: CLOSE.abnormal };

  constructor(parts: FollowingParts) {
    this.#parts = parts;
    this.#background = new Background(parts.onFault);
  }

  /** How the connection ended. */
  get closed(): Closed {
    return this.#closed;
  }

  /** Resolves when nothing goes on any more beside a connection that has ended. */
  ended(): Promise<void> {
    return this.#background.ended();
  }

  /** Ends the connection, if there is one. */
  close(): void {
    this.#connection?.close();
  }

  onClose(closed: Closed): void {
    this.#closed = closed;
    this.#parts.wake.poke();
  }

  onWelcome(welcome: Welcome, connection: Connection): void {
    this.#connection = connection;
    this.#heard.welcome(welcome);
    const { limits } = welcome;
    this.#parts.board.report({
      remoteHead: this.#heard.place.commit,
      behind: missedEvents(this.#parts.known, welcome),
      quota: {
        usedBytes: limits.used_bytes,
        quotaBytes: limits.quota_bytes,
        usedObjects: limits.used_objects,
        quotaObjects: limits.quota_objects,
      },
    });
    const onKept = (keptUntil: number) => {
      this.#parts.board.report({ keptUntil });
    };
    this.#background.run(() => keepStore(connection, welcome, this.#parts.options.world, onKept));
  }

  onHeard(op: Parameters<ConnectionEvents["onHeard"]>[0]): void {
    switch (op.op) {
      case "event":
        this.#learn([op]);
        break;
      case "events":
        this.#learn(op.items);
        break;
      case "ack":
        this.#heard.acknowledged(op.seq);
        break;
    }
  }

  onPong(pong: Pong): void {
    const { board } = this.#parts;
    const news = this.#heard.pong(pong);
    if (!this.#heard.isNewest && board.status.phase.kind === "up-to-date")
      board.phase({ kind: "syncing", doing: "receiving" });
    // Before it is live, the pages bring what is missing. Whoever connects again is told what was missed.
    if (news === "epoch" || (news === "events" && this.#connection?.state.kind === "live"))
      this.#connection?.close(CLOSE.abnormal, "Events were lost on the way.");
  }

  onOp(op: ServerOp): void {
    const { board, wake } = this.#parts;
    // The other operations answer requests, or are for those who send messages.
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check
    switch (op.op) {
      case "presence": {
        const before = new Set(board.status.devices.map(({ device }) => device));
        board.report({ devices: op.devices });
        // Whoever came may have what the relay no longer has.
        const came = op.devices.some(({ device }) => !before.has(device));
        if (came && board.status.phase.kind === "waiting") wake.poke();
        break;
      }
      case "auth_soon":
        // The login finishes what it has begun; who waits for the connection's end need not wait for that.
        this.#background.run(() => Promise.race([this.#renewToken(), this.#over()]));
        break;
      case "need":
        this.#background.run(() => this.#help(op));
        break;
      case "available":
        wake.poke();
        break;
      case "events":
        if (op.more) this.#background.run(() => this.#readOn(op));
        break;
    }
  }

  /** Takes note of events, whichever way they came. A page also has those that the welcome counted already. */
  #learn(items: readonly EventItem[]): void {
    const { board, wake } = this.#parts;
    const before = this.#heard.place.commit;
    const fresh = this.#heard.learn(items);
    if (fresh === 0) return;
    const { commit: remoteHead } = this.#heard.place;
    const facts = { behind: board.status.behind + fresh, remoteHead };
    const isOutdated = remoteHead !== before && board.status.phase.kind === "up-to-date";
    if (isOutdated) board.phase({ kind: "syncing", doing: "receiving" }, facts);
    else board.report(facts);
    wake.poke();
  }

  /** PROTOCOL.md 5: live events begin when all pages of missed ones were read. */
  async #readOn(first: Events): Promise<void> {
    let after = this.#parts.known?.after ?? 0;
    try {
      for (let page = first; page.more; page = await this.#pull(after))
        after = page.items.at(-1)?.seq ?? after;
    } catch (error) {
      if (error instanceof ConnectionClosed) throw error;
      // This connection can't bring what was missed: the next one is told again.
      const reason = error instanceof Error ? error.message : String(error);
      this.#connection?.close(CLOSE.internal, `Missed events cannot be read: ${reason}`);
    }
  }

  /** Asks for a page until it comes: what the relay refuses for now is asked for again. */
  async #pull(after: number): Promise<Events> {
    const connection = this.#connection;
    if (connection === undefined) throw new TypeError("a page came before the welcome");
    for (;;) {
      try {
        const pull = { op: "pull", after, limit: LIMITS.eventsPerPage } as const;
        const page = await connection.request(pull);
        if (page.op !== "events") throw new TypeError(`the relay answered ${page.op} to pull`);
        return page;
      } catch (error) {
        if (!(error instanceof RequestRefused) || error.op.retry !== "after") throw error;
        const pause = error.op.retry_after_ms ?? PAGE_PAUSE_MS;
        await this.#parts.options.world.wait(pause, connection.ended);
      }
    }
  }

  #over(): Promise<void> {
    return this.#connection === undefined ? Promise.resolve() : aborted(this.#connection.ended);
  }

  async #renewToken(): Promise<void> {
    const token = await this.#parts.options.login.freshToken();
    // Without one the relay ends the connection, and what comes then is decided by what the login says then.
    if (token.ok) this.#connection?.tell({ op: "auth", token: token.value });
  }

  /** Another device needs what the relay no longer has: what is here is put there again. */
  async #help({ objects }: Needed): Promise<void> {
    const storage = asReplica(this.#parts.options.storage);
    for (const [type, hash] of objects) {
      if (type === "sealed") continue;
      const object = await getObject(storage, type, hash);
      const bytes = object === null ? undefined : await wireBytes(object);
      if (bytes !== undefined && this.#connection !== undefined)
        await sendObjects(this.#connection, [{ type, hash, bytes }]);
    }
  }

  /** Goes round whenever something moved, until the connection has ended. */
  async run(connection: Connection, welcome: Welcome): Promise<void> {
    const { wake, decisions, known, options } = this.#parts;
    const { world } = options;
    const round = this.#roundOver(connection, welcome, startOf(known, welcome));
    for (let retries = 0; !isOver(connection.ended);) {
      const woken = wake.arm();
      const place = this.#heard.place;
      const { commit: remoteHead, seq: head } = place;
      const end = await round.run({ head, remoteHead, decided: decisions.now });
      this.#settle(end, place);
      if (end.kind === "again") {
        const pause =
          retries < QUICK_RETRIES ? 0 : backoffMs(retries - QUICK_RETRIES, world.random);
        await world.wait(Math.max(end.afterMs, pause), connection.ended);
        retries++;
      } else {
        retries = 0;
        await aborted(AbortSignal.any([woken, connection.ended]));
      }
    }
  }

  #roundOver(connection: Connection, welcome: Welcome, after: number | undefined): Round {
    const { options, board, decisions } = this.#parts;
    const { memory, merger, onHeadMoved } = options;
    const parts = {
      ...{ connection, memory, merger },
      place: { store: welcome.store, epoch: welcome.epoch },
      storage: asReplica(options.storage),
      report: (phase: Phase, progress: SyncStatus["progress"]) => {
        board.phase(phase, progress === undefined ? {} : { progress });
      },
      onHeadMoved: toldTo(onHeadMoved, this.#parts.onFault),
      deviceOf: (commit: string) => this.#heard.deviceOf(commit),
    };
    const onMerged: ConstructorParameters<typeof Round>[0]["onMerged"] = (used, isDecided) => {
      decisions.used(used);
      if (isDecided) board.decided();
    };
    return new Round({ ...parts, onMerged }, after);
  }

  #settle(end: RoundEnd, place: Place): void {
    const { board } = this.#parts;
    // What came while the round ran is newer than what it ended with, unless it is the round's own push.
    const isNewest = this.#heard.place === place;
    switch (end.kind) {
      case "again":
        if (end.remoteHead !== undefined && isNewest)
          this.#heard.moved({ commit: end.remoteHead, seq: place.seq });
        break;
      case "synced": {
        const seq = Math.max(place.seq, end.seq ?? 0);
        if (isNewest || this.#heard.place.seq <= seq)
          this.#heard.moved({ commit: end.remoteHead, seq });
        this.#synced(end.remoteHead, end.waits ?? UP_TO_DATE);
        break;
      }
      case "waits":
        board.phase(end.phase);
        break;
    }
  }

  /** Both sides stand at this commit, as far as the round knew. */
  #synced(remoteHead: string | null, phase: Phase): void {
    const { board, options } = this.#parts;
    // The next round, which has been woken, brings what is newer; a page, what a pong has named.
    if (!this.#heard.isNewest || this.#heard.place.commit !== remoteHead) return;
    board.phase(phase, { remoteHead, syncedAt: options.world.now(), behind: 0 });
  }
}

/** How many events came since the last one that is here; all of them where the numbering began anew. */
function missedEvents(known: Cursor | undefined, { epoch, head }: Welcome): number {
  return known?.epoch === epoch && known.after <= head ? head - known.after : head;
}

/**
 * The last event whose objects are here. Zero for a copy that has none: everything comes in one go. Undefined after a
 * hole: what is missing is found by following references.
 */
function startOf(known: Cursor | undefined, welcome: Welcome): number | undefined {
  if (known === undefined || welcome.reason === "new") return 0;
  return welcome.resumed ? known.after : undefined;
}
