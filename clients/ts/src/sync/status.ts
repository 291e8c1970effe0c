import type { Conflict } from "../history/tree-merge.ts";
import type { Presence } from "@gitblobs/protocol";
import type { Problem } from "./problem.ts";

/** A device that is connected to the same store. */
export type Device = Presence["devices"][number];

/** Where a store's sync stands. */
export type Phase =
  /** Not connected; changes are kept and pushed later. `problem` says why, where that is known. */
  | { readonly kind: "offline"; readonly problem?: Problem }
  /** Asking for a ticket, or waiting for the relay's welcome. */
  | { readonly kind: "connecting" }
  /** Bringing the local copy and the relay to the same commit. */
  | { readonly kind: "syncing"; readonly doing: "receiving" | "sending" | "merging" }
  /** Everything here is there, and the other way round; live events follow. */
  | { readonly kind: "up-to-date" }
  /**
   * Both sides changed these files: waits for `resolve`. All else is here and there: until they are decided, the files are as
   * the other side has them, and `ours` is the commit that has them as they were here.
   */
  | {
      readonly kind: "conflict";
      readonly ours: string;
      readonly theirs: string;
      readonly conflicts: readonly Conflict[];
    }
  /** The local history and the relay's have no common commit: waits for `chooseUnrelated`. */
  | { readonly kind: "unrelated"; readonly ours: string; readonly theirs: string }
  /** The relay no longer has what is needed; other devices were asked. */
  | { readonly kind: "waiting"; readonly missing: number }
  /** Something stands in the way that only the user can change; `code` says what, for programs. */
  | { readonly kind: "blocked"; readonly code: string; readonly message: string }
  /**
   * Not synchronising until started again. `no_store`: there is none of that name; `store_removed`: there was, and what is
   * here is kept. Both wait for the user to say whether the store is made: `Sync.makeStore`.
   */
  | { readonly kind: "stopped"; readonly code: string; readonly message: string };

/** How things stand between a local copy and its store; a new object with each change. */
export interface SyncStatus {
  readonly phase: Phase;
  /**
   * What waits for the user's decision. Phases come and go meanwhile (a note from another device, a lost connection, a
   * local commit), this stays until it is settled, or until either side changed: then the new question takes its place.
   * A conflict here names every file in conflict, also those that `resolve` decided already; so a program keeps what
   * the user chose for each file whose entries are still the same, and decides all of them together.
   */
  readonly undecided?: Extract<Phase, { readonly kind: "conflict" | "unrelated" }>;
  /** The commit the relay stands at, as last heard; null when it has none, undefined when it was never heard. */
  readonly remoteHead?: string | null;
  /** Events of the relay that are not here yet, from the moment of connecting on. */
  readonly behind: number;
  /** Objects done and, where it is known, to do, while a transfer runs. */
  readonly progress?: { readonly done: number; readonly total?: number };
  /** Who is connected to the store now, this device among them; empty while this one is not. */
  readonly devices: readonly Device[];
  /** Bytes and objects used by the user's stores, and how many may be. */
  readonly quota?: {
    readonly usedBytes: number;
    readonly quotaBytes: number;
    readonly usedObjects: number;
    readonly quotaObjects: number;
  };
  /**
   * When the first of what was pushed would leave the relay, if no device came any more; milliseconds since 1970 by the
   * relay's clock. Each device that is connected puts it off.
   */
  readonly keptUntil?: number;
  /** When everything here was last known to be everything there; milliseconds since 1970. */
  readonly syncedAt?: number;
}

/** The status of a sync that has not begun. */
export const INITIAL_STATUS: SyncStatus = {
  phase: { kind: "offline" },
  behind: 0,
  devices: [],
};
