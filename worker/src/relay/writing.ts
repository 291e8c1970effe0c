import { logLine } from "../http/request-log.ts";
import { eventsAfter, positionOf, type EventRow } from "../sync/event-table.ts";
import { rowsOf, type Piece } from "../sync/piece.ts";
import { isUnavailable, runBatch } from "./commit.ts";
import { checkPosition, type PositionRow } from "./epoch.ts";
import { publishEvents, type OwnAck } from "./fan-out.ts";
import { syncDeps, type Hub } from "./hub.ts";
import { tellAvailable } from "./needs.ts";
import type { Peer } from "./peer.ts";
import { setAlarm } from "./schedule.ts";
import {
  bytesOf,
  compileGroup,
  refuseWrite,
  takeGroup,
  type Settled,
  type Write,
} from "./write-queue.ts";

/** Events published after one batch; more are fetched at once. */
const publishPage = 500;

/** Queues writes; what arrives while a batch is in flight joins the next one. */
export function enqueue(hub: Hub, writes: readonly Write[]): void {
  for (const write of writes) {
    hub.queuedBytes += bytesOf(write);
    if (write.peer.connection !== undefined) write.peer.connection.unsettled += 1;
  }
  hub.queue.push(...writes);
  hub.writing ??= drain(hub);
  hub.ctx.waitUntil(hub.writing);
}

/** Does something once everything queued so far was committed and published, or refused. */
export function afterWrites(hub: Hub, peer: Peer, act: () => void): void {
  const compile = (): Piece => ({ statements: [], settle: () => [{ kind: "afterwards", act }] });
  enqueue(hub, [{ kind: "other", peer: { ...peer, reply: act }, id: 0, bytes: 0, compile }]);
}

/** Settles once everything queued so far was committed and published, or refused. */
export function committed(hub: Hub): Promise<void> {
  if (hub.writing === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    afterWrites(hub, nobody, resolve);
  });
}

const nobody: Peer = {
  device: "",
  connection: undefined,
  reply: () => undefined,
  stream: () => Promise.resolve(false),
};

async function drain(hub: Hub): Promise<void> {
  // Lets the rest of a burst arrive before the first batch is cut.
  await Promise.resolve();
  while (hub.queue.length > 0) {
    const group = takeGroup(hub.queue);
    // Whatever a fault of ours does to one group, the next one is still written.
    await commitGroup(hub, group).catch((error: unknown) => {
      logFault(hub, "unexpected_error", error);
    });
    for (const write of group) {
      hub.queuedBytes -= bytesOf(write);
      if (write.peer.connection !== undefined) write.peer.connection.unsettled -= 1;
    }
  }
  // In the very turn that found the queue empty: what is queued from now on starts anew.
  hub.writing = undefined;
}

/** Order is law: persist, acknowledge, publish. */
async function commitGroup(hub: Hub, group: readonly Write[]): Promise<void> {
  const done = await persist(hub, group).catch((error: unknown) => {
    refuseGroup(hub, group, error);
  });
  if (done === undefined) return;
  answerAndPublish(hub, done.settled, done.rows);
  tellAvailable(hub, done.settled);
}

/** Commits a group and reads what came of it. Whatever it throws, nobody was answered yet. */
async function persist(hub: Hub, group: readonly Write[]) {
  const deps = syncDeps(hub);
  const { published } = hub;
  const pieces = compileGroup(deps, group);
  // The position first: once the group's own events are in, a store put back in time may look as if it never was.
  const [position, ...results] = await runBatch(deps.db, [
    positionOf(deps.db, deps.scope, deps.now),
    ...pieces.flatMap(({ piece }) => piece.statements),
    eventsAfter(deps.db, deps.scope, published, publishPage, deps.now),
  ]);
  hub.unsure = false;
  await checkPosition(hub, rowsOf<PositionRow>(position)[0], published);
  const settled: Settled[] = [];
  let at = 0;
  for (const { piece, writes } of pieces) {
    const outcomes = await piece.settle(results.slice(at, at + piece.statements.length));
    at += piece.statements.length;
    for (const [i, outcome] of outcomes.entries()) {
      const write = writes[i];
      if (write !== undefined) settled.push({ write, outcome });
    }
  }
  const rows = rowsOf<EventRow>(results[at]);
  if (rows.length === publishPage) noteUnsure(hub);
  return { settled, rows };
}

function answerAndPublish(hub: Hub, settled: readonly Settled[], rows: readonly EventRow[]): void {
  const acks = new Map<number, OwnAck>();
  const seqs = new Set(rows.map((row) => row.seq));
  for (const { write, outcome } of settled) {
    const { peer } = write;
    if (outcome.kind === "answer") peer.reply(outcome.op);
    if (outcome.kind !== "event") continue;
    const { id, mid, seq } = outcome;
    const ack = { op: "ack", id, mid, seq } as const;
    const { connection } = peer;
    // On a live socket the ack of a new event takes the event's place in the order.
    const inOrder = connection?.attachment.live === true && seqs.has(seq) && !acks.has(seq);
    if (inOrder && connection.attachment.cursor < seq) acks.set(seq, { connection, ack });
    else peer.reply(ack);
  }
  publishEvents(hub, rows, acks);
  for (const { outcome } of settled) if (outcome.kind === "afterwards") outcome.act();
}

/** There may be events that are not published: they are looked for soon. */
function noteUnsure(hub: Hub): void {
  hub.unsure = true;
  hub.ctx.waitUntil(setAlarm(hub));
}

/** The batch may have been committed, and with it events. */
function refuseGroup(hub: Hub, group: readonly Write[], error: unknown): void {
  const unavailable = isUnavailable(error);
  noteUnsure(hub);
  logFault(hub, "write_failed", error);
  for (const write of group) {
    write.peer.reply(refuseWrite(write, unavailable ? "unavailable" : "internal"));
  }
}

function logFault(hub: Hub, event: string, error: unknown): void {
  logLine(hub.world, {
    event,
    store: hub.scope.storeId,
    outcome: "failed",
    error: error instanceof Error ? error.message : "unknown",
  });
}

/** Publishes what was committed without the hub knowing. */
export async function publishMissed(hub: Hub): Promise<void> {
  const deps = syncDeps(hub);
  for (;;) {
    const { published } = hub;
    const [events, position] = await runBatch(deps.db, [
      eventsAfter(deps.db, deps.scope, oldestCursor(hub), publishPage, deps.now),
      positionOf(deps.db, deps.scope, deps.now),
    ]);
    const rows = rowsOf<EventRow>(events);
    publishEvents(hub, rows, new Map());
    hub.unsure = false;
    if (rows.length === publishPage) continue;
    const row = rowsOf<PositionRow>(position)[0];
    await checkPosition(hub, row, published);
    // Events that expired before anybody could see them count as published.
    hub.published = Math.max(hub.published, row?.head ?? 0);
    return;
  }
}

function oldestCursor(hub: Hub): number {
  const live = [...hub.connections.values()].filter((c) => c.attachment.live);
  return Math.min(hub.published, ...live.map((c) => c.attachment.cursor));
}
