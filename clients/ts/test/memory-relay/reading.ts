import { LIMITS, type Fetch, type Get, type Key, type ServerOp } from "@gitblobs/protocol";
import { failure, nameOf } from "./answers.ts";
import type { EventLog } from "./event-log.ts";
import type { ObjectShelf } from "./object-shelf.ts";

/** A page of objects: what came of a list, from one of its places on. */
interface Page {
  readonly ops: readonly ServerOp[];
  readonly gone: readonly Key[];
  /** Where the next page begins; undefined after the last. */
  readonly next: number | undefined;
}

/** Answers `fetch`: the objects that the pushes of a span declared, each once. */
export function fetchPushes(log: EventLog, shelf: ObjectShelf, op: Fetch): readonly ServerOp[] {
  const [seq, index] = placeOf(op.next, op.after);
  if (seq === undefined || seq <= op.after) return [failure("bad_next", op.id)];
  const until = Math.min(op.until ?? log.head, log.head);
  const places = log
    .after(seq - 1)
    .filter((event) => event.seq <= until)
    .flatMap((event) => log.declaredBy(event).map((key, at) => ({ seq: event.seq, at, key })))
    .filter((place) => place.seq > seq || place.at >= index);
  const distinct = [...new Map(places.toReversed().map((one) => [nameOf(one.key), one])).values()];
  const ordered = distinct.toReversed();
  const page = pageOf(
    shelf,
    op.id,
    ordered.map(({ key }): Key => [key[0], key[1]]),
  );
  const rest = page.next === undefined ? undefined : ordered[page.next];
  const next = rest === undefined ? {} : { next: `${rest.seq}.0.${rest.at}` };
  const done = { op: "done", id: op.id, seq: Math.max(until, op.after), gone: [...page.gone] };
  return [...page.ops, { ...done, ...next } as ServerOp];
}

function placeOf(next: string | undefined, after: number): readonly [number | undefined, number] {
  if (next === undefined) return [after + 1, 0];
  const [, seq, at] = /^(\d+)\.0\.(\d+)$/.exec(next) ?? [];
  return [seq === undefined ? undefined : Number(seq), Number(at)];
}

/** Answers `get`. */
export function getObjects(shelf: ObjectShelf, op: Get): readonly ServerOp[] {
  const from = Number(op.next ?? 0);
  if (!Number.isInteger(from) || from >= op.objects.length) return [failure("bad_next", op.id)];
  const { ops, gone, next } = pageOf(shelf, op.id, op.objects.slice(from));
  const done = { op: "done" as const, id: op.id, gone: [...gone] };
  return [...ops, next === undefined ? done : { ...done, next: String(from + next) }];
}

/** The object that crosses the line is still sent. */
function pageOf(shelf: ObjectShelf, id: number, keys: readonly Key[]): Page {
  const ops: ServerOp[] = [];
  const gone: Key[] = [];
  let bytesLeft: number = LIMITS.pageBytes;
  for (const [index, key] of keys.entries()) {
    if (bytesLeft <= 0 || gone.length >= LIMITS.gonePerPage) return { ops, gone, next: index };
    const bytes = shelf.objects.get(nameOf(key));
    bytesLeft -= bytes?.length ?? 0;
    if (bytes === undefined) gone.push(key);
    else ops.push(...opsOf(id, key, bytes));
  }
  return { ops, gone, next: undefined };
}

function opsOf(id: number, [type, hash]: Key, bytes: Uint8Array): ServerOp[] {
  const size = bytes.length;
  if (size < LIMITS.chunkBytes) return [{ op: "objects", id, items: [[type, hash, size]], bytes }];
  const parts: ServerOp[] = [];
  for (let offset = 0; offset < size; offset += LIMITS.chunkBytes) {
    const body = bytes.subarray(offset, offset + LIMITS.chunkBytes);
    parts.push({ op: "part", id, type, hash, size, offset, len: body.length, bytes: body });
  }
  return parts;
}
