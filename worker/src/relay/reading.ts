import {
  LIMITS,
  type Done,
  type Fetch,
  type Get,
  type Key,
  type Pull,
  type ServerOp,
} from "@gitblobs/protocol";
import { eventsAfter, toItem, type EventRow } from "../sync/event-table.ts";
import { failure } from "../sync/failure.ts";
import { freshBudget, sendObjects, type Sink } from "../sync/read-objects.ts";
import { decodeCursor, encodeCursor, sendPushes } from "../sync/read-pushes.ts";
import { logLine } from "../http/request-log.ts";
import { isUnavailable } from "./commit.ts";
import { amend } from "./connection.ts";
import { syncDeps, type Hub } from "./hub.ts";
import type { Peer } from "./peer.ts";
import { committed } from "./writing.ts";

/** Starts a read after what was queued for writing before it, so that it sees it. */
export function startRead(hub: Hub, peer: Peer, id: number, read: () => Promise<void>): void {
  const { connection } = peer;
  const before = Promise.all([committed(hub), connection?.reading]);
  const done = before.then(read).catch((error: unknown) => {
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
  if (connection !== undefined) connection.reading = done;
  hub.ctx.waitUntil(done);
}

/** Answers a page of events; with the last one the socket goes live, at the very moment nothing is missing. */
export async function pull(hub: Hub, peer: Peer, op: Pull): Promise<void> {
  const page = await eventPage(hub, peer, op.after, op.limit);
  peer.reply({ op: "events", id: op.id, ...page });
}

/** A page of events after a seq, as the peer may see them. */
export async function eventPage(hub: Hub, peer: Peer, after: number, limit: number) {
  const deps = syncDeps(hub);
  const { results } = await eventsAfter(
    deps.db,
    deps.scope,
    after,
    limit,
    deps.now,
  ).all<EventRow>();
  const items = [];
  let bytes = 0;
  for (const row of results) {
    bytes += 512 + (row.body?.length ?? 0) * 3;
    if (items.length > 0 && bytes > LIMITS.frameBytes) break;
    items.push(toItem(row, peer.device));
  }
  const upto = items.at(-1)?.seq ?? after;
  const more = upto < hub.published && items.length > 0;
  if (!more && peer.connection !== undefined && !peer.connection.attachment.live) {
    amend(peer.connection, { live: true, cursor: hub.published });
  }
  return { items, more };
}

/** Sends the objects of all pushes in a span of events. */
export async function fetchPushes(hub: Hub, peer: Peer, op: Fetch): Promise<void> {
  const from =
    op.next === undefined ? { seq: op.after + 1, part: 0, index: 0 } : decodeCursor(op.next);
  if (from === undefined || from.seq <= op.after) {
    peer.reply(failure(op.id, "bad_next", "Send the next of an answer to this very request."));
    return;
  }
  const until = Math.min(op.until ?? hub.published, hub.published);
  const gone: Key[] = [];
  const sink = sinkOf(peer);
  const cursor = await sendPushes(syncDeps(hub), op.id, from, until, freshBudget(), gone, sink);
  const next = cursor === undefined ? {} : { next: encodeCursor(cursor) };
  await finish(peer, { op: "done", id: op.id, seq: Math.max(until, op.after), gone, ...next });
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
  const count = await sendObjects(syncDeps(hub), op.id, rest, freshBudget(), gone, sink);
  const next = count < rest.length ? { next: String(from + count) } : {};
  await finish(peer, { op: "done", id: op.id, gone, ...next });
}

/** The reader went away or does not read: the rest of its answer is pointless. */
class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

function sinkOf(peer: Peer): Sink {
  return async (op: ServerOp) => {
    if (!(await peer.stream(op))) throw new ReaderGone();
  };
}

async function finish(peer: Peer, done: Done): Promise<void> {
  await peer.stream(done);
}
