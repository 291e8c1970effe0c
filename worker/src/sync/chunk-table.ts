import type { ObjectType } from "@gitblobs/protocol";
import type { Scope } from "./object-table.ts";
import type { Settings } from "./settings.ts";

/** Which large object. */
export interface LargeObject {
  readonly type: ObjectType;
  readonly hash: string;
  readonly size: number;
}

/** How far an upload is: bytes there, the size it was begun with, and whether the object is whole. */
export interface UploadRow {
  readonly upto: number;
  readonly size: number | null;
  readonly whole: number | null;
}

const ofObject = "store_id = ?1 AND data_type = ?2 AND hash = ?3";
/** Subquery: the object's row among the data. */
const there = `SELECT 1 FROM sync_data WHERE ${ofObject}`;

/** Finds how far an upload is, once {@link dropBroken} has made sure that it has no hole. */
export function findUpload(
  db: D1Database,
  scope: Scope,
  object: LargeObject,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT coalesce(sum(len), 0) AS upto, min(size) AS size,
         (SELECT size FROM sync_data WHERE ${ofObject} AND expires_at > ?4) AS whole
       FROM sync_chunks WHERE ${ofObject}`,
    )
    .bind(scope.storeId, object.type, object.hash, now);
}

/** Drops an unfinished upload that has expired, or of which a piece was swept, so that a new one can begin. */
export function dropBroken(
  db: D1Database,
  scope: Scope,
  object: LargeObject,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM sync_chunks WHERE ${ofObject} AND expires_at IS NOT NULL
         AND (SELECT min(expires_at) <= ?4 OR sum(len) <> max("offset" + len)
              FROM sync_chunks WHERE ${ofObject})`,
    )
    .bind(scope.storeId, object.type, object.hash, now);
}

/** Pieces are only written anew if that makes them live this much longer: each is a megabyte. */
const renewMs = 3_600_000;

/** Lets all pieces of an unfinished upload live about as long as the newest. */
export function renewUpload(
  db: D1Database,
  scope: Scope,
  object: LargeObject,
  expiresAt: number,
): D1PreparedStatement {
  return db
    .prepare(`UPDATE sync_chunks SET expires_at = ?4 WHERE ${ofObject} AND expires_at < ?5`)
    .bind(scope.storeId, object.type, object.hash, expiresAt, expiresAt - renewMs);
}

/** Appends a piece if the upload stands exactly at its offset and the quota allows; repeating it changes nothing. */
export function appendChunk(
  db: D1Database,
  scope: Scope,
  object: LargeObject,
  chunk: { readonly offset: number; readonly len: number; readonly base64: string },
  settings: Settings,
  expiresAt: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO sync_chunks (user_id, store_id, data_type, hash, size, "offset", len, data, expires_at)
       SELECT ?4, ?1, ?2, ?3, ?5, ?6, ?7, ?8, ?9
       WHERE (SELECT coalesce(max("offset" + len), 0) FROM sync_chunks WHERE ${ofObject}) = ?6
         AND NOT EXISTS (SELECT 1 FROM sync_chunks WHERE ${ofObject} AND size <> ?5)
         AND (SELECT bytes + ?7 <= ?10 AND objects + 1 <= ?11 FROM usage WHERE user_id = ?4)
       ON CONFLICT DO NOTHING`,
    )
    .bind(
      scope.storeId,
      object.type,
      object.hash,
      scope.userId,
      object.size,
      chunk.offset,
      chunk.len,
      chunk.base64,
      expiresAt,
      settings.quotaBytes,
      settings.quotaObjects,
    );
}

/** The piece that begins at or before an offset and ends after it. */
export async function readChunk(
  db: D1Database,
  scope: Scope,
  object: Pick<LargeObject, "type" | "hash">,
  offset: number,
): Promise<{ readonly offset: number; readonly data: string } | null> {
  return db
    .prepare(
      `SELECT "offset", data FROM sync_chunks WHERE ${ofObject} AND "offset" <= ?4
       ORDER BY "offset" DESC LIMIT 1`,
    )
    .bind(scope.storeId, object.type, object.hash, offset)
    .first<{ offset: number; data: string }>();
}

/**
 * Makes a whole, verified object visible if the quota allows one more; the first statement gives back when it expires.
 * An object that is there in one row needs no pieces.
 */
export function finishUpload(
  db: D1Database,
  scope: Scope,
  object: LargeObject,
  settings: Settings,
  now: number,
  expiresAt: number,
): readonly D1PreparedStatement[] {
  const key = [scope.storeId, object.type, object.hash] as const;
  return [
    db
      .prepare(
        `INSERT INTO sync_data (user_id, store_id, data_type, hash, size, data, created_at, expires_at)
         SELECT ?4, ?1, ?2, ?3, ?5, NULL, ?6, ?7
         WHERE EXISTS (${there}) OR (SELECT objects + 1 <= ?8 FROM usage WHERE user_id = ?4)
         ON CONFLICT (store_id, data_type, hash)
         DO UPDATE SET expires_at = max(expires_at, excluded.expires_at) RETURNING expires_at`,
      )
      .bind(...key, scope.userId, object.size, now, expiresAt, settings.quotaObjects),
    db
      .prepare(
        `UPDATE sync_chunks SET expires_at = NULL
         WHERE ${ofObject} AND EXISTS (${there} AND data IS NULL)`,
      )
      .bind(...key),
    db
      .prepare(
        `DELETE FROM sync_chunks WHERE ${ofObject} AND EXISTS (${there} AND data IS NOT NULL)`,
      )
      .bind(...key),
  ];
}

/** Drops the pieces of an upload that turned out wrong, never those of a whole object. */
export function dropUpload(db: D1Database, scope: Scope, object: LargeObject): D1PreparedStatement {
  return db
    .prepare(`DELETE FROM sync_chunks WHERE ${ofObject} AND expires_at IS NOT NULL`)
    .bind(scope.storeId, object.type, object.hash);
}
