import { LIMITS, PUT_BYTES, type Key, type SizedKey, type WireObject } from "@gitblobs/protocol";
import { requireObject, type ObjectStorage } from "../store/storage.ts";
import { wireBytes } from "../store/wire.ts";
import type { Connection } from "./connection.ts";
import type { RequestOp } from "./requests.ts";
import type { ObjectKey } from "../store/objects.ts";

/** Bodies that may be on the way unanswered, and in memory. */
const SLICE_BYTES = 4 * 1024 * 1024;

/** Told as bodies are stored. */
export type Progress = (doneObjects: number, totalObjects: number) => void;

/** An object cannot be pushed: it does not match its hash (a shallow root), or the relay will not take it. */
export class CannotPush extends Error {
  override readonly name = "CannotPush";
  constructor(
    readonly reason: "shallow" | "over",
    readonly key: Key,
  ) {
    super(`the ${key[0]} ${key[1]} cannot be pushed`);
  }
}

/**
 * Declares objects under a push and sends those the relay needs; returns when all of them are stored there.
 *
 * @throws CannotPush, RequestRefused, ConnectionClosed, BrokenStoreError
 */
export async function uploadObjects(
  connection: Connection,
  storage: ObjectStorage,
  mid: string,
  keys: readonly ObjectKey[],
  onProgress: Progress,
): Promise<void> {
  let done = 0;
  for await (const slice of slices(storage, keys)) {
    const objects = slice.map(({ type, hash, bytes }): SizedKey => [type, hash, bytes.length]);
    const want = await connection.request({ op: "have", mid, objects });
    if (want.op !== "want") throw new TypeError(`the relay answered ${want.op} to have`);
    const over = slice[want.over[0] ?? -1];
    if (over !== undefined) throw new CannotPush("over", [over.type, over.hash]);
    await sendObjects(
      connection,
      want.need.map((index) => slice[index]).filter((o) => o !== undefined),
    );
    done += slice.length;
    onProgress(done, keys.length);
  }
}

/** Reads objects a slice at a time, each small enough to keep in memory. */
async function* slices(
  storage: ObjectStorage,
  keys: readonly ObjectKey[],
): AsyncGenerator<WireObject[], void> {
  let slice: WireObject[] = [];
  let size = 0;
  for (const [type, hash] of keys) {
    const bytes = await wireBytes(await requireObject(storage, type, hash));
    if (bytes === undefined) throw new CannotPush("shallow", [type, hash]);
    if (slice.length === LIMITS.objectsPerOp || (size > 0 && size + bytes.length > SLICE_BYTES)) {
      yield slice;
      slice = [];
      size = 0;
    }
    slice.push({ type, hash, bytes });
    size += bytes.length;
  }
  if (slice.length > 0) yield slice;
}

/** Puts objects, large ones in chunks. */
export async function sendObjects(
  connection: Connection,
  objects: readonly WireObject[],
): Promise<void> {
  const small = objects.filter(({ bytes }) => bytes.length <= PUT_BYTES);
  const puts = small.map(({ type, hash, bytes }): RequestOp => ({
    op: "put",
    type,
    hash,
    len: bytes.length,
    bytes,
  }));
  if (puts.length > 0) await Promise.all(connection.requestAll(puts));
  for (const object of objects)
    if (object.bytes.length > PUT_BYTES) await sendChunks(connection, object);
}

/** Sends the first piece, then goes on from where the relay says it is: pieces of an earlier try still count. */
async function sendChunks(
  connection: Connection,
  { type, hash, bytes }: WireObject,
): Promise<void> {
  for (let offset = 0; offset < bytes.length;) {
    const body = bytes.subarray(offset, offset + LIMITS.chunkBytes);
    const [size, len] = [bytes.length, body.length];
    const ok = await connection.request({
      op: "chunk",
      type,
      hash,
      size,
      offset,
      len,
      bytes: body,
    });
    if (ok.op !== "ok") throw new TypeError(`the relay answered ${ok.op} to chunk`);
    if (ok.state !== undefined) return;
    if ((ok.upto ?? 0) <= offset) throw new RangeError("the relay takes no more of an object");
    offset = ok.upto ?? 0;
  }
}
