import type { Key } from "@gitblobs/protocol";
import { logLine } from "../http/request-log.ts";
import { eventsAfter, positionOf, type EventRow } from "../sync/event-table.ts";
import { meteredDatabase } from "../sync/metered-database.ts";
import { rowsOf } from "../sync/piece.ts";
import { compileGroup } from "../sync/write-group.ts";
import { openAccount } from "./account.ts";
import { isUnavailable, runBatch } from "./commit.ts";
import { checkPosition, type PositionRow } from "./epoch.ts";
import { publishEvents, type OwnAck } from "./fan-out.ts";
import { spend } from "./flood.ts";
import { forgetStock, loadedDeps, pageDeps, type Hub } from "./hub.ts";
import { tellAvailable } from "./needs.ts";
import type { Peer } from "./peer.ts";
import { setAlarm } from "./schedule.ts";
import { refuseWrite, takeGroup, type Settled, type Write } from "./write-queue.ts";

/** Events published after one batch: more than one batch makes. */
const publishPage = { events: 5_000, bytes: 16_000_000 };

/**
 * Queues writes; what arrives while a batch is in flight joins the next one. Who queues waits for its turn and commits
 * until its own are done, with what came behind them in the same groups: no invocation works for another's, and so none
 * asks the database more often than the platform allows, however long the queue is never empty.
 */
export function enqueue(hub: Hub, writes: readonly Write[]): void {
  for (const write of writes) {
    hub.queuedBytes += write.bytes;
    write.peer.account.heldBytes += write.bytes;
    if (write.peer.connection !== undefined) write.peer.connection.unsettled += 1;
  }
  hub.queue.push(...writes);
  const mine = drain(hub, hub.writing, writes.at(-1)).then(() => {
    if (hub.writing === mine) hub.writing = undefined;
  });
  hub.writing = mine;
  hub.ctx.waitUntil(mine);
}

/** Does something once everything queued so far was committed and published, or refused. */
export function afterWrites(hub: Hub, peer: Peer, act: () => void): void {
  const write = { kind: "settled", outcome: () => ({ kind: "afterwards", act }) as const } as const;
  enqueue(hub, [{ peer: { ...peer, reply: act }, id: 0, bytes: 0, write }]);
}

/** Settles once everything queued so far was committed and published, or refused. */
export function committed(hub: Hub): Promise<void> {
  if (hub.writing === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    afterWrites(hub, nobody, resolve);
  });
}

const nobody: Peer = {
  party: ["", ""],
  account: openAccount({}, 0),
  connection: undefined,
  reply: () => undefined,
  enter: () => Promise.resolve(undefined),
  send: () => undefined,
};

/** Commits groups when those before are done, until one of them had `last` in it. */
async function drain(
  hub: Hub,
  before: Promise<void> | undefined,
  last: Write | undefined,
): Promise<void> {
  // If there is none before, the rest of a burst may still arrive before the first batch is cut.
  await before;
  while (last !== undefined && hub.queue.includes(last)) {
    const group = takeGroup(hub.queue, (object) => isBegun(hub, object));
    // Whatever a fault of ours does to one group, the next one is still written.
    await commitGroup(hub, group).catch((error: unknown) => {
      logFault(hub, "unexpected_error", error);
    });
    for (const write of group) {
      hub.queuedBytes -= write.bytes;
      write.peer.account.heldBytes -= write.bytes;
      if (write.peer.connection !== undefined) write.peer.connection.unsettled -= 1;
    }
  }
}

/** Whether pieces of an object may be there: not known before the store's stock is. */
const isBegun = (hub: Hub, object: Key): boolean =>
  hub.known === undefined || hub.known.anyUpload(object) !== undefined;

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
  const deps = await loadedDeps(hub, chargedTogether(hub, group));
  const { published } = hub;
  const compiled = compileGroup(
    deps,
    group.map(({ write }) => write),
  );
  hub.entry.batches += 1;
  // The position first: once the group's own events are in, a store put back in time may look as if it never was.
  const [position, ...results] = await runBatch(deps.db, [
    positionOf(deps.db, deps.scope, deps.now),
    ...compiled.statements,
    eventsAfter(deps.db, deps.scope, published, publishPage, deps.now),
  ]);
  hub.entry.batches += 1;
  hub.unsure = false;
  const before = rowsOf<PositionRow>(position)[0];
  await checkPosition(hub, before, published);
  const outcomes = await compiled.settle(results.slice(0, -1), before?.head ?? 0);
  const settled = outcomes.flatMap((outcome, i): Settled[] => {
    const write = group[i];
    return write === undefined ? [] : [{ write, outcome }];
  });
  const rows = rowsOf<EventRow>(results.at(-1));
  if (isCut(rows)) noteUnsure(hub);
  return { settled, rows };
}

/** The database, with what it does charged to those whose writes it does, each as much as it has of them. */
function chargedTogether(hub: Hub, group: readonly Write[]): D1Database {
  const payers = group.filter(({ write }) => write.kind !== "settled");
  return meteredDatabase(hub.env.DB, ({ statements, rows }) => {
    const share = { statements: statements / payers.length, rows: rows / payers.length };
    const now = hub.world.now();
    for (const { peer } of payers) spend(peer.account.allowance, share, now);
  });
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

/** Whether there are events behind those of a page. */
function isCut(rows: readonly EventRow[]): boolean {
  const last = rows.at(-1);
  return last !== undefined && last.seq < (last.head ?? last.seq);
}

/** There may be events that are not published: they are looked for soon. */
function noteUnsure(hub: Hub): void {
  hub.unsure = true;
  hub.ctx.waitUntil(setAlarm(hub));
}

/** The batch may have been committed, and with it events. */
function refuseGroup(hub: Hub, group: readonly Write[], error: unknown): void {
  const unavailable = isUnavailable(error);
  forgetStock(hub);
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
  const deps = pageDeps(hub, hub.env.DB);
  for (;;) {
    const { published } = hub;
    const [events, position] = await runBatch(deps.db, [
      eventsAfter(deps.db, deps.scope, oldestCursor(hub), publishPage, deps.now),
      positionOf(deps.db, deps.scope, deps.now),
    ]);
    const rows = rowsOf<EventRow>(events);
    publishEvents(hub, rows, new Map());
    hub.unsure = false;
    if (isCut(rows)) continue;
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
