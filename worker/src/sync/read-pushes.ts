import { type Key, type SizedKey, fields } from "@gitblobs/protocol";
import * as v from "valibot";
import { partsBetween } from "./event-table.ts";
import type { SyncDeps } from "./piece.ts";
import { sendObjects, type Budget, type Sink } from "./read-objects.ts";

/** Where a `fetch` goes on: in the push `seq`, at one of its lists by row, at that list's `index`th object. */
export interface FetchCursor {
  readonly seq: number;
  readonly list: number;
  readonly index: number;
}

/** Writes a cursor as `next`. */
export const encodeCursor = (c: FetchCursor): string => `${c.seq}.${c.list}.${c.index}`;

/** Reads `next`; undefined if it is not a cursor. */
export function decodeCursor(next: string): FetchCursor | undefined {
  const match = /^(\d{1,15})\.(\d{1,15})\.(\d{1,4})$/.exec(next);
  const [seq, list, index] = (match ?? []).slice(1).map(Number);
  return seq === undefined || list === undefined || index === undefined
    ? undefined
    : { seq, list, index };
}

const listSchema = v.array(fields.sizedKey);

/**
 * Sends every object of the pushes after `from` up to `until`, each once per page. Gives back where to go on, or
 * undefined when all was sent.
 */
export async function sendPushes(
  deps: SyncDeps,
  id: number,
  from: FetchCursor,
  until: number,
  budget: Budget,
  gone: Key[],
  sink: Sink,
): Promise<FetchCursor | undefined> {
  const sent = new Set<string>();
  let cursor = from;
  for (;;) {
    const rows = await partsAt(deps, cursor, until);
    if (rows.length === 0) return undefined;
    for (const row of rows) {
      if (row.seq !== cursor.seq || row.list !== cursor.list) {
        cursor = { seq: row.seq, list: row.list, index: 0 };
      }
      const rest = listOf(row.objects).slice(cursor.index);
      const fresh = rest.filter(([type, hash]) => !sent.has(`${type} ${hash}`));
      const done = await sendObjects(deps, id, fresh, budget, gone, sink);
      for (const [type, hash] of fresh.slice(0, done)) sent.add(`${type} ${hash}`);
      const stop = fresh[done];
      if (stop !== undefined) return { ...cursor, index: cursor.index + rest.indexOf(stop) };
      cursor = { seq: row.seq, list: row.list + 1, index: 0 };
      if (budget.bytes <= 0 || budget.gone <= 0) return cursor;
    }
  }
}

async function partsAt(deps: SyncDeps, cursor: FetchCursor, until: number) {
  const { results } = await partsBetween(
    deps.db,
    deps.scope,
    { seq: cursor.seq, list: cursor.list },
    until,
    deps.now,
  ).all<{ seq: number; list: number; objects: string }>();
  return results;
}

/** The list of a row this relay wrote itself; anything else counts as empty. */
function listOf(objects: string): readonly SizedKey[] {
  const list = v.safeParse(listSchema, JSON.parse(objects));
  return list.success ? list.output : [];
}
