import type { ClientOp } from "./client-ops.ts";
import { encodeBinary } from "./codec.ts";
import type { TypeLabel } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import type { Objects, ServerOp } from "./server-ops.ts";
import { toJson } from "./json.ts";

/** One whole object: its bytes are what was hashed. */
export interface WireObject {
  readonly type: TypeLabel;
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** The objects an `objects` operation carries; their bytes are views, and not verified yet. */
export function objectsIn(op: Objects): WireObject[] {
  let offset = 0;
  return op.items.map(([type, hash, size]) => {
    const bytes = op.bytes.subarray(offset, offset + size);
    offset += size;
    return { type, hash, bytes };
  });
}

/** Above this an object cannot be `put` and travels in chunks. */
export const PUT_BYTES = LIMITS.putBytes;

/** Cuts operations into binary frames no larger than the limits; each operation must fit a frame alone. */
export function* batchFrames(
  ops: Iterable<ClientOp | ServerOp>,
): Generator<Uint8Array<ArrayBuffer>, void> {
  let batch: (ClientOp | ServerOp)[] = [];
  let bytes = 16;
  for (const op of ops) {
    const size = weight(op);
    if (
      batch.length > 0 &&
      (batch.length === LIMITS.opsPerFrame || bytes + size > LIMITS.frameBytes)
    ) {
      yield encodeBinary(batch);
      batch = [];
      bytes = 16;
    }
    batch.push(op);
    bytes += size;
  }
  if (batch.length > 0) yield encodeBinary(batch);
}

/** Bytes an operation takes in a frame, comma and body included. */
function weight(op: ClientOp | ServerOp): number {
  if (!("bytes" in op) || typeof op.bytes === "number") return utf8Weight(toJson(op));
  const { bytes, ...header } = op;
  return utf8Weight(toJson(header)) + bytes.byteLength;
}

const UTF8 = new TextEncoder();
const utf8Weight = (text: string): number => UTF8.encode(text).byteLength + 1;
