import { keep, readKept } from "../ui/kept.ts";

/** Which stores have a copy in this browser, by user: IndexedDB itself cannot be asked everywhere. */
const key = (userId: string) => `gitblobs/copies/${userId}`;

/** Names of the stores with a local copy, sorted. */
export function localStores(userId: string): string[] {
  try {
    const value: unknown = JSON.parse(readKept(key(userId)) ?? "[]");
    return Array.isArray(value) ? value.filter((name) => typeof name === "string").sort() : [];
  } catch {
    return [];
  }
}

/** Notes that a store has a local copy. */
export function rememberStore(userId: string, store: string): void {
  const stores = new Set(localStores(userId)).add(store);
  keep(key(userId), JSON.stringify([...stores]));
}

/** Name of a store's database. */
export const databaseName = (userId: string, store: string): string =>
  `gitblobs/${userId}/${store}`;

/** Deletes the local copy of a store, with changes that were not pushed. */
export async function forgetStore(userId: string, store: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(databaseName(userId, store));
    request.onsuccess = () => {
      resolve();
    };
    request.onerror = () => {
      reject(request.error ?? new Error("the local copy cannot be deleted"));
    };
  });
  const rest = localStores(userId).filter((name) => name !== store);
  keep(key(userId), JSON.stringify(rest));
}
