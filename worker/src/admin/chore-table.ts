/** Notes that everything expired was removed. */
export function noteCleanup(db: D1Database, now: number): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO chores (name, done_at) VALUES ('cleanup', ?1)
       ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at`,
    )
    .bind(now);
}
