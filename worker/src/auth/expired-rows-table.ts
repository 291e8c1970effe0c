import type { Sweepable } from "../sweepable.ts";

const day = 24 * 60 * 60 * 1000;
/** Ended sessions and retired keys stay this long, so that their use is told apart from nonsense. */
const aftermathMs = day;
/** Audit entries are kept for 400 days: a year and the time to look back on it. */
const auditMs = 400 * day;

/** What expires in the tables of login; tickets before the sessions that would take them along uncounted. */
export const authSweepables: readonly Sweepable[] = [
  {
    name: "ws_tickets",
    count: (db, now) =>
      db.prepare("SELECT count(*) AS n FROM ws_tickets WHERE expires_at <= ?1").bind(now),
    remove: (db, now, limit) =>
      db
        .prepare(
          `DELETE FROM ws_tickets WHERE rowid IN
           (SELECT rowid FROM ws_tickets WHERE expires_at <= ?1 LIMIT ?2) RETURNING 1`,
        )
        .bind(now, limit),
  },
  {
    name: "sessions",
    count: (db, now) =>
      db
        .prepare(
          `SELECT count(*) AS n FROM sessions
           WHERE expires_at <= ?1 OR idle_expires_at <= ?1 OR revoked_at <= ?2`,
        )
        .bind(now, now - aftermathMs),
    remove: (db, now, limit) =>
      db
        .prepare(
          `DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions
           WHERE expires_at <= ?1 OR idle_expires_at <= ?1 OR revoked_at <= ?2 LIMIT ?3) RETURNING 1`,
        )
        .bind(now, now - aftermathMs, limit),
  },
  {
    name: "login_attempts",
    count: (db, now) =>
      db.prepare("SELECT count(*) AS n FROM login_attempts WHERE expires_at <= ?1").bind(now),
    remove: (db, now, limit) =>
      db
        .prepare(
          `DELETE FROM login_attempts WHERE rowid IN
           (SELECT rowid FROM login_attempts WHERE expires_at <= ?1 LIMIT ?2) RETURNING 1`,
        )
        .bind(now, limit),
  },
  {
    name: "signing_keys",
    count: (db, now) =>
      db
        .prepare("SELECT count(*) AS n FROM signing_keys WHERE verify_until <= ?1")
        .bind(now - aftermathMs),
    remove: (db, now, limit) =>
      db
        .prepare(
          `DELETE FROM signing_keys WHERE rowid IN
           (SELECT rowid FROM signing_keys WHERE verify_until <= ?1 LIMIT ?2) RETURNING 1`,
        )
        .bind(now - aftermathMs, limit),
  },
  {
    name: "audit_log",
    count: (db, now) =>
      db.prepare("SELECT count(*) AS n FROM audit_log WHERE at <= ?1").bind(now - auditMs),
    remove: (db, now, limit) =>
      db
        .prepare(
          "DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at <= ?1 LIMIT ?2) RETURNING 1",
        )
        .bind(now - auditMs, limit),
  },
];
