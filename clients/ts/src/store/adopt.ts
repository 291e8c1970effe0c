import { parseJson } from "@gitblobs/protocol";
import { isHash, type StoredObject } from "./objects.ts";
import { readObject } from "./read-object.ts";

/** The part of `localStorage` that is read. */
export interface TextStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
}

/** What an original web client left behind. */
export interface LocalData {
  readonly head: string;
  readonly objects: readonly StoredObject[];
  /** Keys whose values could not be read; they are left where they are. */
  readonly unreadable: readonly string[];
}

/**
 * Finds the data of an original web client (FORMAT.md 3.2; its prefix is `dev`); undefined when there is none. Nothing
 * is changed, and hashes are not checked yet.
 */
export function readLocalData(storage: TextStorage, prefix: string): LocalData | undefined {
  const head = parseHead(storage.getItem(`${prefix}/head`));
  if (head === undefined) return undefined;
  const objects: StoredObject[] = [];
  const unreadable: string[] = [];
  for (let i = 0; i < storage.length; i++) {
    const key = storage.key(i);
    if (key?.startsWith(`${prefix}/objects/`) !== true) continue;
    const object = readObject(parseJson(storage.getItem(key) ?? "")?.value);
    if (object !== undefined && key.endsWith(`/${object.hash}`)) objects.push(object);
    else unreadable.push(key);
  }
  return { head, objects, unreadable };
}

function parseHead(text: string | null): string | undefined {
  const value = text === null ? undefined : parseJson(text)?.value;
  if (typeof value !== "object" || value === null || !("value" in value)) return undefined;
  return isHash(value.value) ? value.value : undefined;
}
