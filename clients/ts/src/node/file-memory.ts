import { resolve } from "node:path";
import * as v from "valibot";
import { readUndecided } from "../history/undecided.ts";
import type { Cursor, SyncMemory } from "../sync/sync-memory.ts";
import { parsed, readText, writePrivately } from "./private-file.ts";

const cursorForm = v.object({
  store: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  epoch: v.string(),
  after: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/**
 * Keeps a sync's cursor in a file beside the local copy, for programs in Node and Bun, and what is undecided in another one
 * beside that (`.undecided` behind its name). A file that holds none counts as none: the next sync looks for what is
 * missing.
 *
 * @example
 * ```ts
 * const memory = fileMemory("state/notes.cursor.json");
 * ```
 */
export function fileMemory(path: string): SyncMemory {
  const file = resolve(path);
  const undecided = `${file}.undecided`;
  return {
    load: async () => readCursor(parsed(await readText(file))),
    save: (cursor) => writePrivately(file, JSON.stringify(cursor)),
    loadUndecided: async () => readUndecided(parsed(await readText(undecided))),
    saveUndecided: (files) => writePrivately(undecided, JSON.stringify(files)),
  };
}

function readCursor(value: unknown): Cursor | undefined {
  const result = v.safeParse(cursorForm, value);
  return result.success ? result.output : undefined;
}
