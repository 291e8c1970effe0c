import type { Party } from "@gitblobs/protocol";
import type { Settings } from "./settings.ts";

/** Whose data a statement touches. Every statement of this room takes one, so none can forget it. */
export interface Scope {
  readonly storeId: number;
  readonly userId: string;
}

/** A pack to store; the bytes of its objects were verified. */
export interface NewPack {
  readonly id: number;
  readonly objects: number;
  readonly bytes: number;
  readonly pushed: boolean;
  readonly expiresAt: number;
  readonly list: string;
  readonly data: string;
}

/** What a pack is, without what is in it. */
export interface PackRow {
  readonly id: number;
  readonly objects: number;
  readonly bytes: number;
  readonly whole: 0 | 1;
  readonly pushed: 0 | 1;
  readonly expires_at: number;
  readonly large: 0 | 1;
}

/** Stores packs in one statement of one parameter, all or none: none if they would break the owner's quota. */
export function insertPacks(
  db: D1Database,
  scope: Scope,
  packs: readonly NewPack[],
  settings: Settings,
  now: number,
): D1PreparedStatement {
  const rows = packs.map((p) => [
    p.id,
    p.objects,
    p.bytes,
    p.pushed ? 1 : 0,
    p.expiresAt,
    p.list,
    p.data,
  ]);
  return db
    .prepare(
      `INSERT INTO sync_data
         (id, owner_id, store_id, data_type, objects, bytes, pushed, created_at, expires_at, list, data)
       SELECT j.value ->> 0, ?2, ?3, 'pack', j.value ->> 1, j.value ->> 2, j.value ->> 3, ?4, j.value ->> 4,
         j.value ->> 5, j.value ->> 6
       FROM json_each(?1) AS j WHERE (SELECT u.bytes + ?5 <= ?7 AND u.objects + ?6 <= ?8
         FROM usage AS u WHERE u.owner_id = ?2)
       ON CONFLICT (id) DO NOTHING`,
    )
    .bind(
      JSON.stringify(rows),
      scope.userId,
      scope.storeId,
      now,
      packs.reduce((sum, pack) => sum + pack.bytes, 0),
      packs.reduce((sum, pack) => sum + pack.objects, 0),
      settings.quotaBytes,
      settings.quotaObjects,
    );
}

/** Lets packs live at least until the times given, whatever the quota says. */
export function extendPacks(
  db: D1Database,
  scope: Scope,
  until: readonly (readonly [id: number, expiresAt: number])[],
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE sync_data SET expires_at = j.value ->> 1 FROM json_each(?1) AS j
       WHERE sync_data.id = j.value ->> 0 AND store_id = ?2 AND expires_at < j.value ->> 1`,
    )
    .bind(JSON.stringify(until), scope.storeId);
}

/** Which of the packs are there, and until when. */
export function findPacks(
  db: D1Database,
  scope: Scope,
  ids: readonly number[],
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT d.id, d.bytes, d.whole, d.expires_at FROM json_each(?1) AS j
       CROSS JOIN sync_data AS d ON d.id = j.value WHERE d.store_id = ?2`,
    )
    .bind(JSON.stringify(ids), scope.storeId);
}

/** A push of a commit group, and what it needs. */
export interface Claim {
  readonly party: Party;
  readonly mid: string;
  readonly expiresAt: number;
  readonly packs: readonly number[];
}

const publishedClaim = `EXISTS (SELECT 1 FROM events AS e WHERE e.store_id = ?2
  AND e.by_id = j.value ->> '$[0][0]' AND e.device = j.value ->> '$[0][1]' AND e.mid = j.value ->> 1)`;

/** Binds packs to the pushes that need them, once those are published, and renews them; `slackMs` is not worth a row. */
export function claimPacks(
  db: D1Database,
  scope: Scope,
  claims: readonly Claim[],
  slackMs: number,
): D1PreparedStatement {
  const rows = claims.map((c) => [c.party, c.mid, c.expiresAt, c.packs]);
  return db
    .prepare(
      `UPDATE sync_data SET pushed = 1, expires_at = max(sync_data.expires_at, c.until)
       FROM (SELECT p.value AS id, max(j.value ->> 2) AS until FROM json_each(?1) AS j
             CROSS JOIN json_each(j.value -> 3) AS p WHERE ${publishedClaim} GROUP BY p.value) AS c
       WHERE sync_data.id = c.id AND store_id = ?2 AND (pushed = 0 OR sync_data.expires_at < c.until - ?3)`,
    )
    .bind(JSON.stringify(rows), scope.storeId, slackMs);
}

/** Takes back what was said of new packs when the pushes that would have needed them were refused. */
export function unclaimPacks(
  db: D1Database,
  scope: Scope,
  claims: readonly Claim[],
): D1PreparedStatement {
  const rows = claims.map((c) => [c.party, c.mid, c.packs]);
  return db
    .prepare(
      `WITH claims AS (SELECT p.value AS id, ${publishedClaim} AS published
         FROM json_each(?1) AS j CROSS JOIN json_each(j.value -> 2) AS p)
       UPDATE sync_data SET pushed = 0 WHERE store_id = ?2 AND pushed = 1
         AND id IN (SELECT id FROM claims GROUP BY id HAVING max(published) = 0)`,
    )
    .bind(JSON.stringify(rows), scope.storeId);
}

/** What the store has, a page of it behind the last row of the page before; nothing of what is in it is read. */
export function listPacks(
  db: D1Database,
  scope: Scope,
  after: Pick<PackRow, "pushed" | "expires_at" | "id"> | undefined,
  limit: number,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT id, objects, bytes, whole, pushed, expires_at, data_type <> 'pack' AS large FROM sync_data
       WHERE store_id = ?1 AND (pushed, expires_at, id) > (?2, ?3, ?4)
       ORDER BY pushed, expires_at, id LIMIT ?5`,
    )
    .bind(scope.storeId, after?.pushed ?? -1, after?.expires_at ?? 0, after?.id ?? 0, limit);
}

/** The names in packs. */
export function readLists(
  db: D1Database,
  scope: Scope,
  ids: readonly number[],
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT d.id, d.list FROM json_each(?1) AS j CROSS JOIN sync_data AS d ON d.id = j.value
       WHERE d.store_id = ?2`,
    )
    .bind(JSON.stringify(ids), scope.storeId);
}

/** A part of a pack's bytes, in characters of its base64. */
export interface Span {
  readonly pack: number;
  readonly at: number;
  readonly length: number;
}

/** The base64 of spans. */
export function readSpans(
  db: D1Database,
  scope: Scope,
  spans: readonly Span[],
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT d.id, substr(d.data, 1 + (j.value ->> 1), j.value ->> 2) AS data FROM json_each(?1) AS j
       CROSS JOIN sync_data AS d ON d.id = j.value ->> 0 WHERE d.store_id = ?2`,
    )
    .bind(JSON.stringify(spans.map((s) => [s.pack, s.at, s.length])), scope.storeId);
}

/** What the owner has used: one row. */
export function usageOf(db: D1Database, ownerId: string): D1PreparedStatement {
  return db.prepare("SELECT bytes, objects FROM usage WHERE owner_id = ?1").bind(ownerId);
}

/** Packs of the owner's stores that have expired at `?2`. */
const expiredPacks = `SELECT d.id FROM stores AS s CROSS JOIN (SELECT 0 AS pushed UNION ALL SELECT 1) AS p
  CROSS JOIN sync_data AS d ON d.store_id = s.id AND d.pushed = p.pushed
    AND d.expires_at <= iif(p.pushed = 1 AND s.kept_until > ?2, min(s.kept_since, ?2), ?2)
  WHERE s.owner_id = ?1`;

/** Removes up to `limit` expired packs of the owner's stores, to make room in the quota. */
export function removeExpiredPacks(
  db: D1Database,
  scope: Scope,
  now: number,
  limit: number,
): D1PreparedStatement {
  return db
    .prepare(`DELETE FROM sync_data WHERE id IN (${expiredPacks} LIMIT ?3)`)
    .bind(scope.userId, now, limit);
}
