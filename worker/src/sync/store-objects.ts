import { createHash } from "node:crypto";
import type { Put } from "@gitblobs/protocol";
import { toBase64 } from "./base64.ts";
import { failure } from "./failure.ts";
import {
  findExceptions,
  insertObjects,
  insertWhatFits,
  removeExpired,
  type Exception,
  type NewObject,
} from "./object-table.ts";
import { answer, rowsOf, type Outcome, type Piece, type SyncDeps } from "./piece.ts";
import { expiryOf } from "./settings.ts";

/** A put whose bytes were found to have its hash. */
export interface VerifiedPut {
  readonly id: number;
  readonly object: NewObject;
}

/** Expired rows removed at once when a quota is full. */
const makeRoomRows = 500;

/** Checks a put against its hash, once; undefined if it does not match. */
export function verifyPut(deps: SyncDeps, put: Put): VerifiedPut | undefined {
  if (hashOf(put.bytes) !== put.hash) return undefined;
  return {
    id: put.id,
    object: {
      type: put.type,
      hash: put.hash,
      size: put.len,
      base64: toBase64(put.bytes),
      expiresAt: expiryOf(deps.settings, deps.now, put.ttl),
    },
  };
}

/** The hash every object must have: SHA-256 of its bytes, in lower-case hex. */
export const hashOf = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

/**
 * Stores verified objects: two statements, whatever their number. The quota counts them as if all were new; only when
 * that does not fit is it looked at which of them are, and room made from what has expired.
 */
export function storeObjects(deps: SyncDeps, puts: readonly VerifiedPut[]): Piece {
  const { db, scope, settings, now } = deps;
  const { objects, places } = distinct(puts);
  return {
    statements: [
      insertObjects(db, scope, objects, settings, now),
      findExceptions(db, scope, objects, now),
    ],
    settle: async ([, found]) => {
      let exceptions = rowsOf<Exception>(found);
      if (exceptions.some((one) => isNotStored(one, objects))) {
        const [, , again] = await db.batch([
          removeExpired(db, scope, now, makeRoomRows),
          insertWhatFits(db, scope, objects, settings, now),
          findExceptions(db, scope, objects, now),
        ]);
        exceptions = rowsOf<Exception>(again);
      }
      const byPlace = new Map(exceptions.map((one) => [one.i, one]));
      return puts.map((put, i) => {
        const place = places[i] ?? i;
        return settlePut(put, byPlace.get(place), objects[place]);
      });
    },
  };
}

/** Not there, or there but not extended as asked: then the whole statement did nothing. */
const isNotStored = ({ i, expires_at }: Exception, objects: readonly NewObject[]): boolean =>
  expires_at === null || expires_at < (objects[i]?.expiresAt ?? 0);

function settlePut(
  put: VerifiedPut,
  exception: Exception | undefined,
  object: NewObject = put.object,
): Outcome {
  if (exception?.expires_at === null) {
    return answer(failure(put.id, "quota", "The quota is used up; remove data or ask for more."));
  }
  return answer({
    op: "ok",
    id: put.id,
    state: exception?.known === 1 ? "known" : "stored",
    expires_at: exception?.expires_at ?? object.expiresAt,
  });
}

/** Each object once, for the longest time that was asked, and where each put's object is among them. */
function distinct(puts: readonly VerifiedPut[]) {
  const objects: NewObject[] = [];
  const known = new Map<string, number>();
  const places = puts.map(({ object }) => {
    const name = `${object.type} ${object.hash}`;
    const place = known.get(name) ?? objects.length;
    known.set(name, place);
    const before = objects[place];
    if (before === undefined || before.expiresAt < object.expiresAt) objects[place] = object;
    return place;
  });
  return { objects, places };
}
