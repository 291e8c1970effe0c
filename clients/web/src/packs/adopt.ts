import { importPack, type Pack } from "@gitblobs/client/pack";
import {
  MemoryStorage,
  type LocalData,
  type ObjectOf,
  type StoredObject,
} from "@gitblobs/client/store";
import { provideStore } from "../replica/provide-store.ts";
import { Replica, type Owner } from "../replica/replica.ts";
import { run } from "../ui/toast.tsx";
import { withProgress } from "../ui/work.tsx";
import { takePack, type Imported } from "./transfer.ts";

/**
 * Brings what an earlier GitBlobsDB page left in this browser into a store, checked and merged as a backup of it would
 * be. The data stays where it is.
 *
 * @throws PackError when something of it is damaged or missing; the store is as it was
 */
export async function adopt(user: Owner, store: string, found: LocalData): Promise<Imported> {
  return withProgress("Bringing in the earlier data", async (report) => {
    const pack = packOf(found);
    // Tried aside first: what is refused must not leave an empty store behind.
    await importPack(new MemoryStorage(), pack);
    await provideStore(store);
    const replica = await Replica.open(user, store);
    try {
      return await takePack(replica, pack, report);
    } finally {
      // What was taken in is here, however long its sync takes to end.
      run(() => replica.close());
    }
  });
}

/** The same data as a full backup. */
function packOf({ head, objects }: LocalData): Pack {
  return {
    header: { version: "1", timestamp: new Date().toString(), others: { commit_head: head } },
    blobs: ofType(objects, "blob"),
    metadata: ofType(objects, "metadata"),
    trees: ofType(objects, "tree"),
    commits: ofType(objects, "commit"),
  };
}

function ofType<T extends StoredObject["type"]>(
  objects: readonly StoredObject[],
  type: T,
): ObjectOf<T>[] {
  return objects.filter((object): object is ObjectOf<T> => object.type === type);
}
