/** A row of `stores`, with what its user has used. */
export interface StoreRow {
  readonly id: number;
  readonly user_id: string;
  readonly name: string;
  readonly epoch: string;
  readonly head: number;
}

/** A store in a list. */
export interface StoreListRow {
  readonly name: string;
  readonly head: number;
  readonly created_at: number;
  readonly objects: number;
  readonly bytes: number;
}

const columns = "id, user_id, name, epoch, head";

/** The user's store of that name. */
export async function findStore(
  db: D1Database,
  userId: string,
  name: string,
): Promise<StoreRow | null> {
  return db
    .prepare(`SELECT ${columns} FROM stores WHERE user_id = ?1 AND name = ?2`)
    .bind(userId, name)
    .first<StoreRow>();
}

/** The store of that id. */
export async function findStoreById(db: D1Database, id: number): Promise<StoreRow | null> {
  return db.prepare(`SELECT ${columns} FROM stores WHERE id = ?1`).bind(id).first<StoreRow>();
}

/** Makes a store and its user's usage row, unless it is there or the user has `quota` stores; gives back what is there. */
export async function makeStore(
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
  await db.batch([
    db.prepare("INSERT INTO usage (user_id) VALUES (?1) ON CONFLICT DO NOTHING").bind(store.userId),
    db
      .prepare(
        `INSERT INTO stores (id, user_id, name, epoch, created_at) SELECT ?1, ?2, ?3, ?4, ?5
         WHERE (SELECT count(*) FROM stores WHERE user_id = ?2) < ?6 ON CONFLICT DO NOTHING`,
      )
      .bind(store.id, store.userId, store.name, store.epoch, store.now, quota),
  ]);
  return findStore(db, store.userId, store.name);
}

/** The user's stores by name, with what each holds that has not expired. */
export async function listStores(
  db: D1Database,
  userId: string,
  now: number,
): Promise<readonly StoreListRow[]> {
  const { results } = await db
    .prepare(
      `SELECT s.name, s.head, s.created_at, count(d.id) AS objects, coalesce(sum(d.size), 0) AS bytes
       FROM stores AS s LEFT JOIN sync_data AS d ON d.store_id = s.id AND d.expires_at > ?2
       WHERE s.user_id = ?1 GROUP BY s.id ORDER BY s.name`,
    )
    .bind(userId, now)
    .all<StoreListRow>();
  return results;
}

/** The ids of all stores of a user. */
export async function listStoreIds(db: D1Database, userId: string): Promise<readonly number[]> {
  const { results } = await db
    .prepare("SELECT id FROM stores WHERE user_id = ?1")
    .bind(userId)
    .all<{ id: number }>();
  return results.map((row) => row.id);
}

/** Gives a store a new epoch. */
export function renewEpoch(db: D1Database, id: number, epoch: string): D1PreparedStatement {
  return db.prepare("UPDATE stores SET epoch = ?2 WHERE id = ?1").bind(id, epoch);
}

/** Rows one statement removes. */
const sliceRows = 2_000;

/** Removes a store and all it holds, in slices; may be called again after it failed half-way. */
export async function removeStore(db: D1Database, id: number): Promise<void> {
  const slices = [
    db.prepare(
      "DELETE FROM sync_data WHERE id IN (SELECT id FROM sync_data WHERE store_id = ?1 LIMIT ?2) RETURNING 1",
    ),
    db.prepare(
      "DELETE FROM sync_chunks WHERE id IN (SELECT id FROM sync_chunks WHERE store_id = ?1 LIMIT ?2) RETURNING 1",
    ),
    db.prepare(
      "DELETE FROM events WHERE store_id = ?1 AND seq IN (SELECT seq FROM events WHERE store_id = ?1 LIMIT ?2) RETURNING 1",
    ),
    db.prepare(
      "DELETE FROM push_parts WHERE rowid IN (SELECT rowid FROM push_parts WHERE store_id = ?1 LIMIT ?2) RETURNING 1",
    ),
  ];
  for (const slice of slices) {
    let removed = sliceRows;
    while (removed === sliceRows) {
      removed = (await slice.bind(id, sliceRows).all()).results.length;
    }
  }
  await db.prepare("DELETE FROM stores WHERE id = ?1").bind(id).run();
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
 * `since`, they are within the quota; false, and nothing is written, if they are not.
 */
export async function takeSocketPlace(
  db: D1Database,
  store: { readonly id: number; readonly userId: string },
  sockets: number,
  now: number,
  rule: { readonly quota: number; readonly since: number },
): Promise<boolean> {
  const { results } = await db
    .prepare(
      `INSERT INTO hub_sockets (store_id, user_id, sockets, updated_at) SELECT ?1, ?2, ?3, ?4
       WHERE ?3 + (SELECT coalesce(sum(sockets), 0) FROM hub_sockets
                   WHERE user_id = ?2 AND store_id <> ?1 AND updated_at > ?6) <= ?5
       ON CONFLICT (store_id) DO UPDATE SET sockets = excluded.sockets, updated_at = excluded.updated_at
       RETURNING 1`,
    )
    .bind(store.id, store.userId, sockets, now, rule.quota, rule.since)
    .all();
  return results.length === 1;
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

/** What a user has used. */
export function usageOf(db: D1Database, userId: string): D1PreparedStatement {
  return db.prepare("SELECT bytes, objects FROM usage WHERE user_id = ?1").bind(userId);
}

/** The refs of a store by name. */
export function refsOf(db: D1Database, storeId: number): D1PreparedStatement {
  return db.prepare("SELECT name, hash FROM refs WHERE store_id = ?1 ORDER BY name").bind(storeId);
}
