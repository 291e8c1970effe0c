/** Name of the last migration that was applied; undefined in a database without any. */
export async function readLastMigration(db: D1Database): Promise<string | undefined> {
  const row = await db
    .prepare("SELECT name FROM d1_migrations ORDER BY id DESC LIMIT 1")
    .first<{ name: string }>();
  return row?.name;
}
