import type { Sweepable } from "../sweepable.ts";

/** Stores something of which may have expired at `?1`; only those are looked at. */
const due = "FROM stores AS s";
const isDue = "s.due_at <= ?1";

/** One kind of what expires: which rows, as `rows` selects them, and what becomes of them. */
interface Kind {
  readonly name: string;
  readonly rows: string;
  readonly verb: string;
}

const kinds: readonly Kind[] = [
  {
    name: "sync_data",
    verb: "DELETE FROM sync_data WHERE id",
    rows: `SELECT d.id ${due} CROSS JOIN (SELECT 0 AS pushed UNION ALL SELECT 1) AS p CROSS JOIN sync_data AS d
      ON d.store_id = s.id AND d.pushed = p.pushed
        AND d.expires_at <= iif(p.pushed = 1 AND s.kept_until > ?1, min(s.kept_since, ?1), ?1) WHERE ${isDue}`,
  },
  {
    name: "events",
    verb: "DELETE FROM events WHERE (store_id, seq)",
    // What is left of a store's events has no gap: those before the first that is retained.
    rows: `SELECT e.store_id, e.seq ${due} CROSS JOIN events AS e ON e.store_id = s.id
        AND e.seq < coalesce((SELECT f.seq FROM events AS f WHERE f.store_id = s.id
          AND f.expires_at > iif(s.kept_until > ?1, min(s.kept_since, ?1), ?1) ORDER BY f.seq LIMIT 1), s.head + 1)
      WHERE ${isDue}`,
  },
  {
    name: "removed_stores",
    verb: "DELETE FROM removed_stores WHERE store_id",
    rows: "SELECT r.store_id FROM removed_stores AS r WHERE r.expires_at <= ?1",
  },
  {
    name: "message_bodies",
    verb: "UPDATE events SET weight = weight - length(body), body = NULL WHERE (store_id, seq)",
    rows: `SELECT e.store_id, e.seq ${due} CROSS JOIN events AS e
      ON e.store_id = s.id AND e.body IS NOT NULL AND e.body_expires_at <= ?1 WHERE ${isDue}`,
  },
];

/** What expires in the tables of the stores. What a store holds is counted by triggers; pieces go with their object. */
export const syncSweepables: readonly Sweepable[] = kinds.map((kind) => ({
  name: kind.name,
  count: (db, now) => db.prepare(`SELECT count(*) AS n FROM (${kind.rows})`).bind(now),
  remove: (db, now, limit) =>
    db.prepare(`${kind.verb} IN (${kind.rows} LIMIT ?2) RETURNING 1`).bind(now, limit),
}));

/** The soonest of what a store `s` has; what was pushed and what happened stays as long as the store is kept. */
const nextDue = `min(
  coalesce((SELECT min(d.expires_at) FROM sync_data AS d WHERE d.store_id = s.id AND d.pushed = 0), ?3),
  coalesce((SELECT max(s.kept_until, min(d.expires_at)) FROM sync_data AS d WHERE d.store_id = s.id AND d.pushed = 1), ?3),
  coalesce((SELECT max(s.kept_until, e.expires_at) FROM events AS e WHERE e.store_id = s.id ORDER BY e.seq LIMIT 1), ?3),
  coalesce((SELECT min(e.body_expires_at) FROM events AS e WHERE e.store_id = s.id AND e.body IS NOT NULL), ?3))`;

/** Notes when the stores that were due will be due again. */
export function settleDue(db: D1Database, now: number, limit: number): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE stores SET due_at = n.due_at FROM (
         SELECT s.id, ${nextDue} AS due_at FROM stores AS s WHERE ${isDue} ORDER BY s.due_at LIMIT ?2) AS n
       WHERE stores.id = n.id AND n.due_at > ?1 `,
    )
    .bind(now, limit, Number.MAX_SAFE_INTEGER);
}
