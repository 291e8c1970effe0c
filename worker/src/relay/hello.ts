import {
  CLOSE,
  LIMITS,
  PROTOCOL_VERSION,
  type ClientOp,
  type Hello,
  type Welcome,
} from "@gitblobs/protocol";
import { sessionOf, type SessionRow } from "../auth/session-table.ts";
import { positionOf } from "../sync/event-table.ts";
import { failure } from "../sync/failure.ts";
import { rowsOf } from "../sync/piece.ts";
import { refsOf, usageOf } from "../sync/store-table.ts";
import { runBatch } from "./commit.ts";
import { amend, close, sendOps, type Connection } from "./connection.ts";
import { checkPosition, type PositionRow } from "./epoch.ts";
import { syncDeps, welcomed, type Hub } from "./hub.ts";
import { sharePresence } from "./presence.ts";
import type { Peer } from "./peer.ts";
import { sendEventPage } from "./reading.ts";
import { closeCodeOf } from "./session-check.ts";

/** Answers the first operation of a socket; anything but a good hello closes it. */
export async function greet(
  hub: Hub,
  connection: Connection,
  peerOf: (device: string) => Peer,
  op: ClientOp,
): Promise<void> {
  const now = hub.world.now();
  if (op.op !== "hello") {
    const id = "id" in op ? op.id : undefined;
    sendOps(connection, [failure(id, "hello_first", "Say hello first.")], now);
    close(connection, CLOSE.protocol, "hello_first");
    return;
  }
  if (op.proto !== PROTOCOL_VERSION) {
    sendOps(connection, [failure(undefined, "unsupported_version", "Speak version 1.")], now);
    close(connection, CLOSE.version, "unsupported_version");
    return;
  }
  await welcome(hub, connection, peerOf(op.device), op);
}

async function welcome(hub: Hub, connection: Connection, peer: Peer, op: Hello): Promise<void> {
  const now = hub.world.now();
  const { row, refs, used, session } = await readStore(hub, connection);
  const ended = closeCodeOf(session, now);
  if (ended !== undefined) close(connection, ended, "the session has ended");
  if (row === undefined || connection.closed) return;
  replaceOthers(hub, connection, op.device);
  const { head } = row;
  const reason = holeOf(op, hub.epoch, head, row.oldest);
  const answer: Welcome = {
    op: "welcome",
    proto: PROTOCOL_VERSION,
    epoch: hub.epoch,
    head,
    oldest: row.oldest,
    refs,
    limits: allowances(hub, used),
    user: connection.attachment.username,
    expires_at: connection.attachment.until,
    resumed: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
  };
  const after = reason === undefined || reason === "expired" ? op.after : undefined;
  amend(connection, { device: op.device, live: after === undefined, cursor: after ?? head });
  sendOps(connection, [answer], now);
  sharePresence(hub);
  if (after !== undefined) await sendEventPage(hub, peer, undefined, after, LIMITS.eventsPerPage);
}

/**
 * Where the store stands: position and refs of one moment, which is not before what was published meanwhile. The
 * session is read with it, for it may have ended between its check and the socket.
 */
async function readStore(hub: Hub, connection: Connection) {
  for (;;) {
    const deps = syncDeps(hub);
    const { published } = hub;
    const [position, refs, usage, session] = await runBatch(deps.db, [
      positionOf(deps.db, deps.scope, deps.now),
      refsOf(deps.db, deps.scope.storeId),
      usageOf(deps.db, deps.scope.userId),
      sessionOf(deps.db, connection.attachment.session),
    ]);
    const row = rowsOf<PositionRow>(position)[0];
    await checkPosition(hub, row, published);
    if (row !== undefined && row.head < hub.published && !connection.closed) continue;
    return {
      row,
      refs: rowsOf<{ name: string; hash: string }>(refs).map(({ name, hash }): [string, string] => [
        name,
        hash,
      ]),
      used: rowsOf<{ bytes: number; objects: number }>(usage)[0],
      session: rowsOf<SessionRow>(session)[0],
    };
  }
}

/** Why a device cannot simply go on from where it was; undefined if it can. */
function holeOf(
  hello: Hello,
  epoch: string,
  head: number,
  oldest: number,
): Welcome["reason"] | undefined {
  if (hello.after === undefined) return "new";
  if (hello.epoch !== undefined && hello.epoch !== epoch) return "epoch";
  if (hello.after > head) return "ahead";
  return hello.after + 1 < oldest ? "expired" : undefined;
}

/** One socket per device: the newest one stays. */
function replaceOthers(hub: Hub, connection: Connection, device: string): void {
  for (const other of welcomed(hub)) {
    if (other.device === device && other.connection.socket !== connection.socket) {
      close(other.connection, CLOSE.replaced, "this device connected elsewhere");
    }
  }
}

function allowances(
  hub: Hub,
  used: { readonly bytes: number; readonly objects: number } | undefined,
): Welcome["limits"] {
  const { settings } = hub;
  return {
    frame_bytes: LIMITS.frameBytes,
    object_bytes: LIMITS.objectBytes,
    message_bytes: LIMITS.messageBytes,
    ttl_seconds: settings.ttlSeconds,
    ttl_max_seconds: settings.ttlMaxSeconds,
    quota_bytes: settings.quotaBytes,
    quota_objects: settings.quotaObjects,
    used_bytes: used?.bytes ?? 0,
    used_objects: used?.objects ?? 0,
  };
}
