import { resolve } from "node:path";
import * as v from "valibot";
import type { Cursor, SyncMemory } from "../sync/sync-memory.ts";
import { readText, writePrivately } from "./private-file.ts";

const cursorForm = v.object({
  store: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  epoch: v.string(),
  after: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/**
 * Keeps a sync's cursor in a file beside the local copy, for programs in Node and Bun. A file that holds none counts as
 * none: the next sync looks for what is missing.
 *
 * @example
 * ```ts
 * const memory = fileMemory("state/notes.cursor.json");
 * ```
 */
export function fileMemory(path: string): SyncMemory {
  const file = resolve(path);
  return {
    load: async () => readCursor((await readText(file)) ?? ""),
    save: (cursor) => writePrivately(file, JSON.stringify(cursor)),
  };
}

function readCursor(text: string): Cursor | undefined {
  try {
    const result = v.safeParse(cursorForm, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
