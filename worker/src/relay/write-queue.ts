import type { Key, ServerOp } from "@gitblobs/protocol";
import { failure } from "../sync/failure.ts";
import type { Outcome, Piece, SyncDeps } from "../sync/piece.ts";
import { storeObjects, type VerifiedPut } from "../sync/store-objects.ts";
import type { Peer } from "./peer.ts";

/** One write of a peer, waiting for its group. */
export type Write =
  | { readonly kind: "put"; readonly peer: Peer; readonly put: VerifiedPut }
  | {
      readonly kind: "other";
      readonly peer: Peer;
      readonly id: number;
      /** About what it adds to the statements of a batch. */
      readonly bytes: number;
      /** The object it may complete. */
      readonly object?: Key;
      compile(deps: SyncDeps): Piece;
    };

/** A write and how it came out. */
export interface Settled {
  readonly write: Write;
  readonly outcome: Outcome;
}

/** What one batch may hold: D1 wants statements below 2 MB and a batch that the free plan allows. */
const maxStatements = 40;
const maxGroupBytes = 6_000_000;
const maxStatementBytes = 1_200_000;
/** The most statements one write compiles to. */
const statementsOfOther = 5;

/** What a put adds to its statement besides its base64: type, hash, size and expiry in JSON, twice the name. */
const putRowBytes = 320;

/** About what a write adds to the statements of a batch. */
export const bytesOf = (write: Write): number =>
  write.kind === "put" ? write.put.object.base64.length + putRowBytes : write.bytes;

/** Takes the next group off the queue: as many writes as one batch may hold, in order. */
export function takeGroup(queue: Write[]): Write[] {
  let statements = 0;
  let bytes = 0;
  let putBytes = Infinity;
  let taken = 0;
  for (const write of queue) {
    const size = bytesOf(write);
    const opensStatement = write.kind === "other" || putBytes + size > maxStatementBytes;
    const cost = write.kind === "other" ? statementsOfOther : opensStatement ? 2 : 0;
    if (taken > 0 && (statements + cost > maxStatements || bytes + size > maxGroupBytes)) break;
    statements += cost;
    bytes += size;
    if (write.kind === "put") putBytes = opensStatement ? size : putBytes + size;
    taken += 1;
  }
  return queue.splice(0, taken);
}

/** A piece of a group and the writes it settles, in order. */
export interface GroupPiece {
  readonly piece: Piece;
  readonly writes: readonly Write[];
}

/** Compiles a group: all objects first, packed into few statements, then the rest in order. */
export function compileGroup(deps: SyncDeps, group: readonly Write[]): GroupPiece[] {
  const pieces: GroupPiece[] = [];
  let puts: (Write & { kind: "put" })[] = [];
  let bytes = 0;
  const flush = () => {
    if (puts.length === 0) return;
    const piece = storeObjects(
      deps,
      puts.map((write) => write.put),
    );
    pieces.push({ piece, writes: puts });
    puts = [];
    bytes = 0;
  };
  for (const write of group) {
    if (write.kind !== "put") continue;
    const size = bytesOf(write);
    if (bytes + size > maxStatementBytes) flush();
    puts.push(write);
    bytes += size;
  }
  flush();
  for (const write of group) {
    if (write.kind === "other") pieces.push({ piece: write.compile(deps), writes: [write] });
  }
  return pieces;
}

/** The answer to a write that could not be made. */
export function refuseWrite(write: Write, code: "unavailable" | "internal"): ServerOp {
  const id = write.kind === "put" ? write.put.id : write.id;
  return code === "unavailable"
    ? failure(id, code, "The database does not answer; send the same again.", {
        retry_after_ms: 1_000,
      })
    : failure(id, code, "The relay could not do this; send the same again later.");
}
