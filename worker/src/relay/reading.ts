import {
  LIMITS,
  toJson,
  utf8Length,
  type Fetch,
  type Get,
  type Key,
  type Pull,
} from "@gitblobs/protocol";
import { eventsAfter, toItem, type EventRow } from "../sync/event-table.ts";
import { failure } from "../sync/failure.ts";
import { freshBudget, sendObjects, type Sink } from "../sync/read-objects.ts";
import { decodeCursor, encodeCursor, sendPushes } from "../sync/read-pushes.ts";
import { logLine } from "../http/request-log.ts";
import { isUnavailable } from "./commit.ts";
import { amend, sendOps } from "./connection.ts";
import { maxUserReads } from "./account.ts";
import { spend, waitFor } from "./flood.ts";
import { chargedTo, loadedDeps, pageDeps, type Hub } from "./hub.ts";
import type { Peer } from "./peer.ts";
import { committed } from "./writing.ts";

/** Characters of bodies and notes read for one page: no more than a frame holds, but for what JSON adds. */
const pageBodyBytes = LIMITS.frameBytes;

/** Reads one connection may have in waiting: a frame of them may ask for no more queries than an invocation has. */
const maxReads = 16;

/** Starts a read after what was queued for writing before it, so that it sees it. */
export function startRead(hub: Hub, peer: Peer, id: number, read: () => Promise<void>): void {
  const { connection, account } = peer;
  if ((connection?.reads ?? 0) >= maxReads || account.reads >= maxUserReads) {
    const facts = { retry_after_ms: 1_000 };
    peer.reply(failure(id, "flood", `At most ${maxReads} reads at a time; wait.`, facts));
    return;
  }
  const before = Promise.all([committed(hub), connection?.reading]);
  // What the reads before it took is known only now.
  const readInBudget = () => {
    const retry_after_ms = waitFor(account.allowance, {}, hub.world.now());
    if (retry_after_ms === 0) return read();
    peer.reply(failure(id, "flood", "Read too much; wait.", { retry_after_ms }));
    return Promise.resolve();
  };
  const done = before.then(readInBudget).catch((error: unknown) => {
    if (error instanceof ReaderGone) return;
    logLine(hub.world, {
      event: "read_failed",
      store: hub.scope.storeId,
      outcome: "failed",
      error: error instanceof Error ? error.message : "unknown",
    });
    const facts = { retry_after_ms: 1_000 };
    peer.reply(
      isUnavailable(error)
        ? failure(id, "unavailable", "The database does not answer; send the same again.", facts)
        : failure(id, "internal", "The relay could not do this; send the same again later."),
    );
  });
  account.reads += 1;
  if (connection !== undefined) connection.reads += 1;
  const over = done.then(() => {
    account.reads -= 1;
    if (connection !== undefined) connection.reads -= 1;
  });
  hub.ctx.waitUntil(over);
  if (connection !== undefined) connection.reading = over;
}

/** Answers a page of events. */
export async function pull(hub: Hub, peer: Peer, op: Pull): Promise<void> {
  await sendEventPage(hub, peer, op.id, op.after, op.limit);
}

/**
 * Sends a page of the events after a seq, as the peer may see them. With the last one a socket goes live, at the very
 * moment nothing is missing: what was published while the page was read is on the page, or there is more.
 */
export async function sendEventPage(
  hub: Hub,
  peer: Peer,
  id: number | undefined,
  after: number,
  limit: number,
): Promise<void> {
  for (;;) {
    const { published } = hub;
    const { items, isWhole } = await readEvents(hub, peer, after, limit);
    const last = items.at(-1)?.seq ?? 0;
    const covered = isWhole ? Math.max(last, published) : last;
    const more = covered < hub.published;
    // Everything after `after` has expired, and something new came meanwhile: that is what belongs on the page.
    if (more && items.length === 0) continue;
    const op = { op: "events", ...(id === undefined ? {} : { id }), items, more } as const;
    const { connection } = peer;
    if (connection === undefined) peer.reply(op);
    else {
      const answered = sendOps(connection, [op], hub.world.now());
      spend(peer.account.allowance, { answered }, hub.world.now());
      if (!more && !connection.attachment.live && !connection.closed) {
        amend(connection, { live: true, cursor: covered });
      }
    }
    return;
  }
}

/** Events after a seq, at most what a frame holds; `isWhole` if there were no more when they were read. */
async function readEvents(hub: Hub, { party, account }: Peer, after: number, limit: number) {
  const { db, scope, now } = pageDeps(hub, chargedTo(hub, account));
  const size = { events: limit, bytes: pageBodyBytes };
  const { results } = await eventsAfter(db, scope, after, size, now).all<EventRow>();
  const items = [];
  let bytes = 256;
  for (const row of results) {
    const item = toItem(row, party);
    bytes += utf8Length(toJson(item)) + 1;
    if (items.length > 0 && bytes > LIMITS.frameBytes) break;
    items.push(item);
  }
  const last = results.at(-1);
  const isWhole = items.length === results.length && (last === undefined || last.seq === last.head);
  return { items, isWhole };
}

/** Sends the objects of all pushes in a span of events. */
export async function fetchPushes(hub: Hub, peer: Peer, op: Fetch): Promise<void> {
  const from =
    op.next === undefined ? { seq: op.after + 1, list: 0, index: 0 } : decodeCursor(op.next);
  if (from === undefined || from.seq <= op.after) {
    peer.reply(failure(op.id, "bad_next", "Send the next of an answer to this very request."));
    return;
  }
  const until = Math.min(op.until ?? hub.published, hub.published);
  const gone: Key[] = [];
  const sink = sinkOf(peer);
  const cursor = await sendPushes(
    await loadedDeps(hub, chargedTo(hub, peer.account)),
    op.id,
    from,
    until,
    freshBudget(),
    gone,
    sink,
  );
  const next = cursor === undefined ? {} : { next: encodeCursor(cursor) };
  peer.reply({ op: "done", id: op.id, seq: Math.max(until, op.after), gone, ...next });
}

/** Sends named objects. */
export async function getObjects(hub: Hub, peer: Peer, op: Get): Promise<void> {
  const from = Number(op.next ?? 0);
  if (!Number.isInteger(from) || from >= op.objects.length) {
    peer.reply(failure(op.id, "bad_next", "Send the next of an answer to this very request."));
    return;
  }
  const gone: Key[] = [];
  const rest = op.objects.slice(from);
  const sink = sinkOf(peer);
  const deps = await loadedDeps(hub, chargedTo(hub, peer.account));
  const count = await sendObjects(deps, op.id, rest, freshBudget(), gone, sink);
  const next = count < rest.length ? { next: String(from + count) } : {};
  peer.reply({ op: "done", id: op.id, gone, ...next });
}

/** The reader went away or does not read: the rest of its answer is pointless. */
class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

function sinkOf(peer: Peer): Sink {
  return {
    async enter() {
      const leave = await peer.enter();
      if (leave === undefined) throw new ReaderGone();
      return leave;
    },
    send: (op) => {
      peer.send(op);
    },
  };
}
