import type { Key, ServerOp } from "@gitblobs/protocol";
import { failure } from "../sync/failure.ts";
import type { Outcome } from "../sync/piece.ts";
import type { SyncWrite } from "../sync/write-group.ts";
import type { Peer } from "./peer.ts";

/** One write of a peer, waiting for its group. */
export interface Write {
  readonly peer: Peer;
  readonly id: number;
  /** About what it adds to the statements of a batch. */
  readonly bytes: number;
  /** The object it may complete. */
  readonly object?: Key;
  readonly write: SyncWrite;
}

/** A write and how it came out. */
export interface Settled {
  readonly write: Write;
  readonly outcome: Outcome;
}

/**
 * What one batch may hold. Its statements are few, whatever the number of writes; but the database, one thread that all
 * users share, is with a batch until it is done: about 15 ms for so many publications or bytes, where others wait.
 */
const maxGroupBytes = 2_000_000;
const maxGroupPublications = 256;
const maxGroupWrites = 4_096;

/** What a put adds to its statement besides its base64: type, hash, size and expiry in JSON, twice the name. */
export const putRowBytes = 320;

/**
 * Takes the next group off the queue: as many writes as one batch may hold, in order. A piece that finishes its object
 * ends it: what follows may need the object, which is only seen to be whole after the batch. `isBegun` tells whether
 * there may be pieces of an object before this group.
 */
export function takeGroup(queue: Write[], isBegun: (object: Key) => boolean): Write[] {
  let bytes = 0;
  let taken = 0;
  let publications = 0;
  const begun = new Set<string>();
  for (const write of queue) {
    if (taken > 0 && (taken === maxGroupWrites || bytes + write.bytes > maxGroupBytes)) break;
    if (write.write.kind === "publication" && ++publications > maxGroupPublications) break;
    bytes += write.bytes;
    taken += 1;
    if (write.write.kind !== "chunk") continue;
    const { type, hash, size, offset, len } = write.write.chunk;
    const name = `${type} ${hash}`;
    if (offset + len === size && (begun.has(name) || isBegun([type, hash]))) break;
    begun.add(name);
  }
  return queue.splice(0, taken);
}

/** The answer to a write that could not be made. */
export function refuseWrite({ id }: Write, code: "unavailable" | "internal"): ServerOp {
  return code === "unavailable"
    ? failure(id, code, "The database does not answer; send the same again.", {
        retry_after_ms: 1_000,
      })
    : failure(id, code, "The relay could not do this; send the same again later.");
}
