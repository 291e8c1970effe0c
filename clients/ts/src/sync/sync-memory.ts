import type { UndecidedFile } from "../history/undecided.ts";

/** The store a copy belongs to, and the last event whose objects are here, with the epoch that one belongs to. */
export interface Cursor {
  /** The store's id: its name may be another store's by now. */
  readonly store: number;
  readonly epoch: string;
  readonly after: number;
}

/**
 * Keeps the cursor beside the local copy. Losing it costs time; and a copy of a store that was removed is taken for one of
 * the store that has its name then. Beside it, what waits for the user's decision: losing that loses the question, and
 * this side's versions are in the history alone.
 */
export interface SyncMemory {
  load(): Promise<Cursor | undefined>;
  save(cursor: Cursor): Promise<void>;
  loadUndecided(): Promise<readonly UndecidedFile[]>;
  saveUndecided(files: readonly UndecidedFile[]): Promise<void>;
}

/**
 * A memory that lives as long as the process.
 *
 * @example
 * ```ts
 * const sync = new Sync({ ...options, memory: volatileMemory() });
 * ```
 */
export function volatileMemory(): SyncMemory {
  let kept: Cursor | undefined;
  let undecided: readonly UndecidedFile[] = [];
  return {
    load: () => Promise.resolve(kept),
    save: (cursor) => {
      kept = cursor;
      return Promise.resolve();
    },
    loadUndecided: () => Promise.resolve(undecided),
    saveUndecided: (files) => {
      undecided = files;
      return Promise.resolve();
    },
  };
}
