import { LIMITS, type EventItem, type Push, type Send, type SizedKey } from "@gitblobs/protocol";
import type { Scope } from "./object-table.ts";
import type { Settings } from "./settings.ts";

/** A row of `events`. */
export interface EventRow {
  readonly seq: number;
  readonly kind: "push" | "message";
  readonly at: number;
  readonly device: string;
  readonly mid: string;
  readonly ref: string | null;
  readonly old: string | null;
  readonly new: string | null;
  readonly objects: number | null;
  readonly bytes: number | null;
  readonly recipient: string | null;
  /** NULL once it has expired. */
  readonly body: string | null;
}

const columns = `seq, kind, at, device, mid, ref, old, new, objects, bytes, recipient,
  iif(body_expires_at > ?2, body, NULL) AS body`;

/** The event as a device may see it: the body of a message only if it is meant for it. */
export function toItem(row: EventRow, reader: string): EventItem {
  const { seq, at, device, mid } = row;
  if (row.kind === "push") {
    return {
      kind: "push",
      seq,
      at,
      device,
      mid,
      ref: row.ref ?? "",
      old: row.old,
      new: row.new,
      objects: row.objects ?? 0,
      bytes: row.bytes ?? 0,
    };
  }
  const { body, recipient } = row;
  const readable = recipient === null || recipient === reader;
  return {
    kind: "message",
    seq,
    at,
    device,
    mid,
    ...(recipient === null ? {} : { to: recipient }),
    ...(readable && body !== null ? { body } : {}),
  };
}

/** Retained events after a seq, in order. */
export function eventsAfter(
  db: D1Database,
  scope: Scope,
  after: number,
  limit: number,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT ${columns} FROM events
       WHERE store_id = ?1 AND seq > ?3 AND expires_at > ?2 ORDER BY seq LIMIT ?4`,
    )
    .bind(scope.storeId, now, after, limit);
}

/** One row: head, epoch, and `oldest`, the first retained event (or the next one, if none is retained). */
export function positionOf(db: D1Database, scope: Scope, now: number): D1PreparedStatement {
  return db
    .prepare(
      `SELECT s.head, s.epoch, coalesce((SELECT min(seq) FROM events
         WHERE store_id = ?1 AND expires_at > ?2), s.head + 1) AS oldest
       FROM stores AS s WHERE s.id = ?1`,
    )
    .bind(scope.storeId, now);
}

/** Declares a part of a push within the quota; the same part again, or one of a push that is done, changes nothing. */
export function declarePart(
  db: D1Database,
  scope: Scope,
  push: { readonly device: string; readonly mid: string },
  part: {
    readonly digest: string;
    readonly objects: readonly SizedKey[];
    readonly expiresAt: number;
  },
  settings: Settings,
): D1PreparedStatement {
  const bytes = part.objects.reduce((sum, [, , size]) => sum + size, 0);
  return db
    .prepare(
      `INSERT INTO push_parts (store_id, device, mid, digest, count, bytes, objects, expires_at, user_id)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?10
       WHERE NOT EXISTS (SELECT 1 FROM events WHERE store_id = ?1 AND device = ?2 AND mid = ?3)
         AND (SELECT coalesce(sum(count), 0) + ?5 FROM push_parts
              WHERE store_id = ?1 AND device = ?2 AND mid = ?3) <= ?9
         AND (SELECT bytes + length(?7) <= ?11 FROM usage WHERE user_id = ?10)
       ON CONFLICT DO NOTHING`,
    )
    .bind(
      scope.storeId,
      push.device,
      push.mid,
      part.digest,
      part.objects.length,
      bytes,
      JSON.stringify(part.objects),
      part.expiresAt,
      LIMITS.objectsPerPush,
      scope.userId,
      settings.quotaBytes,
    );
}

/** Whether a part of a push is declared (or the push is done), and how many objects are: one row. */
export function isDeclared(
  db: D1Database,
  scope: Scope,
  push: { readonly device: string; readonly mid: string },
  digest: string,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM push_parts
           WHERE store_id = ?1 AND device = ?2 AND mid = ?3 AND digest = ?4)
         OR EXISTS (SELECT 1 FROM events WHERE store_id = ?1 AND device = ?2 AND mid = ?3) AS declared,
         (SELECT coalesce(sum(count), 0) FROM push_parts
          WHERE store_id = ?1 AND device = ?2 AND mid = ?3) AS objects`,
    )
    .bind(scope.storeId, push.device, push.mid, digest);
}

/** What an event counts in the quota besides its body, as the triggers of migration 0011 say. */
const eventBytes = 256;

const ofPush = "p.store_id = ?1 AND p.device = ?2 AND p.mid = ?3";
const declaredObjects = `push_parts AS p CROSS JOIN json_each(p.objects) AS j`;
const stored = `d.store_id = ?1 AND d.data_type = j.value ->> 0 AND d.hash = j.value ->> 1`;

/**
 * Publishes a push if its ref stands at `old`, all its objects are there, its mid is new and the quota allows; triggers
 * move head and ref with it. Time and expiry never run backwards, so that order and retention have no holes.
 */
export function insertPush(
  db: D1Database,
  scope: Scope,
  device: string,
  push: Push,
  settings: Settings,
  now: number,
  expiresAt: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO events (store_id, seq, user_id, kind, at, expires_at, device, mid, ref, old, new, objects, bytes)
       SELECT ?1, s.head + 1, s.user_id, 'push', max(?7, s.last_at), max(?8, s.last_expires_at), ?2, ?3, ?4, ?5, ?6,
         (SELECT coalesce(sum(p.count), 0) FROM push_parts AS p WHERE ${ofPush}),
         (SELECT coalesce(sum(p.bytes), 0) FROM push_parts AS p WHERE ${ofPush})
       FROM stores AS s WHERE s.id = ?1
         AND (SELECT hash FROM refs WHERE store_id = ?1 AND name = ?4) IS ?5
         AND (?5 IS NOT NULL OR ?6 IS NULL OR (SELECT count(*) FROM refs WHERE store_id = ?1) < ?9)
         AND (SELECT bytes + ${eventBytes} <= ?10 FROM usage WHERE user_id = s.user_id)
         AND NOT EXISTS (SELECT 1 FROM ${declaredObjects}
           LEFT JOIN sync_data AS d ON ${stored} AND d.expires_at > ?7 WHERE ${ofPush} AND d.id IS NULL)
       ON CONFLICT (store_id, device, mid) DO NOTHING`,
    )
    .bind(
      scope.storeId,
      device,
      push.mid,
      push.ref,
      push.old,
      push.new,
      now,
      expiresAt,
      LIMITS.refsPerStore,
      settings.quotaBytes,
    );
}

const published = "EXISTS (SELECT 1 FROM events WHERE store_id = ?1 AND device = ?2 AND mid = ?3)";

/** Renews what a published push consists of, and keeps its list as long as its event. */
export function renewPush(
  db: D1Database,
  scope: Scope,
  device: string,
  mid: string,
  now: number,
  expiresAt: number,
): readonly D1PreparedStatement[] {
  return [
    db
      .prepare(
        `UPDATE sync_data SET expires_at = ?4 WHERE id IN (SELECT d.id FROM ${declaredObjects}
           CROSS JOIN sync_data AS d ON ${stored}
           WHERE ${ofPush} AND d.expires_at > ?5 AND d.expires_at < ?6) AND ${published}`,
      )
      .bind(
        scope.storeId,
        device,
        mid,
        expiresAt,
        now,
        expiresAt - LIMITS.renewSlackSeconds * 1_000,
      ),
    db
      .prepare(
        `UPDATE push_parts SET expires_at = (SELECT expires_at FROM events
           WHERE store_id = ?1 AND device = ?2 AND mid = ?3)
         WHERE store_id = ?1 AND device = ?2 AND mid = ?3 AND ${published}`,
      )
      .bind(scope.storeId, device, mid),
  ];
}

/** How a push or a kept message came out: its event if there is one, and where the ref stands. */
export interface OutcomeRow {
  readonly seq: number | null;
  readonly kind: string | null;
  readonly ref: string | null;
  readonly old: string | null;
  readonly new: string | null;
  readonly recipient: string | null;
  readonly current: string | null;
  /** Refs of the store. */
  readonly refs: number;
}

/** Reads the outcome of a mid. */
export function findOutcome(
  db: D1Database,
  scope: Scope,
  device: string,
  mid: string,
  ref: string,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT e.seq, e.kind, e.ref, e.old, e.new, e.recipient,
         (SELECT hash FROM refs WHERE store_id = ?1 AND name = ?4) AS current,
         (SELECT count(*) FROM refs WHERE store_id = ?1) AS refs
       FROM (SELECT 1) LEFT JOIN events AS e ON e.store_id = ?1 AND e.device = ?2 AND e.mid = ?3`,
    )
    .bind(scope.storeId, device, mid, ref);
}

/** Declared objects of a push that are not there, at most `limit`; none if it is published. */
export function missingOf(
  db: D1Database,
  scope: Scope,
  device: string,
  mid: string,
  now: number,
  limit: number,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT DISTINCT j.value ->> 0 AS type, j.value ->> 1 AS hash FROM ${declaredObjects}
       LEFT JOIN sync_data AS d ON ${stored} AND d.expires_at > ?4
       WHERE ${ofPush} AND d.id IS NULL AND NOT ${published} LIMIT ?5`,
    )
    .bind(scope.storeId, device, mid, now, limit);
}

/** Publishes a kept message if its mid is new and the quota allows. */
export function insertMessage(
  db: D1Database,
  scope: Scope,
  device: string,
  send: Send,
  settings: Settings,
  now: number,
  expiry: { readonly event: number; readonly body: number },
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO events (store_id, seq, user_id, kind, at, expires_at, device, mid, recipient, body, body_expires_at)
       SELECT ?1, s.head + 1, s.user_id, 'message', max(?4, s.last_at), max(?5, s.last_expires_at), ?2, ?3, ?6, ?7, ?8
       FROM stores AS s WHERE s.id = ?1
         AND (SELECT bytes + ${eventBytes} + length(CAST(?7 AS BLOB)) <= ?9 FROM usage WHERE user_id = s.user_id)
       ON CONFLICT (store_id, device, mid) DO NOTHING`,
    )
    .bind(
      scope.storeId,
      device,
      send.mid,
      now,
      expiry.event,
      send.to ?? null,
      send.body,
      expiry.body,
      settings.quotaBytes,
    );
}

/** The lists of the pushes in a span of events, from one of them on, in order, a few at a time. */
export function partsBetween(
  db: D1Database,
  scope: Scope,
  from: { readonly seq: number; readonly list: number },
  until: number,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT e.seq, p.rowid AS list, p.objects FROM events AS e
       CROSS JOIN push_parts AS p ON p.store_id = ?1 AND p.device = e.device AND p.mid = e.mid
       WHERE e.store_id = ?1 AND e.seq >= ?3 AND e.seq <= ?4 AND e.expires_at > ?2
         AND (e.seq > ?3 OR p.rowid >= ?5)
       ORDER BY e.seq, p.rowid LIMIT 8`,
    )
    .bind(scope.storeId, now, from.seq, until, from.list);
}
