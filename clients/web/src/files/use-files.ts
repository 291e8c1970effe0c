import { entriesOf, treeOf, type TreeEntry } from "@gitblobs/client/store";
import type { Replica } from "../replica/replica.ts";
import { useLoaded, type Loaded } from "../ui/loaded.tsx";
import { useValue } from "../ui/value.ts";

/** The files of the head, as they change. */
export function useFiles(replica: Replica): Loaded<ReadonlyMap<string, TreeEntry>> {
  const head = useValue(replica.head);
  return useLoaded(async () => {
    if (head === null) return new Map<string, TreeEntry>();
    return entriesOf(await treeOf(replica.storage, head));
  }, head ?? "empty");
}
