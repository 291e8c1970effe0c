import { logLine } from "../http/request-log.ts";
import { eventsAfter, positionOf, type EventRow } from "../sync/event-table.ts";
import { rowsOf } from "../sync/piece.ts";
import { isUnavailable, runBatch } from "./commit.ts";
import { checkPosition, type PositionRow } from "./epoch.ts";
import { publishEvents, type OwnAck } from "./fan-out.ts";
import { syncDeps, type Hub } from "./hub.ts";
import { tellAvailable } from "./needs.ts";
import { compileGroup, refuseWrite, takeGroup, type Settled, type Write } from "./write-queue.ts";

/** Events published after one batch; more are fetched at once. */
const publishPage = 500;

/** Queues writes; what arrives while a batch is in flight joins the next one. */
export function enqueue(hub: Hub, writes: readonly Write[]): void {
  hub.queue.push(...writes);
  hub.writing ??= drain(hub).finally(() => {
    hub.writing = undefined;
  });
  hub.ctx.waitUntil(hub.writing);
}

/** Settles once everything queued so far was committed or refused. */
export function committed(hub: Hub): Promise<void> {
  if (hub.writing === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const reply = () => {
      resolve();
    };
    const peer = { device: "", connection: undefined, reply, stream: () => Promise.resolve(false) };
    const settle = () => {
      resolve();
      return [];
    };
    enqueue(hub, [
      { kind: "other", peer, id: 0, bytes: 0, compile: () => ({ statements: [], settle }) },
    ]);
  });
}

async function drain(hub: Hub): Promise<void> {
  // Lets the rest of a burst arrive before the first batch is cut.
  await Promise.resolve();
  while (hub.queue.length > 0) await commitGroup(hub, takeGroup(hub.queue));
}

/** Order is law: persist, acknowledge, publish. */
async function commitGroup(hub: Hub, group: readonly Write[]): Promise<void> {
  const deps = syncDeps(hub);
  try {
    const pieces = compileGroup(deps, group);
    const results = await runBatch(deps.db, [
      ...pieces.flatMap(({ piece }) => piece.statements),
      eventsAfter(deps.db, deps.scope, hub.published, publishPage, deps.now),
      positionOf(deps.db, deps.scope, deps.now),
    ]);
    hub.unsure = false;
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
    answerAndPublish(hub, settled, rowsOf<EventRow>(results[at]));
    tellAvailable(hub, settled);
    await checkPosition(hub, rowsOf<PositionRow>(results[at + 1])[0]);
  } catch (error) {
    refuseGroup(hub, group, error);
  }
}

function answerAndPublish(hub: Hub, settled: readonly Settled[], rows: readonly EventRow[]): void {
  const acks = new Map<number, OwnAck>();
  const seqs = new Set(rows.map((row) => row.seq));
  for (const { write, outcome } of settled) {
    const { peer } = write;
    if (outcome.kind === "answer") {
      peer.reply(outcome.op);
      continue;
    }
    const { id, mid, seq } = outcome;
    const ack = { op: "ack", id, mid, seq } as const;
    const { connection } = peer;
    // On a live socket the ack of a new event takes the event's place in the order.
    const inOrder = connection?.attachment.live === true && seqs.has(seq) && !acks.has(seq);
    if (inOrder && connection.attachment.cursor < seq) acks.set(seq, { connection, ack });
    else peer.reply(ack);
  }
  publishEvents(hub, rows, acks);
}

/** The batch may have been committed: what it may have published is looked for soon. */
function refuseGroup(hub: Hub, group: readonly Write[], error: unknown): void {
  const unavailable = isUnavailable(error);
  hub.unsure = true;
  logLine(hub.world, {
    event: "write_failed",
    store: hub.scope.storeId,
    outcome: "failed",
    error: error instanceof Error ? error.message : "unknown",
  });
  for (const write of group) {
    write.peer.reply(refuseWrite(write, unavailable ? "unavailable" : "internal"));
  }
}

/** Publishes what was committed without the hub knowing. */
export async function publishMissed(hub: Hub): Promise<void> {
  const deps = syncDeps(hub);
  for (;;) {
    const [events, position] = await runBatch(deps.db, [
      eventsAfter(deps.db, deps.scope, oldestCursor(hub), publishPage, deps.now),
      positionOf(deps.db, deps.scope, deps.now),
    ]);
    const rows = rowsOf<EventRow>(events);
    publishEvents(hub, rows, new Map());
    hub.unsure = false;
    if (rows.length === publishPage) continue;
    const row = rowsOf<PositionRow>(position)[0];
    await checkPosition(hub, row);
    // Events that expired before anybody could see them count as published.
    hub.published = Math.max(hub.published, row?.head ?? 0);
    return;
  }
}

function oldestCursor(hub: Hub): number {
  const live = [...hub.connections.values()].filter((c) => c.attachment.live);
  return Math.min(hub.published, ...live.map((c) => c.attachment.cursor));
}
