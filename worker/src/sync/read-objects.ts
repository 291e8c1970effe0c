import { LIMITS, type Key, type ServerOp, type SizedKey } from "@gitblobs/protocol";
import { fromBase64 } from "./base64.ts";
import { readPieces } from "./chunk-table.ts";
import { packedLength } from "./object-list.ts";
import { readSpans, type Span } from "./pack-table.ts";
import type { SyncDeps } from "./piece.ts";
import type { Place } from "./stock.ts";

/** Bytes of bodies in one frame: the header of a thousand small objects still fits beside them. */
const FRAME_BODY_BYTES = 900_000;
/** Characters of base64 that one query brings, and bytes of packs it makes the database look through. */
const spanLength = 4_000_000;
const lookedBytes = 16_000_000;
/** Bytes of packs one page makes the database look through: of packs of which only little is wanted. */
const pageLookedBytes = 67_108_864;
/** Pieces of large objects read at once. */
const piecesAtOnce = 4;

/** How much one answer may still bring. */
export interface Budget {
  bytes: number;
  gone: number;
  looked: number;
}

/** The budget of a fresh page. */
export const freshBudget = (): Budget => ({
  bytes: LIMITS.pageBytes,
  gone: LIMITS.gonePerPage,
  looked: pageLookedBytes,
});

/** Whether a page is at its end. */
export const isSpent = ({ bytes, gone, looked }: Budget): boolean =>
  bytes <= 0 || gone <= 0 || looked <= 0;

/** Takes operations with bodies, a batch of a few megabytes after the other. */
export interface Sink {
  /** Waits until the reader has taken what went before and there is room for a batch; gives back what ends the batch. */
  enter(): Promise<() => void>;
  send(op: ServerOp): void;
}

/** An object that is there, and its name. */
interface Wanted {
  readonly key: Key;
  readonly place: Place;
}

/**
 * Sends the objects of a list in order until the budget is used up, adding those that are not there to `gone`. Gives
 * back how many of the list were dealt with. Objects that lie in one pack, or in many small ones, are read together.
 */
export async function sendObjects(
  deps: SyncDeps,
  id: number,
  keys: readonly (Key | SizedKey)[],
  budget: Budget,
  gone: Key[],
  sink: Sink,
): Promise<number> {
  const reader = new SpanReader(deps, id, gone, budget, sink);
  let index = 0;
  for (; index < keys.length && !isSpent(budget); index++) {
    const named = keys[index];
    if (named === undefined) continue;
    const key: Key = [named[0], named[1]];
    const place = deps.stock.find(key, deps.now);
    if (place === undefined) {
      gone.push(key);
      budget.gone -= 1;
      continue;
    }
    budget.bytes -= place.size;
    if (!place.pack.large) {
      await reader.add({ key, place });
      continue;
    }
    await reader.flush();
    if (!(await sendParts(deps, id, { key, place }, sink))) {
      gone.push(key);
      budget.gone -= 1;
    }
  }
  await reader.flush();
  return index;
}

/** Reads objects of packs as few queries as their sizes allow, and sends them in frames. */
class SpanReader {
  private wanted: Wanted[] = [];
  /** The stretch of each pack that covers what is wanted of it. */
  private readonly spans = new Map<number, { at: number; end: number }>();
  private length = 0;
  private looked = 0;

  constructor(
    private readonly deps: SyncDeps,
    private readonly id: number,
    private readonly gone: Key[],
    private readonly budget: Budget,
    private readonly sink: Sink,
  ) {}

  async add(wanted: Wanted): Promise<void> {
    const { pack, at, size } = wanted.place;
    const end = at + packedLength(size);
    const span = this.spans.get(pack.id);
    const longer =
      span === undefined
        ? end - at
        : Math.max(span.end, end) - Math.min(span.at, at) - (span.end - span.at);
    const isFull = this.wanted.length > 0 && this.length + longer > spanLength;
    const looks = span === undefined && this.looked + pack.bytes > lookedBytes;
    if (isFull || (looks && this.wanted.length > 0)) {
      await this.flush();
      await this.add(wanted);
      return;
    }
    this.wanted.push(wanted);
    this.length += longer;
    if (span === undefined) {
      this.spans.set(pack.id, { at, end });
      this.looked += pack.bytes;
      // A pack that is wanted whole costs what it brings.
      this.budget.looked -= pack.bytes;
    } else {
      span.at = Math.min(span.at, at);
      span.end = Math.max(span.end, end);
    }
  }

  /** Reads and sends what was added. */
  async flush(): Promise<void> {
    if (this.wanted.length === 0) return;
    const leave = await this.sink.enter();
    try {
      await this.sendWanted();
    } finally {
      leave();
    }
  }

  private async sendWanted(): Promise<void> {
    const { db, scope } = this.deps;
    const spans = [...this.spans].map(([pack, { at, end }]): Span => ({
      pack,
      at,
      length: end - at,
    }));
    const { results } = await readSpans(db, scope, spans).all<{ id: number; data: string }>();
    const data = new Map(results.map((row) => [row.id, row.data]));
    const { wanted } = this;
    this.wanted = [];
    let batch: [Key, string, number][] = [];
    let bytes = 0;
    for (const { key, place } of wanted) {
      const from = place.at - (this.spans.get(place.pack.id)?.at ?? 0);
      const length = packedLength(place.size);
      const base64 = data.get(place.pack.id)?.slice(from, from + length);
      if (base64?.length !== length) {
        // It went between the look and the reading.
        this.gone.push(key);
        this.budget.gone -= 1;
        continue;
      }
      if (bytes + place.size > FRAME_BODY_BYTES || batch.length === LIMITS.objectsPerOp) {
        this.send(batch, bytes);
        batch = [];
        bytes = 0;
      }
      batch.push([key, base64, place.size]);
      bytes += place.size;
    }
    this.spans.clear();
    this.length = 0;
    this.looked = 0;
    this.send(batch, bytes);
  }

  private send(batch: readonly [Key, string, number][], length: number): void {
    if (batch.length === 0) return;
    const bytes = new Uint8Array(length);
    let end = 0;
    const items = batch.map(([key, base64, size]): SizedKey => {
      bytes.set(fromBase64(base64), end);
      end += size;
      return [key[0], key[1], size];
    });
    this.sink.send({ op: "objects", id: this.id, items, bytes });
  }
}

/** Sends a large object piece by piece; false if it vanished meanwhile, so that what was sent is not all of it. */
async function sendParts(
  deps: SyncDeps,
  id: number,
  { key: [type, hash], place: { pack, size } }: Wanted,
  sink: Sink,
): Promise<boolean> {
  for (let offset = 0; offset < size;) {
    const leave = await sink.enter();
    try {
      const before = offset;
      for (const piece of await piecesFrom(deps, pack.id, offset)) {
        if (piece.offset !== offset) return false;
        const bytes = fromBase64(piece.data);
        sink.send({ op: "part", id, type, hash, size, offset, len: bytes.byteLength, bytes });
        offset += bytes.byteLength;
      }
      if (offset === before) return false;
    } finally {
      leave();
    }
  }
  return true;
}

/** The next pieces of a large object. */
async function piecesFrom(
  { db, scope }: SyncDeps,
  pack: number,
  offset: number,
): Promise<readonly { readonly offset: number; readonly data: string }[]> {
  const { results } = await readPieces(db, scope, pack, offset, piecesAtOnce).all<{
    offset: number;
    data: string;
  }>();
  return results;
}
