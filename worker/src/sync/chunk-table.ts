import type { Key } from "@gitblobs/protocol";
import { encodeList } from "./object-list.ts";
import type { Scope } from "./pack-table.ts";
import type { Settings } from "./settings.ts";

/** What a group adds to one upload. */
export interface Growth {
  readonly id: number;
  readonly key: Key;
  readonly size: number;
  /** Where the upload stood, and where it will stand. */
  readonly from: number;
  readonly upto: number;
}

/** A piece of an upload. */
export interface NewPiece {
  readonly upload: number;
  readonly offset: number;
  readonly len: number;
  readonly base64: string;
}

/** Whether the bytes and objects that a group adds are within the quota, read before any of them is there. */
const fits = `(SELECT u.bytes + ?4 <= ?5 AND u.objects + ?6 <= ?7 FROM usage AS u WHERE u.owner_id = ?3)`;

/**
 * Begins uploads, lets them grow and adds the pieces, all or none if the quota does not allow. An upload that is not
 * where the hub believes does not grow, and gets no piece. The last statement tells where they are then.
 */
export function growUploads(
  db: D1Database,
  scope: Scope,
  growths: readonly Growth[],
  pieces: readonly (readonly NewPiece[])[],
  settings: Settings,
  now: number,
  expiresAt: number,
): readonly D1PreparedStatement[] {
  const added = growths.reduce((sum, { from, upto }) => sum + upto - from, 0);
  const begun = growths.filter(({ from }) => from === 0);
  const rows = growths.map((g) => [
    g.id,
    g.key[0],
    encodeList([[g.key[0], g.key[1], g.size]]),
    g.from,
    g.upto,
  ]);
  const room = [added, settings.quotaBytes, begun.length, settings.quotaObjects] as const;
  const uploads = JSON.stringify(rows);
  return [
    // Grown first: one that was begun in this very batch must not be counted twice.
    db
      .prepare(
        `UPDATE sync_data SET bytes = j.value ->> 4, expires_at = ?8 FROM json_each(?1) AS j
         WHERE sync_data.id = j.value ->> 0 AND store_id = ?2 AND whole = 0
           AND sync_data.bytes = j.value ->> 3 AND sync_data.bytes > 0 AND ${fits}`,
      )
      .bind(uploads, scope.storeId, scope.userId, ...room, expiresAt),
    db
      .prepare(
        `INSERT INTO sync_data
           (id, owner_id, store_id, data_type, objects, bytes, whole, created_at, expires_at, list)
         SELECT j.value ->> 0, ?3, ?2, j.value ->> 1, 1, j.value ->> 4, 0, ?9, ?8, j.value ->> 2
         FROM json_each(?1) AS j WHERE j.value ->> 3 = 0 AND ${fits}
         ON CONFLICT (id) DO NOTHING`,
      )
      .bind(uploads, scope.storeId, scope.userId, ...room, expiresAt, now),
    ...pieces.map((some) =>
      db
        .prepare(
          `INSERT INTO sync_chunks (pack_id, "offset", len, data)
           SELECT d.id, j.value ->> 1, j.value ->> 2, j.value ->> 3 FROM json_each(?1) AS j
           CROSS JOIN sync_data AS d ON d.id = j.value ->> 0 AND d.store_id = ?2
             AND d.bytes >= (j.value ->> 1) + (j.value ->> 2)
           WHERE true ON CONFLICT DO NOTHING`,
        )
        .bind(
          JSON.stringify(some.map((p) => [p.upload, p.offset, p.len, p.base64])),
          scope.storeId,
        ),
    ),
  ];
}

/** Pieces of an object from an offset on, a few at a time. */
export function readPieces(
  db: D1Database,
  scope: Scope,
  upload: number,
  from: number,
  limit: number,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT c."offset", c.len, c.data FROM sync_data AS d
       CROSS JOIN sync_chunks AS c ON c.pack_id = d.id AND c."offset" >= ?3
       WHERE d.id = ?1 AND d.store_id = ?2 ORDER BY c."offset" LIMIT ?4`,
    )
    .bind(upload, scope.storeId, from, limit);
}

/** Makes a whole, verified object visible. */
export function finishUpload(
  db: D1Database,
  scope: Scope,
  upload: number,
  expiresAt: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE sync_data SET whole = 1, expires_at = ?3 WHERE id = ?1 AND store_id = ?2
       RETURNING expires_at`,
    )
    .bind(upload, scope.storeId, expiresAt);
}

/** Drops uploads, never a whole object; their pieces go with them. */
export function dropUploads(
  db: D1Database,
  scope: Scope,
  ids: readonly number[],
): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM sync_data WHERE id IN (SELECT value FROM json_each(?1)) AND store_id = ?2 AND whole = 0`,
    )
    .bind(JSON.stringify(ids), scope.storeId);
}
