import type { Key, SizedKey } from "@gitblobs/protocol";
import { pushesBetween, readPushLists, type PushRow } from "./event-table.ts";
import { decodeList } from "./object-list.ts";
import { sliced, type SyncDeps } from "./piece.ts";
import { isSpent, sendObjects, type Budget, type Sink } from "./read-objects.ts";

/** Where a `fetch` goes on: in the push `seq`, at one of its lists, at that list's `index`th object. */
export interface FetchCursor {
  readonly seq: number;
  readonly list: number;
  readonly index: number;
}

/** Pushes one page looks at: each is a row to read. */
const pagePushes = 5_000;
/** Names read at once: about 5 MB of lists, unless one push has more. */
const listedObjects = 64_000;
/** Pushes whose lists are read at once. */
const listedPushes = 2_500;

/** Writes a cursor as `next`. */
export const encodeCursor = (c: FetchCursor): string => `${c.seq}.${c.list}.${c.index}`;

/** Reads `next`; undefined if it is not a cursor. */
export function decodeCursor(next: string): FetchCursor | undefined {
  const match = /^(\d{1,15})\.(\d{1,15})\.(\d{1,5})$/.exec(next);
  const [seq, list, index] = (match ?? []).slice(1).map(Number);
  return seq === undefined || list === undefined || index === undefined
    ? undefined
    : { seq, list, index };
}

/** A list of a push. */
interface PushList {
  readonly seq: number;
  readonly part: number;
  readonly objects: readonly SizedKey[];
}

/**
 * Sends every object of the pushes from a place on, up to `until`, each once per page. Gives back where to go on, or
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
  const { db, scope, now } = deps;
  const { results } = await pushesBetween(
    db,
    scope,
    from.seq,
    until,
    pagePushes + 1,
    now,
  ).all<PushRow>();
  const sent = new Set<string>();
  const page = results.slice(0, pagePushes);
  for (const some of sliced(page, ({ objects }) => objects, listedObjects, listedPushes)) {
    const lists = await listsOf(deps, some, from);
    const stop = await sendLists(deps, id, lists, from, { budget, gone, sink, sent });
    if (stop !== undefined) return stop;
  }
  const beyond = results[pagePushes];
  return beyond === undefined ? undefined : { seq: beyond.seq, list: 0, index: 0 };
}

async function listsOf(
  { db, scope }: SyncDeps,
  pushes: readonly PushRow[],
  from: FetchCursor,
): Promise<readonly PushList[]> {
  const seqs = pushes.map(({ seq }) => seq);
  const { results } = await readPushLists(db, scope, seqs).all<{
    seq: number;
    part: number;
    list: string;
  }>();
  return results
    .filter(({ seq, part }) => seq > from.seq || part >= from.list)
    .map(({ seq, part, list }) => ({ seq, part, objects: decodeList(list) }));
}

/** What one page shares over all its lists. */
interface Page {
  readonly budget: Budget;
  readonly gone: Key[];
  readonly sink: Sink;
  readonly sent: Set<string>;
}

/** Sends lists, as if they were one: what lies together is read together. Gives back where the page ended. */
async function sendLists(
  deps: SyncDeps,
  id: number,
  lists: readonly PushList[],
  from: FetchCursor,
  { budget, gone, sink, sent }: Page,
): Promise<FetchCursor | undefined> {
  const fresh: SizedKey[] = [];
  const cursors: FetchCursor[] = [];
  for (const { seq, part, objects } of lists) {
    const begin = seq === from.seq && part === from.list ? from.index : 0;
    for (let index = begin; index < objects.length; index++) {
      const object = objects[index];
      if (object === undefined) continue;
      const name = `${object[0]} ${object[1]}`;
      if (sent.has(name)) continue;
      sent.add(name);
      fresh.push(object);
      cursors.push({ seq, list: part, index });
    }
  }
  const done = await sendObjects(deps, id, fresh, budget, gone, sink);
  if (done < fresh.length) return cursors[done];
  const last = lists.at(-1);
  // Spent with the very last object: the next page begins behind this list.
  return last !== undefined && isSpent(budget)
    ? { seq: last.seq, list: last.part + 1, index: 0 }
    : undefined;
}
