import { LIMITS, type EventItem, type Party } from "@gitblobs/protocol";
import { toBase64 } from "./base64.ts";
import type { Scope } from "./pack-table.ts";
import type { Settings } from "./settings.ts";

/** A row of `events`. */
export interface EventRow {
  readonly seq: number;
  readonly kind: "push" | "message";
  readonly at: number;
  readonly by_id: string;
  readonly device: string;
  readonly mid: string;
  readonly ref: string | null;
  readonly old: string | null;
  readonly new: string | null;
  readonly objects: number | null;
  readonly bytes: number | null;
  readonly note: string | null;
  readonly recipient_id: string | null;
  readonly recipient: string | null;
  /** In hex; NULL once it has expired. */
  readonly body: string | null;
  /** Where the store stood when the row was read. */
  readonly head?: number;
}

/**
 * Keeps what was pushed, and the events, until a time, unless that is less than `slackMs` more than before. What had
 * expired when nobody kept the store stays expired.
 */
export function keepStore(
  db: D1Database,
  scope: Scope,
  until: number,
  now: number,
  slackMs: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE stores SET kept_since = iif(kept_until <= ?2, ?2, kept_since), kept_until = ?3
       WHERE id = ?1 AND kept_until < ?3 - iif(kept_until > ?2, ?4, 0)`,
    )
    .bind(scope.storeId, now, until, slackMs);
}

/** What an event counts in the quota besides its body and its list. */
const eventBytes = 256;
export { eventBytes };

const columns = `e.seq, e.kind, e.at, e.by_id, e.device, e.mid, e.ref, e.old, e.new, e.objects, e.bytes, e.note,
  e.recipient_id, e.recipient, iif(e.body IS NOT NULL AND e.body_expires_at > ?2, hex(e.body), NULL) AS body`;

/** Whether an event of a store `s` is retained at `?2`: its time is not over, or was not when the store began to be kept. */
const retained = "e.expires_at > iif(s.kept_until > ?2, min(s.kept_since, ?2), ?2)";
/** When the first of what was pushed to a store `s` would go; NULL if nothing of it is there. */
const soonest = `(SELECT max(s.kept_until, min(d.expires_at)) FROM sync_data AS d WHERE d.store_id = s.id
  AND d.pushed = 1 AND d.expires_at > iif(s.kept_until > ?2, min(s.kept_since, ?2), ?2))`;

/** One device of all as a word, to be compared with others. */
export const partyName = ([member, device]: Party): string => `${member} ${device}`;

/** For whom a message is; undefined if for all. */
export const recipientOf = (row: EventRow): Party | undefined =>
  row.recipient === null ? undefined : [row.recipient_id ?? "", row.recipient];

/** The event as a device may see it: the body of a message only if it is meant for it. */
export function toItem(row: EventRow, reader: Party): EventItem {
  const { seq, at, by_id: by, device, mid } = row;
  if (row.kind === "push") {
    return {
      kind: "push",
      seq,
      at,
      by,
      device,
      mid,
      ref: row.ref ?? "",
      old: row.old,
      new: row.new,
      objects: row.objects ?? 0,
      bytes: row.bytes ?? 0,
      ...(row.note === null ? {} : { note: row.note }),
    };
  }
  const { body } = row;
  const to = recipientOf(row);
  const readable = to === undefined || partyName(to) === partyName(reader);
  return {
    kind: "message",
    seq,
    at,
    by,
    device,
    mid,
    ...(to === undefined ? {} : { to }),
    ...(readable && body !== null ? { body: toBase64(Uint8Array.fromHex(body)) } : {}),
  };
}

/** What a page of events may hold. */
export interface PageSize {
  readonly events: number;
  /** Characters of bodies and notes in base64, and 256 for each event; one event is on a page in any case. */
  readonly bytes: number;
}

/** Retained events after a seq, in order; `head` of each row says where the store stood. */
export function eventsAfter(
  db: D1Database,
  scope: Scope,
  after: number,
  size: PageSize,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `WITH page AS (
         SELECT seq, head, sum(weight) OVER (ORDER BY seq) - weight AS before FROM (
           SELECT e.seq, s.head, ${eventBytes} + iif(e.kind = 'push',
             coalesce(length(e.note), 0), (e.weight - ${eventBytes}) * 4 / 3) AS weight
           FROM stores AS s CROSS JOIN events AS e ON e.store_id = s.id
           WHERE s.id = ?1 AND e.seq > ?3 AND ${retained} ORDER BY e.seq LIMIT ?4))
       SELECT ${columns}, p.head FROM page AS p CROSS JOIN events AS e ON e.store_id = ?1 AND e.seq = p.seq
       WHERE p.before < ?5 ORDER BY e.seq`,
    )
    .bind(scope.storeId, now, after, size.events, size.bytes);
}

/**
 * One row: head, epoch, `oldest`, the first retained event (or the next one, if none is retained), how long the store is
 * kept, and when the first of what was pushed would go.
 */
export function positionOf(db: D1Database, scope: Scope, now: number): D1PreparedStatement {
  return db
    .prepare(
      `SELECT s.head, s.epoch, s.kept_until, s.kept_since, ${soonest} AS soonest, coalesce((SELECT e.seq FROM events AS e
         WHERE e.store_id = s.id AND ${retained} ORDER BY e.seq LIMIT 1), s.head + 1) AS oldest
       FROM stores AS s WHERE s.id = ?1`,
    )
    .bind(scope.storeId, now);
}

/** An event that is asked for. */
export interface EventRequest {
  readonly kind: "push" | "message";
  readonly party: Party;
  readonly mid: string;
  readonly expiresAt: number;
  readonly ref?: string;
  readonly old?: string | null;
  readonly new?: string | null;
  readonly objects?: number;
  readonly bytes?: number;
  readonly recipient?: Party;
  /** In hex. */
  readonly body?: string;
  readonly bodyExpiresAt?: number;
  /** How long a push keeps its store at least. */
  readonly keepsUntil?: number;
  readonly list?: string;
  readonly note?: string;
  /** What the event counts in the quota. */
  readonly weight: number;
  /** Packs that must be there. */
  readonly packs?: readonly number[];
}

/**
 * Publishes events in order, each if it may be: a push if its ref stands at `old`, its packs are there, its mid is new
 * and the quota allows (migration 0012 says how). Time and expiry never run backwards, so that order and retention have
 * no holes.
 */
export function requestEvents(
  db: D1Database,
  scope: Scope,
  requests: readonly EventRequest[],
  settings: Settings,
  now: number,
): D1PreparedStatement {
  const rows = requests.map((r) => [
    ...[r.kind, r.expiresAt, r.party, r.mid, r.ref, r.old, r.new, r.objects, r.bytes],
    ...[r.recipient, r.bodyExpiresAt, r.weight, r.body, r.list, r.packs ?? [], r.keepsUntil ?? 0],
    r.note,
  ]);
  return db
    .prepare(
      `INSERT INTO event_requests (store_id, at, quota, max_refs, max_noted, kind, expires_at, by_id, device, mid, ref,
         old, new, objects, bytes, recipient_id, recipient, body_expires_at, weight, body, list, packs, keeps_until, note)
       SELECT ?2, ?3, ?4, ?5, ?6, j.value ->> 0, j.value ->> 1, j.value ->> '$[2][0]', j.value ->> '$[2][1]',
         j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6, j.value ->> 7, j.value ->> 8,
         j.value ->> '$[9][0]', j.value ->> '$[9][1]', j.value ->> 10, j.value ->> 11, unhex(j.value ->> 12),
         j.value ->> 13, j.value ->> 14, j.value ->> 15, j.value ->> 16
       FROM json_each(?1) AS j ORDER BY j.key`,
    )
    .bind(
      JSON.stringify(rows),
      scope.storeId,
      now,
      settings.quotaBytes,
      LIMITS.refsPerStore,
      LIMITS.notedRefsPerStore,
    );
}

/** A part of a list that is too long for its event. */
export interface NewPart {
  readonly party: Party;
  readonly mid: string;
  readonly part: number;
  readonly list: string;
}

/** Adds a part to a push that is published; again it changes nothing. */
export function insertPart(db: D1Database, scope: Scope, part: NewPart): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO push_parts (store_id, seq, part, list) SELECT e.store_id, e.seq, ?4, ?5 FROM events AS e
       WHERE e.store_id = ?1 AND e.by_id = ?2 AND e.device = ?3 AND e.mid = ?6 AND e.list IS NOT NULL
       ON CONFLICT DO NOTHING`,
    )
    .bind(scope.storeId, ...part.party, part.part, part.list, part.mid);
}

/** How a push or a kept message came out: its event if there is one, and where the ref stands. */
export interface OutcomeRow {
  readonly i: number;
  readonly seq: number | null;
  readonly kind: "push" | "message" | null;
  readonly ref: string | null;
  readonly old: string | null;
  readonly new: string | null;
  readonly note: string | null;
  readonly recipient_id: string | null;
  readonly recipient: string | null;
  readonly current: string | null;
  /** Refs of the store, and those others that have a note. */
  readonly refs: number;
  readonly noted: number;
}

/** Reads the outcomes of mids, each with the ref it is about. */
export function findOutcomes(
  db: D1Database,
  scope: Scope,
  mids: readonly (readonly [by: string, device: string, mid: string, ref: string])[],
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT j.key AS i, e.seq, e.kind, e.ref, e.old, e.new, e.note, e.recipient_id, e.recipient, r.hash AS current,
         (SELECT count(*) FROM refs WHERE store_id = ?2) AS refs,
         (SELECT count(*) FROM refs WHERE store_id = ?2 AND name <> j.value ->> 3 AND note IS NOT NULL) AS noted
       FROM json_each(?1) AS j
       LEFT JOIN events AS e ON e.store_id = ?2 AND e.by_id = j.value ->> 0 AND e.device = j.value ->> 1
         AND e.mid = j.value ->> 2
       LEFT JOIN refs AS r ON r.store_id = ?2 AND r.name = j.value ->> 3`,
    )
    .bind(JSON.stringify(mids), scope.storeId);
}

/** The places in the list of those events whose body, given in hex, is this very one. Of a body that has expired nothing is left to compare. */
export function findSameBodies(
  db: D1Database,
  scope: Scope,
  messages: readonly (readonly [seq: number, body: string])[],
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT j.key AS i FROM json_each(?1) AS j CROSS JOIN events AS e ON e.store_id = ?2 AND e.seq = j.value ->> 0
       WHERE e.body IS NULL OR e.body = unhex(j.value ->> 1)`,
    )
    .bind(JSON.stringify(messages), scope.storeId);
}

/** A push as a reader plans with it: how many objects its lists name. */
export interface PushRow {
  readonly seq: number;
  readonly objects: number;
}

/** The retained pushes in a span of events, in order; nothing of their lists is read. */
export function pushesBetween(
  db: D1Database,
  scope: Scope,
  from: number,
  until: number,
  limit: number,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT e.seq, e.objects FROM stores AS s CROSS JOIN events AS e ON e.store_id = s.id
       WHERE s.id = ?1 AND e.seq >= ?3 AND e.seq <= ?4 AND e.kind = 'push' AND ${retained}
       ORDER BY e.seq LIMIT ?5`,
    )
    .bind(scope.storeId, now, from, until, limit);
}

/** The lists of pushes, in order. */
export function readPushLists(
  db: D1Database,
  scope: Scope,
  seqs: readonly number[],
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT e.seq, 0 AS part, e.list FROM json_each(?1) AS j
         CROSS JOIN events AS e ON e.store_id = ?2 AND e.seq = j.value WHERE e.list IS NOT NULL
       UNION ALL
       SELECT p.seq, p.part, p.list FROM json_each(?1) AS j
         CROSS JOIN push_parts AS p ON p.store_id = ?2 AND p.seq = j.value
       ORDER BY 1, 2`,
    )
    .bind(JSON.stringify(seqs), scope.storeId);
}
