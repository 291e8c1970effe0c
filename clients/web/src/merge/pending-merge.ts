import type { Conflict, UnrelatedPolicy } from "@gitblobs/client/history";
import { createValue } from "../ui/value.ts";

/** A merge the user asked for (an import) that waits for decisions; merges of the sync are in its status. */
export interface PendingMerge {
  readonly store: string;
  readonly theirs: string;
  readonly unrelated: UnrelatedPolicy;
  readonly conflicts: readonly Conflict[];
}

export const pendingMerge = createValue<PendingMerge | null>(null);
