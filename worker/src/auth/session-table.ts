/** A new row of `sessions`. */
export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly device: string;
  readonly familyHash: string;
  readonly tokenHash: string;
  readonly now: number;
  readonly idleExpiresAt: number;
  readonly expiresAt: number;
  readonly ipPrefix: string;
}

/** A session with what of its user decides whether it may be used. */
export interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly device: string;
  readonly token_hash: string;
  readonly previous_token_hash: string | null;
  readonly sealed_successor: string | null;
  readonly rotated_at: number | null;
  readonly idle_expires_at: number;
  readonly expires_at: number;
  readonly revoked_at: number | null;
  readonly username: string;
  readonly role: "user" | "admin";
  readonly session_version: number;
  readonly disabled_at: number | null;
  readonly password_expires_at: number | null;
  readonly user_created_at: number;
}

/** A session in a list. */
export interface SessionListRow {
  readonly id: string;
  readonly device: string;
  readonly ip_prefix: string;
  readonly created_at: number;
  readonly last_seen_at: number;
  readonly expires_at: number;
}

const joined = `SELECT s.id, s.user_id, s.device, s.token_hash, s.previous_token_hash, s.sealed_successor,
  s.rotated_at, s.idle_expires_at, s.expires_at, s.revoked_at, u.username, u.role, u.session_version, u.disabled_at,
  u.password_expires_at, u.created_at AS user_created_at`;
const isLive = "revoked_at IS NULL AND expires_at > ?2 AND idle_expires_at > ?2";

/** The session with its user, and whether the key that signed the token for it still counts. */
export async function findSession(
  db: D1Database,
  id: string,
  kid: string,
  now: number,
): Promise<(SessionRow & { readonly key_lives: number }) | null> {
  return db
    .prepare(
      `${joined}, EXISTS (SELECT 1 FROM signing_keys AS k WHERE k.kid = ?2
         AND (k.verify_until IS NULL OR k.verify_until > ?3)) AS key_lives
       FROM sessions AS s JOIN users AS u ON u.id = s.user_id WHERE s.id = ?1`,
    )
    .bind(id, kid, now)
    .first<SessionRow & { readonly key_lives: number }>();
}

/** Reads the session of that id, ended or not. */
export function sessionOf(db: D1Database, id: string): D1PreparedStatement {
  return db
    .prepare(`${joined} FROM sessions AS s JOIN users AS u ON u.id = s.user_id WHERE s.id = ?1`)
    .bind(id);
}

/** The session of that id, ended or not. */
export async function findSessionById(db: D1Database, id: string): Promise<SessionRow | null> {
  return sessionOf(db, id).first<SessionRow>();
}

/** The session whose refresh tokens are of that family. */
export async function findSessionByFamily(
  db: D1Database,
  familyHash: string,
): Promise<SessionRow | null> {
  return db
    .prepare(
      `${joined} FROM sessions AS s JOIN users AS u ON u.id = s.user_id WHERE s.family_hash = ?1`,
    )
    .bind(familyHash)
    .first<SessionRow>();
}

/** Adds a session if the user is still enabled and the password that was checked is still the one. */
export function insertSession(
  db: D1Database,
  session: NewSession,
  passwordHash: string,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO sessions (id, user_id, device, family_hash, token_hash, created_at, last_seen_at,
         idle_expires_at, expires_at, ip_prefix)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9 FROM users
       WHERE id = ?2 AND disabled_at IS NULL AND password_hash = ?10`,
    )
    .bind(
      session.id,
      session.userId,
      session.device,
      session.familyHash,
      session.tokenHash,
      session.now,
      session.idleExpiresAt,
      session.expiresAt,
      session.ipPrefix,
      passwordHash,
    );
}

/** Replaces a session's refresh token unless another request did so first. */
export function rotateToken(
  db: D1Database,
  rotation: {
    readonly id: string;
    readonly presentHash: string;
    readonly successorHash: string;
    readonly sealedSuccessor: string;
    readonly now: number;
    readonly idleExpiresAt: number;
    readonly ipPrefix: string;
  },
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE sessions SET previous_token_hash = token_hash, token_hash = ?3, sealed_successor = ?4,
         rotated_at = ?5, last_seen_at = ?5, idle_expires_at = ?6, ip_prefix = ?7
       WHERE id = ?1 AND token_hash = ?2 AND revoked_at IS NULL`,
    )
    .bind(
      rotation.id,
      rotation.presentHash,
      rotation.successorHash,
      rotation.sealedSuccessor,
      rotation.now,
      rotation.idleExpiresAt,
      rotation.ipPrefix,
    );
}

/** The live sessions of a user, newest first. */
export async function listSessions(
  db: D1Database,
  userId: string,
  now: number,
): Promise<readonly SessionListRow[]> {
  const { results } = await db
    .prepare(
      `SELECT id, device, ip_prefix, created_at, last_seen_at, expires_at FROM sessions
       WHERE user_id = ?1 AND ${isLive} ORDER BY created_at DESC, id`,
    )
    .bind(userId, now)
    .all<SessionListRow>();
  return results;
}

/** Ends one live session of a user; gives back its id if there was one. */
export function revokeSession(
  db: D1Database,
  userId: string,
  id: string,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE sessions SET revoked_at = ?2 WHERE user_id = ?1 AND id = ?3 AND ${isLive} RETURNING id`,
    )
    .bind(userId, now, id);
}

/** Ends all live sessions of a user but `except`; gives back their ids. */
export function revokeSessions(
  db: D1Database,
  userId: string,
  except: string | null,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE sessions SET revoked_at = ?2
       WHERE user_id = ?1 AND (?3 IS NULL OR id <> ?3) AND ${isLive} RETURNING id`,
    )
    .bind(userId, now, except);
}

/** Ends all live sessions of a user but `except`, if the password is the one given; gives back their ids. */
export function revokeSessionsOncePasswordIs(
  db: D1Database,
  userId: string,
  except: string | null,
  passwordHash: string,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE sessions SET revoked_at = ?2
       WHERE user_id = ?1 AND (?3 IS NULL OR id <> ?3) AND ${isLive}
         AND EXISTS (SELECT 1 FROM users WHERE id = ?1 AND password_hash = ?4) RETURNING id`,
    )
    .bind(userId, now, except, passwordHash);
}

/** Ends all sessions of a user who is disabled. */
export function revokeSessionsIfDisabled(
  db: D1Database,
  userId: string,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE sessions SET revoked_at = ?2 WHERE user_id = ?1 AND revoked_at IS NULL
         AND EXISTS (SELECT 1 FROM users WHERE id = ?1 AND disabled_at IS NOT NULL)`,
    )
    .bind(userId, now);
}

/** Ends the live session a user's device had before; gives back its id. */
export function revokeDeviceSession(db: D1Database, session: NewSession): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE sessions SET revoked_at = ?2
       WHERE user_id = ?1 AND device = ?3 AND id <> ?4 AND ${isLive}
         AND EXISTS (SELECT 1 FROM sessions AS new WHERE new.id = ?4) RETURNING id`,
    )
    .bind(session.userId, session.now, session.device, session.id);
}

/** Ends a user's oldest live sessions beyond the newest `keep`; gives back their ids. */
export function revokeOldestSessions(
  db: D1Database,
  userId: string,
  keep: number,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE sessions SET revoked_at = ?2 WHERE id IN (
         SELECT id FROM sessions WHERE user_id = ?1 AND ${isLive}
         ORDER BY created_at DESC, id LIMIT -1 OFFSET ?3) RETURNING id`,
    )
    .bind(userId, now, keep);
}

/** Ends every live session of everybody. */
export function revokeEverySession(db: D1Database, now: number): D1PreparedStatement {
  return db
    .prepare(
      "UPDATE sessions SET revoked_at = ?1 WHERE revoked_at IS NULL AND expires_at > ?1 AND idle_expires_at > ?1",
    )
    .bind(now);
}
