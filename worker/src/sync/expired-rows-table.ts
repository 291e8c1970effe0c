import type { Sweepable } from "../sweepable.ts";
import type { SyncDeps } from "./piece.ts";

/** One kind of what expires: where it is, and how it goes. */
interface Kind {
  readonly name: string;
  readonly from: string;
  /** Which rows have expired at `?1`. */
  readonly expired: string;
  /** What becomes of them. */
  readonly verb: string;
  /** Which go first. */
  readonly order: string;
}

const kinds: readonly Kind[] = [
  { name: "sync_data", verb: "DELETE FROM sync_data", expired: "expires_at <= ?1" },
  { name: "sync_chunks", verb: "DELETE FROM sync_chunks", expired: "expires_at <= ?1" },
  { name: "push_parts", verb: "DELETE FROM push_parts", expired: "expires_at <= ?1" },
  {
    name: "events",
    verb: "DELETE FROM events",
    expired: "expires_at <= ?1",
    // What is left of a store's events has no gap.
    order: "ORDER BY expires_at",
  },
  {
    name: "message_bodies",
    from: "events",
    verb: "UPDATE events SET body = NULL",
    expired: "body IS NOT NULL AND body_expires_at <= ?1",
  },
].map(({ name, from = name, order = "", ...kind }) => ({ name, from, order, ...kind }));

/** What expires in the tables of the stores. Usage follows by trigger; pieces of a large object go with its row. */
export const syncSweepables: readonly Sweepable[] = kinds.map((kind) => ({
  name: kind.name,
  count: (db, now) =>
    db.prepare(`SELECT count(*) AS n FROM ${kind.from} WHERE ${kind.expired}`).bind(now),
  remove: (db, now, limit) =>
    db
      .prepare(
        `${kind.verb} WHERE rowid IN (SELECT rowid FROM ${kind.from}
           WHERE ${kind.expired} ${kind.order} LIMIT ?2) RETURNING 1`,
      )
      .bind(now, limit),
}));

/**
 * Removes up to `limit` rows of each kind of one store. The plus keeps the planner on the index by expiry: what has
 * expired is little, a store may be large.
 */
export function removeExpiredOf(
  { db, scope, now }: SyncDeps,
  limit: number,
): readonly D1PreparedStatement[] {
  return kinds.map((kind) =>
    db
      .prepare(
        `${kind.verb} WHERE rowid IN (SELECT rowid FROM ${kind.from}
           WHERE ${kind.expired} AND +store_id = ?3 ${kind.order} LIMIT ?2)`,
      )
      .bind(now, limit, scope.storeId),
  );
}
