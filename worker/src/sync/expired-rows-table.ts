import type { Sweepable } from "../sweepable.ts";

/** What expires in the tables of the stores. Usage follows by trigger; pieces of a large object go with its row. */
export const syncSweepables: readonly Sweepable[] = [
  {
    name: "sync_data",
    count: (db, now) =>
      db.prepare("SELECT count(*) AS n FROM sync_data WHERE expires_at <= ?1").bind(now),
    remove: (db, now, limit) =>
      db
        .prepare(
          `DELETE FROM sync_data WHERE id IN
           (SELECT id FROM sync_data WHERE expires_at <= ?1 LIMIT ?2) RETURNING 1`,
        )
        .bind(now, limit),
  },
  {
    name: "sync_chunks",
    count: (db, now) =>
      db.prepare("SELECT count(*) AS n FROM sync_chunks WHERE expires_at <= ?1").bind(now),
    remove: (db, now, limit) =>
      db
        .prepare(
          `DELETE FROM sync_chunks WHERE id IN
           (SELECT id FROM sync_chunks WHERE expires_at <= ?1 LIMIT ?2) RETURNING 1`,
        )
        .bind(now, limit),
  },
  {
    name: "push_parts",
    count: (db, now) =>
      db.prepare("SELECT count(*) AS n FROM push_parts WHERE expires_at <= ?1").bind(now),
    remove: (db, now, limit) =>
      db
        .prepare(
          `DELETE FROM push_parts WHERE rowid IN
           (SELECT rowid FROM push_parts WHERE expires_at <= ?1 LIMIT ?2) RETURNING 1`,
        )
        .bind(now, limit),
  },
  {
    // The oldest first: what is left of a store's events has no gap.
    name: "events",
    count: (db, now) =>
      db.prepare("SELECT count(*) AS n FROM events WHERE expires_at <= ?1").bind(now),
    remove: (db, now, limit) =>
      db
        .prepare(
          `DELETE FROM events WHERE rowid IN
           (SELECT rowid FROM events WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2) RETURNING 1`,
        )
        .bind(now, limit),
  },
  {
    name: "message_bodies",
    count: (db, now) =>
      db
        .prepare(
          "SELECT count(*) AS n FROM events WHERE body IS NOT NULL AND body_expires_at <= ?1",
        )
        .bind(now),
    remove: (db, now, limit) =>
      db
        .prepare(
          `UPDATE events SET body = NULL WHERE rowid IN (SELECT rowid FROM events
           WHERE body IS NOT NULL AND body_expires_at <= ?1 LIMIT ?2) RETURNING 1`,
        )
        .bind(now, limit),
  },
];
