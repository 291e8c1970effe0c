import { staleSocketsMs } from "../sync/store-table.ts";

/** How much of everything there is. */
export interface StatsRow {
  readonly users: number;
  readonly users_disabled: number;
  readonly admins: number;
  readonly sessions_live: number;
  readonly sockets: number;
  readonly stores: number;
  readonly objects: number;
  readonly bytes: number;
  readonly events: number;
  readonly signing_keys_live: number;
  readonly login_throttles: number;
  readonly audit_entries: number;
}

/** The figures, the size of the database, and when everything expired was last removed. */
export interface Stats extends StatsRow {
  readonly database_bytes: number;
  /** Absent until the first time. */
  readonly last_cleanup_at?: number;
}

/** Counts as they are kept, and the size of the database in bytes: no row of what the stores hold is read. */
export async function readStats(db: D1Database, now: number): Promise<Stats> {
  const { results, meta } = await db
    .prepare(
      `SELECT
         (SELECT count(*) FROM users) AS users,
         (SELECT count(*) FROM users WHERE disabled_at IS NOT NULL) AS users_disabled,
         (SELECT count(*) FROM users WHERE role = 'admin') AS admins,
         (SELECT count(*) FROM sessions
            WHERE revoked_at IS NULL AND expires_at > ?1 AND idle_expires_at > ?1) AS sessions_live,
         (SELECT coalesce(sum(sockets), 0) FROM hub_sockets WHERE updated_at > ?2) AS sockets,
         (SELECT count(*) FROM stores) AS stores,
         (SELECT coalesce(sum(objects), 0) FROM stores) AS objects,
         (SELECT coalesce(sum(bytes), 0) FROM stores) AS bytes,
         (SELECT coalesce(sum(events), 0) FROM stores) AS events,
         (SELECT count(*) FROM signing_keys
            WHERE verify_until IS NULL OR verify_until > ?1) AS signing_keys_live,
         (SELECT count(*) FROM login_attempts WHERE blocked_until > ?1) AS login_throttles,
         (SELECT coalesce(max(id) - min(id) + 1, 0) FROM audit_log) AS audit_entries,
         (SELECT done_at FROM chores WHERE name = 'cleanup') AS last_cleanup_at`,
    )
    .bind(now, now - staleSocketsMs)
    .all<StatsRow & { readonly last_cleanup_at: number | null }>();
  const [row] = results;
  if (row === undefined) {
    throw new Error("a SELECT without FROM gave no row");
  }
  const { last_cleanup_at: cleanedAt, ...counts } = row;
  return {
    ...counts,
    database_bytes: meta.size_after,
    ...(cleanedAt === null ? {} : { last_cleanup_at: cleanedAt }),
  };
}
