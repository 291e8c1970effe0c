import type { SyncStatus } from "@gitblobs/client";
import type { Conflict } from "@gitblobs/client/history";
import type { Replica } from "../replica/replica.ts";
import { useValue } from "../ui/value.ts";
import { pendingMerge, type PendingMerge } from "./pending-merge.ts";

/** What waits for the user's decision in a store. */
export type Undecided =
  | { readonly kind: "none" }
  | { readonly kind: "import"; readonly pending: PendingMerge }
  | { readonly kind: "conflict"; readonly conflicts: readonly Conflict[] }
  | { readonly kind: "unrelated" };

/** What waits in this store now: an import that the user began comes before the sync. */
export function useUndecided(replica: Replica): Undecided {
  const status = useValue(replica.status);
  const pending = useValue(pendingMerge);
  return pending?.store === replica.store ? { kind: "import", pending } : ofSync(status);
}

function ofSync({ undecided }: SyncStatus): Undecided {
  switch (undecided?.kind) {
    case "conflict":
      return { kind: "conflict", conflicts: undecided.conflicts };
    case "unrelated":
      return { kind: "unrelated" };
    case undefined:
      return { kind: "none" };
  }
}
