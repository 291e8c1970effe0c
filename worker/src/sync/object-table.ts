import type { Key, ObjectType, SizedKey } from "@gitblobs/protocol";
import type { Settings } from "./settings.ts";

/** Whose data a statement touches. Every statement of this room takes one, so none can forget it. */
export interface Scope {
  readonly storeId: number;
  readonly userId: string;
}

/** An object to store; its bytes were verified. */
export interface NewObject {
  readonly type: ObjectType;
  readonly hash: string;
  readonly size: number;
  readonly base64: string;
  readonly expiresAt: number;
}

/** Where an object's row is found by a key in JSON; CROSS JOIN keeps the planner from scanning the store instead. */
const byKey = `d.store_id = ?2 AND d.data_type = j.value ->> 0 AND d.hash = j.value ->> 1`;

/**
 * Stores objects in one statement of one parameter, all or none: none if they would break the user's quota, counting
 * as if all were new. One that is there already only has its expiry extended.
 */
export function insertObjects(
  db: D1Database,
  scope: Scope,
  objects: readonly NewObject[],
  settings: Settings,
  now: number,
): D1PreparedStatement {
  const bytes = objects.reduce((sum, object) => sum + object.size, 0);
  return db
    .prepare(
      `INSERT INTO sync_data (user_id, store_id, data_type, hash, size, data, created_at, expires_at)
       SELECT ?3, ?2, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 4, ?4, j.value ->> 3
       FROM json_each(?1) AS j WHERE (SELECT bytes + ?5 <= ?6 AND objects + ?7 <= ?8
         FROM usage WHERE user_id = ?3)
       ON CONFLICT (store_id, data_type, hash)
       DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)`,
    )
    .bind(
      rowsText(objects),
      scope.storeId,
      scope.userId,
      now,
      bytes,
      settings.quotaBytes,
      objects.length,
      settings.quotaObjects,
    );
}

const rowsText = (objects: readonly NewObject[]): string =>
  JSON.stringify(objects.map((o) => [o.type, o.hash, o.size, o.expiresAt, o.base64]));

/**
 * Stores as many of the objects, in order, as the quota allows; those that are there already cost nothing and have
 * their expiry extended. Exact, but dearer than {@link insertObjects}.
 */
export function insertWhatFits(
  db: D1Database,
  scope: Scope,
  objects: readonly NewObject[],
  settings: Settings,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO sync_data (user_id, store_id, data_type, hash, size, data, created_at, expires_at)
       SELECT ?3, ?2, f.value ->> 0, f.value ->> 1, f.value ->> 2, f.value ->> 4, ?4, f.value ->> 3
       FROM (SELECT j.value, d.id IS NOT NULL AS known,
               sum(iif(d.id IS NULL, j.value ->> 2, 0)) OVER (ORDER BY j.key) AS bytes,
               sum(d.id IS NULL) OVER (ORDER BY j.key) AS objects
             FROM json_each(?1) AS j LEFT JOIN sync_data AS d ON ${byKey}) AS f
       CROSS JOIN usage AS u ON u.user_id = ?3
       WHERE f.known OR (u.bytes + f.bytes <= ?5 AND u.objects + f.objects <= ?6)
       ON CONFLICT (store_id, data_type, hash)
       DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)`,
    )
    .bind(
      rowsText(objects),
      scope.storeId,
      scope.userId,
      now,
      settings.quotaBytes,
      settings.quotaObjects,
    );
}

/** Of the objects just given to a statement above, those that are not there, were there before, or live longer. */
export interface Exception {
  readonly i: number;
  /** NULL when the object is not there. */
  readonly expires_at: number | null;
  /** Whether it was there before. */
  readonly known: 0 | 1;
}

/** Finds the exceptions of an insert made at `now`; usually none. */
export function findExceptions(
  db: D1Database,
  scope: Scope,
  objects: readonly NewObject[],
  now: number,
): D1PreparedStatement {
  const keys = objects.map(({ type, hash, expiresAt }) => [type, hash, expiresAt]);
  return db
    .prepare(
      `SELECT j.key AS i, d.expires_at, coalesce(d.created_at <> ?3, 0) AS known FROM json_each(?1) AS j
       LEFT JOIN sync_data AS d ON ${byKey} AND d.expires_at > ?3
       WHERE d.id IS NULL OR d.created_at <> ?3 OR d.expires_at <> j.value ->> 2`,
    )
    .bind(JSON.stringify(keys), scope.storeId, now);
}

/** Extends what is there, whatever the quota says, and gives back when it expires now. */
export function extendObject(
  db: D1Database,
  scope: Scope,
  key: Key,
  expiresAt: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE sync_data SET expires_at = max(expires_at, ?4)
       WHERE store_id = ?1 AND data_type = ?2 AND hash = ?3 RETURNING expires_at`,
    )
    .bind(scope.storeId, key[0], key[1], expiresAt);
}

/** Indexes of the objects that are not there. */
export function findAbsent(
  db: D1Database,
  scope: Scope,
  objects: readonly (Key | SizedKey)[],
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT j.key AS i FROM json_each(?1) AS j
       LEFT JOIN sync_data AS d ON ${byKey} AND d.expires_at > ?3 WHERE d.id IS NULL`,
    )
    .bind(JSON.stringify(objects), scope.storeId, now);
}

/** Sizes of the objects that are there, by index; `inline` tells whether their bytes are in the row itself. */
export function findSizes(
  db: D1Database,
  scope: Scope,
  keys: readonly (Key | SizedKey)[],
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT j.key AS i, d.id, d.size, d.data IS NOT NULL AS inline FROM json_each(?1) AS j
       CROSS JOIN sync_data AS d ON ${byKey} WHERE d.expires_at > ?3 ORDER BY j.key`,
    )
    .bind(JSON.stringify(keys), scope.storeId, now);
}

/** The bytes of objects by row id. */
export function readObjects(
  db: D1Database,
  scope: Scope,
  ids: readonly number[],
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT d.id, d.data FROM json_each(?1) AS j CROSS JOIN sync_data AS d
       ON d.id = j.value WHERE d.store_id = ?2 AND d.expires_at > ?3`,
    )
    .bind(JSON.stringify(ids), scope.storeId, now);
}

/** Removes up to `limit` expired objects of a store, to make room in the quota. */
export function removeExpired(
  db: D1Database,
  scope: Scope,
  now: number,
  limit: number,
): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM sync_data WHERE id IN (SELECT d.id FROM stores AS s
         CROSS JOIN sync_data AS d ON d.store_id = s.id
         WHERE s.user_id = ?1 AND d.expires_at <= ?2 LIMIT ?3)`,
    )
    .bind(scope.userId, now, limit);
}
