import type { Presence } from "../server-ops.ts";
import type { Conflict } from "../history/tree-merge.ts";

/** A device that is connected to the same store. */
export type Device = Presence["devices"][number];

/** Where a store's sync stands. */
export type Phase =
  /** Not connected; changes are kept and pushed later. */
  | { readonly kind: "offline" }
  | { readonly kind: "connecting" }
  | { readonly kind: "syncing"; readonly doing: "receiving" | "sending" | "merging" }
  | { readonly kind: "up-to-date" }
  /** Both sides changed these files: waits for `resolve`. */
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
  /** Not synchronising until started again. */
  | { readonly kind: "stopped"; readonly code: string; readonly message: string };

export interface SyncStatus {
  readonly phase: Phase;
  /** The commit the relay stands at, as last heard; null when it has none, undefined when it was never heard. */
  readonly remoteHead?: string | null;
  /** Events of the relay that are not here yet. */
  readonly behind: number;
  /** Objects done and, where it is known, to do, while a transfer runs. */
  readonly progress?: { readonly done: number; readonly total?: number };
  readonly devices: readonly Device[];
  /** Bytes and objects used by the user's stores, and how many may be. */
  readonly quota?: {
    readonly usedBytes: number;
    readonly quotaBytes: number;
    readonly usedObjects: number;
    readonly quotaObjects: number;
  };
  /** When everything here was last known to be everything there; milliseconds since 1970. */
  readonly syncedAt?: number;
}

export const INITIAL_STATUS: SyncStatus = {
  phase: { kind: "offline" },
  behind: 0,
  devices: [],
};
