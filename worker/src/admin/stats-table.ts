/** How much of everything there is. */
export interface StatsRow {
  readonly users: number;
  readonly users_disabled: number;
  readonly admins: number;
  readonly sessions_live: number;
  readonly signing_keys_live: number;
  readonly login_throttles: number;
  readonly audit_entries: number;
}

/** Counts, and the size of the database in bytes. */
export async function readStats(
  db: D1Database,
  now: number,
): Promise<StatsRow & { readonly database_bytes: number }> {
  const { results, meta } = await db
    .prepare(
      `SELECT
         (SELECT count(*) FROM users) AS users,
         (SELECT count(*) FROM users WHERE disabled_at IS NOT NULL) AS users_disabled,
         (SELECT count(*) FROM users WHERE role = 'admin') AS admins,
         (SELECT count(*) FROM sessions
            WHERE revoked_at IS NULL AND expires_at > ?1 AND idle_expires_at > ?1) AS sessions_live,
         (SELECT count(*) FROM signing_keys
            WHERE verify_until IS NULL OR verify_until > ?1) AS signing_keys_live,
         (SELECT count(*) FROM login_attempts WHERE blocked_until > ?1) AS login_throttles,
         (SELECT count(*) FROM audit_log) AS audit_entries`,
    )
    .bind(now)
    .all<StatsRow>();
  const [row] = results;
  if (row === undefined) {
    throw new Error("a SELECT without FROM gave no row");
  }
  return { ...row, database_bytes: meta.size_after };
}
