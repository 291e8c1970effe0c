/** A row of `users`. */
export interface UserRow {
  readonly id: string;
  readonly username: string;
  readonly password_hash: string;
  readonly password_expires_at: number | null;
  readonly role: "user" | "admin";
  readonly session_version: number;
  readonly disabled_at: number | null;
  readonly created_at: number;
}

const columns =
  "id, username, password_hash, password_expires_at, role, session_version, disabled_at, created_at";

/** True unless changing the row `?1` would leave the relay without an admin who can log in at `?2`. */
const anotherAdminStays = `(role <> 'admin' OR disabled_at IS NOT NULL OR EXISTS (
  SELECT 1 FROM users AS other WHERE other.role = 'admin' AND other.disabled_at IS NULL AND other.id <> ?1
    AND (other.password_expires_at IS NULL OR other.password_expires_at > ?2)))`;

/** The user of that name, in any ASCII case. */
export async function findUserByName(db: D1Database, username: string): Promise<UserRow | null> {
  return db
    .prepare(`SELECT ${columns} FROM users WHERE username = ?1`)
    .bind(username)
    .first<UserRow>();
}

/** The user with that id. */
export async function findUser(db: D1Database, id: string): Promise<UserRow | null> {
  return db.prepare(`SELECT ${columns} FROM users WHERE id = ?1`).bind(id).first<UserRow>();
}

/** Up to `limit` users after `after` in the order of their names; `only` narrows it to one name. */
export async function listUsers(
  db: D1Database,
  page: { readonly after: string; readonly limit: number; readonly only: string | undefined },
): Promise<readonly UserRow[]> {
  const { results } = await db
    .prepare(
      `SELECT ${columns} FROM users WHERE username > ?1 AND (?2 IS NULL OR username = ?2)
       ORDER BY username LIMIT ?3`,
    )
    .bind(page.after, page.only ?? null, page.limit)
    .all<UserRow>();
  return results;
}

/** Adds a user; does nothing if the name is taken. */
export function insertUser(db: D1Database, user: UserRow): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO users (${columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING`,
    )
    .bind(
      user.id,
      user.username,
      user.password_hash,
      user.password_expires_at,
      user.role,
      user.session_version,
      user.disabled_at,
      user.created_at,
    );
}

/** Replaces a password hash unless it changed since it was read. */
export function updatePasswordHash(
  db: D1Database,
  user: Pick<UserRow, "id" | "password_hash">,
  passwordHash: string,
  expiresAt: number | null,
): D1PreparedStatement {
  return db
    .prepare(
      "UPDATE users SET password_hash = ?3, password_expires_at = ?4 WHERE id = ?1 AND password_hash = ?2",
    )
    .bind(user.id, user.password_hash, passwordHash, expiresAt);
}

/** Gives a user a one-time password, whatever the present one is. */
export function resetPasswordHash(
  db: D1Database,
  id: string,
  passwordHash: string,
  expiresAt: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE users SET password_hash = ?2, password_expires_at = ?3, session_version = session_version + 1
       WHERE id = ?1`,
    )
    .bind(id, passwordHash, expiresAt);
}

/** Disables an enabled user, unless it is the last admin. */
export function disableUser(db: D1Database, id: string, now: number): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE users SET disabled_at = ?2, session_version = session_version + 1
       WHERE id = ?1 AND disabled_at IS NULL AND ${anotherAdminStays}`,
    )
    .bind(id, now);
}

/** Disables a user who is about to be removed, whether disabled before or not, unless it is the last admin. */
export function beginRemoval(db: D1Database, id: string, now: number): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE users SET disabled_at = COALESCE(disabled_at, ?2), session_version = session_version + 1
       WHERE id = ?1 AND ${anotherAdminStays}`,
    )
    .bind(id, now);
}

/** Enables a disabled user. */
export function enableUser(db: D1Database, id: string): D1PreparedStatement {
  return db
    .prepare("UPDATE users SET disabled_at = NULL WHERE id = ?1 AND disabled_at IS NOT NULL")
    .bind(id);
}

/** Changes a user's role, unless the last admin would lose it. Access tokens given out before are refused from then on. */
export function updateRole(
  db: D1Database,
  id: string,
  role: "user" | "admin",
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE users SET role = ?3, session_version = session_version + 1
       WHERE id = ?1 AND role <> ?3 AND (?3 = 'admin' OR ${anotherAdminStays})`,
    )
    .bind(id, now, role);
}

/** Removes a user, unless it is the last admin; sessions and tickets go with it. */
export function deleteUser(db: D1Database, id: string, now: number): D1PreparedStatement {
  return db.prepare(`DELETE FROM users WHERE id = ?1 AND ${anotherAdminStays}`).bind(id, now);
}
