import type { ServerOp, Events, Needed, Welcome } from "../server-ops.ts";
import { CLOSE } from "../codes.ts";
import { LIMITS } from "../limits.ts";
import { asReplica } from "../store/replica.ts";
import { getObject } from "../store/storage.ts";
import { wireBytes } from "../store/wire.ts";
import type { Connection, ConnectionEvents } from "./connection.ts";
import type { Decisions } from "./decisions.ts";
import { MAIN, Round, type RoundEnd } from "./round.ts";
import type { StatusBoard } from "./status-board.ts";
import type { Phase, SyncStatus } from "./status.ts";
import { backoffMs } from "./surroundings.ts";
import type { Cursor } from "./sync-memory.ts";
import type { SyncOptions } from "./sync.ts";
import { sendObjects } from "./upload.ts";
import { aborted, isOver, type Wake } from "./wake.ts";

/** Rounds that follow at once when something moved meanwhile; after that, a growing pause. */
const QUICK_RETRIES = 5;

/** What following a store works with. */
export interface FollowingParts {
  readonly options: SyncOptions;
  readonly board: StatusBoard;
  readonly decisions: Decisions;
  readonly wake: Wake;
  /** Where the last sync ended. */
  readonly known: Cursor | undefined;
}

/** The commit the relay stands at, as last heard; a new object each time, so that old news are told from new. */
interface Remote {
  readonly commit: string | null;
}

/** What one connection is used for: a round whenever something moved, and answers to what the relay tells. */
export class Following implements ConnectionEvents {
  readonly #parts: FollowingParts;
  #remote: Remote = { commit: null };
  #connection: Connection | undefined;
  #closedWith: number = CLOSE.abnormal;

  constructor(parts: FollowingParts) {
    this.#parts = parts;
  }

  /** How the connection ended. */
  get closedWith(): number {
    return this.#closedWith;
  }

  /** Ends the connection, if there is one. */
  close(): void {
    this.#connection?.close();
  }

  onClose(code: number): void {
    this.#closedWith = code;
    this.#parts.wake.poke();
  }

  onWelcome(welcome: Welcome, connection: Connection): void {
    this.#connection = connection;
    this.#remote = { commit: welcome.refs.find(([name]) => name === MAIN)?.[1] ?? null };
    const { limits } = welcome;
    this.#parts.board.report({
      remoteHead: this.#remote.commit,
      behind: missedEvents(this.#parts.known, welcome),
      quota: {
        usedBytes: limits.used_bytes,
        quotaBytes: limits.quota_bytes,
        usedObjects: limits.used_objects,
        quotaObjects: limits.quota_objects,
      },
    });
  }

  onOp(op: ServerOp): void {
    const { board, wake } = this.#parts;
    // The other operations answer requests, or are for those who send messages.
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check
    switch (op.op) {
      case "event":
        if (op.kind === "push" && op.ref === MAIN) this.#remote = { commit: op.new };
        board.report({ behind: board.status.behind + 1, remoteHead: this.#remote.commit });
        wake.poke();
        break;
      case "presence": {
        const before = new Set(board.status.devices.map(({ device }) => device));
        board.report({ devices: op.devices });
        // Whoever came may have what the relay no longer has.
        const came = op.devices.some(({ device }) => !before.has(device));
        if (came && board.status.phase.kind === "waiting") wake.poke();
        break;
      }
      case "auth_soon":
        void this.#renewToken();
        break;
      case "need":
        void this.#help(op).catch(() => {
          // The connection ended; whoever asked will ask again.
        });
        break;
      case "available":
        wake.poke();
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
      const after = items.at(-1)?.seq ?? this.#connection.head;
      const pull = { op: "pull", after, limit: LIMITS.eventsPerPage } as const;
      const next = await this.#connection.request(pull);
      if (next.op !== "events") return;
      ({ more, items } = next);
    }
  }

  async #renewToken(): Promise<void> {
    const token = await this.#parts.options.login.freshToken();
    if (token.ok) this.#connection?.tell({ op: "auth", token: token.value });
  }

  /** Another device needs what the relay no longer has: what is here is put there again. */
  async #help({ objects }: Needed): Promise<void> {
    const storage = asReplica(this.#parts.options.storage);
    for (const [type, hash] of objects) {
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
    const round = this.#roundOver(connection, welcome.epoch, startOf(known, welcome));
    for (let retries = 0; !isOver(connection.ended);) {
      const woken = wake.arm();
      const [head, remote] = [connection.head, this.#remote];
      const input = { head, remoteHead: remote.commit, decided: decisions.now };
      const end = await round.run(input);
      this.#settle(end, head, remote, connection);
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

  #roundOver(connection: Connection, epoch: string, after: number | undefined): Round {
    const { options, board, decisions } = this.#parts;
    const { memory, merger, onHeadMoved } = options;
    const parts = {
      ...{ connection, epoch, memory, merger },
      storage: asReplica(options.storage),
      report: (phase: Phase, progress: SyncStatus["progress"]) => {
        board.phase(phase, progress === undefined ? {} : { progress });
      },
      onHeadMoved: onHeadMoved ?? (() => undefined),
    };
    const onMerged: ConstructorParameters<typeof Round>[0]["onMerged"] = (used, isDecided) => {
      decisions.used(used);
      if (isDecided) board.decided();
    };
    return new Round({ ...parts, onMerged }, after);
  }

  #settle(end: RoundEnd, head: number, remote: Remote, connection: Connection): void {
    const { board, options } = this.#parts;
    // What came while the round ran is newer than what it ended with.
    const isNewest = this.#remote === remote;
    switch (end.kind) {
      case "again":
        if (end.remoteHead !== undefined && isNewest) this.#remote = { commit: end.remoteHead };
        break;
      case "synced":
        if (isNewest) this.#remote = { commit: end.remoteHead };
        board.phase(
          { kind: "up-to-date" },
          {
            remoteHead: this.#remote.commit,
            syncedAt: options.world.now(),
            ...(connection.head <= Math.max(head, end.seq ?? 0) ? { behind: 0 } : {}),
          },
        );
        break;
      case "waits":
        board.phase(end.phase);
        break;
    }
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
