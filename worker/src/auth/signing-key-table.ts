/** A row of `signing_keys`. */
export interface SigningKeyRow {
  readonly kid: string;
  readonly wrapped_key: string;
  readonly wrapped_by: string;
  readonly sign_from: number;
  readonly verify_until: number | null;
  readonly created_at: number;
}

/** The keys that may still verify at `now`, newest first. */
export async function readLiveKeys(db: D1Database, now: number): Promise<readonly SigningKeyRow[]> {
  const { results } = await db
    .prepare(
      `SELECT kid, wrapped_key, wrapped_by, sign_from, verify_until, created_at FROM signing_keys
       WHERE verify_until IS NULL OR verify_until > ?1 ORDER BY sign_from DESC, kid`,
    )
    .bind(now)
    .all<SigningKeyRow>();
  return results;
}

/** Adds a key. */
export function insertKey(db: D1Database, key: SigningKeyRow): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO signing_keys (kid, wrapped_key, wrapped_by, sign_from, verify_until, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
    )
    .bind(
      key.kid,
      key.wrapped_key,
      key.wrapped_by,
      key.sign_from,
      key.verify_until,
      key.created_at,
    );
}

/** Adds a key unless one that is not retired is there; of many at once, one wins. */
export function insertFirstKey(db: D1Database, key: SigningKeyRow): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO signing_keys (kid, wrapped_key, wrapped_by, sign_from, verify_until, created_at)
       SELECT ?1, ?2, ?3, ?4, NULL, ?5
       WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE verify_until IS NULL)`,
    )
    .bind(key.kid, key.wrapped_key, key.wrapped_by, key.sign_from, key.created_at);
}

/** Lets every key but `kid` verify no longer than until `verifyUntil`. */
export function retireOtherKeys(
  db: D1Database,
  kid: string,
  verifyUntil: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE signing_keys SET verify_until = MIN(COALESCE(verify_until, ?2), ?2) WHERE kid <> ?1`,
    )
    .bind(kid, verifyUntil);
}

/** Replaces the wrapping of a key, unless somebody else just did. */
export function updateWrapping(
  db: D1Database,
  before: SigningKeyRow,
  wrappedKey: string,
  wrappedBy: string,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE signing_keys SET wrapped_key = ?3, wrapped_by = ?4 WHERE kid = ?1 AND wrapped_key = ?2`,
    )
    .bind(before.kid, before.wrapped_key, wrappedKey, wrappedBy);
}
