import { createHash } from "node:crypto";
import type { Key, Put } from "@gitblobs/protocol";
import { toBase64 } from "./base64.ts";
import { failure } from "./failure.ts";
import {
  extendObject,
  findExceptions,
  insertObjects,
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
 * that does not fit are they taken one by one.
 */
export function storeObjects(deps: SyncDeps, puts: readonly VerifiedPut[]): Piece {
  const { db, scope, settings, now } = deps;
  const objects = [...new Map(puts.map((p) => [keyText(p.object), p.object])).values()];
  const keys = objects.map((object): Key => [object.type, object.hash]);
  return {
    statements: [
      insertObjects(db, scope, objects, settings, now),
      findExceptions(db, scope, keys, now),
    ],
    settle: async ([, found]) => {
      const states = new Map<string, Outcome["kind"] | "known" | "stored">();
      for (const { i, expires_at } of rowsOf<Exception>(found)) {
        const object = objects[i];
        if (object === undefined) continue;
        const there = expires_at !== null || (await storeAlone(deps, object));
        states.set(keyText(object), expires_at !== null ? "known" : there ? "stored" : "answer");
      }
      return puts.map((put) => settlePut(put, states.get(keyText(put.object)) ?? "stored"));
    },
  };
}

function settlePut(put: VerifiedPut, state: string): Outcome {
  if (state !== "known" && state !== "stored") {
    return answer(failure(put.id, "quota", "The quota is used up; remove data or ask for more."));
  }
  return answer({ op: "ok", id: put.id, state, expires_at: put.object.expiresAt });
}

/** Near the quota: makes room from what has expired, then tries this object alone. */
async function storeAlone(deps: SyncDeps, object: NewObject): Promise<boolean> {
  const { db, scope, settings, now } = deps;
  const key: Key = [object.type, object.hash];
  const [, , , found] = await db.batch<Exception>([
    extendObject(db, scope, key, object.expiresAt),
    removeExpired(db, scope, now, makeRoomRows),
    insertObjects(db, scope, [object], settings, now),
    findExceptions(db, scope, [key], now),
  ]);
  return (found?.results ?? []).every((row) => row.expires_at !== null);
}

const keyText = (object: NewObject): string => `${object.type} ${object.hash}`;
