/** The last event whose objects are here, and the epoch it belongs to. */
export interface Cursor {
  readonly epoch: string;
  readonly after: number;
}

/** Keeps the cursor beside the local copy; losing it costs time, nothing else. */
export interface SyncMemory {
  load(): Promise<Cursor | undefined>;
  save(cursor: Cursor): Promise<void>;
}

/** A memory that lives as long as the process. */
export function volatileMemory(): SyncMemory {
  let kept: Cursor | undefined;
  return {
    load: () => Promise.resolve(kept),
    save: (cursor) => {
      kept = cursor;
      return Promise.resolve();
    },
  };
}
