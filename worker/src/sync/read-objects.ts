import { LIMITS, type Key, type ServerOp, type SizedKey } from "@gitblobs/protocol";
import { fromBase64 } from "./base64.ts";
import { readChunk } from "./chunk-table.ts";
import { findSizes, readObjects } from "./object-table.ts";
import type { SyncDeps } from "./piece.ts";

/** Bytes of bodies in one frame: the header of a thousand small objects still fits beside them. */
const FRAME_BODY_BYTES = 900_000;

/** How much one answer may still bring. */
export interface Budget {
  bytes: number;
  gone: number;
}

/** The budget of a fresh page. */
export const freshBudget = (): Budget => ({ bytes: LIMITS.pageBytes, gone: LIMITS.gonePerPage });

/** Takes one operation with bodies; waits until the reader keeps up. */
export type Sink = (op: ServerOp) => Promise<void>;

interface SizeRow {
  readonly i: number;
  readonly id: number;
  readonly size: number;
  readonly inline: number;
}

/**
 * Sends the objects of a list in order until the budget is used up, adding those that are not there to `gone`.
 * Gives back how many of the list were dealt with. The database is asked for at most 1000 names and one frame of bytes at a time.
 */
export async function sendObjects(
  deps: SyncDeps,
  id: number,
  keys: readonly (Key | SizedKey)[],
  budget: Budget,
  gone: Key[],
  sink: Sink,
): Promise<number> {
  const { results } = await findSizes(deps.db, deps.scope, keys, deps.now).all<SizeRow>();
  const rows = new Map(results.map((row) => [row.i, row]));
  let batch: SizeRow[] = [];
  let batchBytes = 0;
  const flush = async () => {
    await sendInline(deps, id, keys, batch, gone, sink);
    batch = [];
    batchBytes = 0;
  };
  let index = 0;
  for (; index < keys.length && budget.bytes > 0 && budget.gone > 0; index++) {
    const row = rows.get(index);
    if (row === undefined) {
      pushKey(gone, keys[index]);
      budget.gone -= 1;
      continue;
    }
    budget.bytes -= row.size;
    if (row.inline === 0) {
      await flush();
      const isWhole = await sendParts(deps, id, keys[index], row.size, sink);
      if (!isWhole) {
        pushKey(gone, keys[index]);
        budget.gone -= 1;
      }
      continue;
    }
    if (batchBytes + row.size > FRAME_BODY_BYTES || batch.length === LIMITS.objectsPerOp) {
      await flush();
    }
    batch.push(row);
    batchBytes += row.size;
  }
  await flush();
  return index;
}

function pushKey(keys: Key[], key: Key | SizedKey | undefined): void {
  if (key !== undefined) keys.push([key[0], key[1]]);
}

async function sendInline(
  deps: SyncDeps,
  id: number,
  keys: readonly (Key | SizedKey)[],
  batch: readonly SizeRow[],
  gone: Key[],
  sink: Sink,
): Promise<void> {
  if (batch.length === 0) return;
  const ids = batch.map((row) => row.id);
  const { results } = await readObjects(deps.db, deps.scope, ids, deps.now).all<{
    id: number;
    data: string;
  }>();
  const data = new Map(results.map((row) => [row.id, row.data]));
  const items: SizedKey[] = [];
  const bytes = new Uint8Array(batch.reduce((sum, row) => sum + row.size, 0));
  let end = 0;
  for (const row of batch) {
    const base64 = data.get(row.id);
    const key = keys[row.i];
    if (base64 === undefined || key === undefined) {
      pushKey(gone, key);
      continue;
    }
    bytes.set(fromBase64(base64), end);
    end += row.size;
    items.push([key[0], key[1], row.size]);
  }
  if (items.length > 0) await sink({ op: "objects", id, items, bytes: bytes.subarray(0, end) });
}

/** Sends a large object piece by piece; false if it vanished meanwhile, so that what was sent is not all of it. */
async function sendParts(
  deps: SyncDeps,
  id: number,
  key: Key | SizedKey | undefined,
  size: number,
  sink: Sink,
): Promise<boolean> {
  if (key === undefined) return false;
  const [type, hash] = key;
  for (let offset = 0; offset < size;) {
    const piece = await readChunk(deps.db, deps.scope, { type, hash }, offset);
    if (piece?.offset !== offset) return false;
    const bytes = fromBase64(piece.data);
    await sink({ op: "part", id, type, hash, size, offset, len: bytes.byteLength, bytes });
    offset += bytes.byteLength;
  }
  return true;
}
