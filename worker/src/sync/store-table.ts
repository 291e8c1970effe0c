/** A row of `stores`, with what its user has used. */
export interface StoreRow {
  readonly id: number;
  readonly owner_id: string;
  readonly name: string;
  readonly epoch: string;
  readonly head: number;
}

/** A store in a list. */
export interface StoreListRow {
  readonly id: number;
  readonly name: string;
  readonly head: number;
  readonly created_at: number;
  readonly objects: number;
  readonly bytes: number;
  /** When the first of what was pushed expires; NULL if nothing of it is there. */
  readonly kept_until: number | null;
}

/** When something of an empty store expires: later than any time there is. */
const never = Number.MAX_SAFE_INTEGER;
const columns = "id, owner_id, name, epoch, head";

/** The user's store of that name. */
export async function findStore(
  db: D1Database,
  userId: string,
  name: string,
): Promise<StoreRow | null> {
  return db
    .prepare(`SELECT ${columns} FROM stores WHERE owner_id = ?1 AND name = ?2`)
    .bind(userId, name)
    .first<StoreRow>();
}

/** A store, and how long nothing that was pushed to it expires. */
export interface KeptStoreRow extends StoreRow {
  readonly kept_since: number;
  readonly kept_until: number;
}

/** The store of that id. */
export async function findStoreById(db: D1Database, id: number): Promise<KeptStoreRow | null> {
  return db
    .prepare(`SELECT ${columns}, kept_since, kept_until FROM stores WHERE id = ?1`)
    .bind(id)
    .first<KeptStoreRow>();
}

/** Makes a store, unless it is there or the user has `quota` stores; gives back what is there. */
export async function insertStore(
  db: D1Database,
  store: {
    readonly id: number;
    readonly userId: string;
    readonly name: string;
    readonly epoch: string;
    readonly now: number;
  },
  quota: number,
): Promise<StoreRow | null> {
  await db
    .prepare(
      `INSERT INTO stores (id, owner_id, name, epoch, created_at, due_at) SELECT ?1, ?2, ?3, ?4, ?5, ?7
       WHERE (SELECT count(*) FROM stores WHERE owner_id = ?2) < ?6 ON CONFLICT DO NOTHING`,
    )
    .bind(store.id, store.userId, store.name, store.epoch, store.now, quota, never)
    .run();
  return findStore(db, store.userId, store.name);
}

/** The user's stores by name, with what each holds; what has expired counts until it is removed. */
export async function listStores(
  db: D1Database,
  userId: string,
  now: number,
): Promise<readonly StoreListRow[]> {
  const { results } = await db
    .prepare(
      `SELECT s.id, s.name, s.head, s.created_at, s.objects, s.bytes,
         (SELECT max(s.kept_until, min(d.expires_at)) FROM sync_data AS d WHERE d.store_id = s.id AND d.pushed = 1
            AND d.expires_at > iif(s.kept_until > ?2, min(s.kept_since, ?2), ?2)) AS kept_until
       FROM stores AS s WHERE s.owner_id = ?1 ORDER BY s.name`,
    )
    .bind(userId, now)
    .all<StoreListRow>();
  return results;
}

/** The ids of all stores of a user. */
export async function listStoreIds(db: D1Database, userId: string): Promise<readonly number[]> {
  const { results } = await db
    .prepare("SELECT id FROM stores WHERE owner_id = ?1")
    .bind(userId)
    .all<{ id: number }>();
  return results.map((row) => row.id);
}

/** Gives a store a new epoch. */
export function renewEpoch(db: D1Database, id: number, epoch: string): D1PreparedStatement {
  return db.prepare("UPDATE stores SET epoch = ?2 WHERE id = ?1").bind(id, epoch);
}

/** Rows one statement removes, and about how many bytes. */
const sliceRows = 5_000;
const sliceBytes = 256_000_000;
/** What a row takes besides what it holds. */
const rowBytes = 4_096;

/** Whether the store of that id was the user's and was removed, not longer ago than is remembered. */
export async function wasRemoved(
  db: D1Database,
  userId: string,
  id: number,
  now: number,
): Promise<boolean> {
  const row = await db
    .prepare(
      "SELECT 1 FROM removed_stores WHERE store_id = ?2 AND owner_id = ?1 AND expires_at > ?3",
    )
    .bind(userId, id, now)
    .first();
  return row !== null;
}

/** Removed stores of a user that are remembered: without a limit they could fill the database. */
const rememberedStores = 1_000;

/**
 * Removes a store and all it holds, in slices; may be called again after it failed half-way. That it was there is
 * remembered until then, and not at all where the user goes as well.
 */
export async function removeStore(
  db: D1Database,
  id: number,
  rememberedUntil?: number,
): Promise<void> {
  const slices = [
    db.prepare(
      `DELETE FROM sync_data WHERE id IN (SELECT id FROM (
       SELECT id, sum(bytes + ${rowBytes}) OVER (ORDER BY pushed, expires_at, id) - bytes AS before
       FROM (SELECT id, bytes, pushed, expires_at FROM sync_data WHERE store_id = ?1
             ORDER BY pushed, expires_at, id LIMIT ${sliceRows})) WHERE before < ${sliceBytes}) RETURNING 1`,
    ),
    db.prepare(
      `DELETE FROM events WHERE store_id = ?1 AND seq IN (SELECT seq FROM (
       SELECT seq, sum(weight + ${rowBytes}) OVER (ORDER BY seq) - weight AS before
       FROM (SELECT seq, weight FROM events WHERE store_id = ?1 ORDER BY seq LIMIT ${sliceRows}))
       WHERE before < ${sliceBytes}) RETURNING 1`,
    ),
  ];
  for (const slice of slices) {
    let removed = 1;
    while (removed > 0) removed = (await slice.bind(id).all()).results.length;
  }
  await db.batch([
    ...(rememberedUntil === undefined ? [] : remember(db, id, rememberedUntil)),
    db.prepare("DELETE FROM stores WHERE id = ?1").bind(id),
  ]);
}

function remember(db: D1Database, id: number, until: number): D1PreparedStatement[] {
  return [
    db
      .prepare(
        `INSERT INTO removed_stores (store_id, owner_id, expires_at) SELECT id, owner_id, ?2 FROM stores
         WHERE id = ?1 ON CONFLICT DO NOTHING`,
      )
      .bind(id, until),
    db
      .prepare(
        `DELETE FROM removed_stores WHERE store_id IN (SELECT r.store_id FROM stores AS s
         CROSS JOIN removed_stores AS r ON r.owner_id = s.owner_id WHERE s.id = ?1
         ORDER BY r.expires_at DESC LIMIT -1 OFFSET ?2)`,
      )
      .bind(id, rememberedStores),
  ];
}

/** A hub that told its sockets longer ago than this has none: it tells at least every few minutes. */
export const staleSocketsMs = 900_000;

/** Writes how many sockets a store's hub holds. */
export function countSockets(
  db: D1Database,
  store: { readonly id: number; readonly userId: string },
  sockets: number,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO hub_sockets (store_id, user_id, sockets, updated_at) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (store_id) DO UPDATE SET sockets = excluded.sockets, updated_at = excluded.updated_at`,
    )
    .bind(store.id, store.userId, sockets, now);
}

/**
 * Writes how many sockets a store's hub will hold, if with those of the user's other stores, as their hubs told since
 * `since`, they are within the quota, and gives a row back; none, and nothing is written, if they are not.
 */
export function takeSocketPlace(
  db: D1Database,
  store: { readonly id: number; readonly userId: string },
  sockets: number,
  now: number,
  rule: { readonly quota: number; readonly since: number },
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO hub_sockets (store_id, user_id, sockets, updated_at) SELECT ?1, ?2, ?3, ?4
       WHERE ?3 + (SELECT coalesce(sum(sockets), 0) FROM hub_sockets
                   WHERE user_id = ?2 AND store_id <> ?1 AND updated_at > ?6) <= ?5
       ON CONFLICT (store_id) DO UPDATE SET sockets = excluded.sockets, updated_at = excluded.updated_at
       RETURNING 1`,
    )
    .bind(store.id, store.userId, sockets, now, rule.quota, rule.since);
}

/** Up to `limit` stores after `after`, in the order of their ids, whose hubs told of their sockets since `since`. */
export async function storesWithSockets(
  db: D1Database,
  after: number,
  since: number,
  limit: number,
): Promise<readonly number[]> {
  const { results } = await db
    .prepare(
      `SELECT store_id FROM hub_sockets WHERE store_id > ?1 AND updated_at > ?2
       ORDER BY store_id LIMIT ?3`,
    )
    .bind(after, since, limit)
    .all<{ store_id: number }>();
  return results.map((row) => row.store_id);
}

/** A row of `refs`. */
export interface RefRow {
  readonly name: string;
  readonly hash: string;
  readonly note: string | null;
}

/** The refs of a store by name. */
export function refsOf(db: D1Database, storeId: number): D1PreparedStatement {
  return db
    .prepare("SELECT name, hash, note FROM refs WHERE store_id = ?1 ORDER BY name")
    .bind(storeId);
}
