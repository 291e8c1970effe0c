import {
  CLOSE,
  LIMITS,
  PROTOCOL_VERSION,
  type ClientOp,
  type Hello,
  type Welcome,
} from "@gitblobs/protocol";
import type { SessionRow } from "../auth/session-table.ts";
import { partyName } from "../sync/event-table.ts";
import { failure } from "../sync/failure.ts";
import { rowsOf } from "../sync/piece.ts";
import type { RefRow } from "../sync/store-table.ts";
import { maxHeldBytes } from "./account.ts";
import { runBatch } from "./commit.ts";
import { amend, close, sendOps, type Attachment, type Connection } from "./connection.ts";
import { isFresh } from "./entry.ts";
import { checkPosition, type PositionRow } from "./epoch.ts";
import { chargedTo, pageDeps, userAccount, welcomed, type Hub } from "./hub.ts";
import { lookAt } from "./look.ts";
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
  const { attachment } = connection;
  const { early } = connection;
  connection.early = undefined;
  const look = early !== undefined && isFresh(early, hub.entry, now) ? early.results : undefined;
  const found = await readStore(hub, attachment, () => connection.closed, look);
  const ended = closeCodeOf(found.session, now);
  if (ended !== undefined) close(connection, ended, "the session has ended");
  const { row } = found;
  if (row === undefined || connection.closed) return;
  replaceOthers(hub, connection, peer);
  const answer = welcomeOf(hub, attachment, op, { ...found, row });
  const after = goesOn(answer) ? op.after : undefined;
  const { device } = op;
  amend(connection, { device, live: after === undefined, cursor: after ?? row.head });
  sendOps(connection, [answer], now);
  sharePresence(hub);
  if (after !== undefined) await sendEventPage(hub, peer, undefined, after, LIMITS.eventsPerPage);
}

/** Who says hello: on a socket, or before a request over HTTP. */
export type Caller = Pick<Attachment, "user" | "username" | "session" | "until">;

/** Whether events follow a welcome that is given to somebody who named a place: not where that is of no use any more. */
export const goesOn = ({ reason }: Welcome): boolean =>
  reason === undefined || reason === "expired";

/** The welcome of a request over HTTP: what a socket is told, for this moment. Undefined if the store is gone. */
export async function look(hub: Hub, caller: Caller, op: Hello): Promise<Welcome | undefined> {
  const found = await readStore(hub, caller, () => false);
  const { row } = found;
  return row === undefined ? undefined : welcomeOf(hub, caller, op, { ...found, row });
}

function welcomeOf(
  hub: Hub,
  caller: Caller,
  op: Hello,
  { row, refs, used }: Pick<Found, "refs" | "used"> & { readonly row: PositionRow },
): Welcome {
  const { head, oldest, soonest } = row;
  const reason = holeOf(op, hub.epoch, head, oldest);
  return {
    op: "welcome",
    proto: PROTOCOL_VERSION,
    store: hub.scope.storeId,
    epoch: hub.epoch,
    head,
    oldest,
    refs,
    limits: allowances(hub, used),
    by: caller.user,
    user: caller.username,
    expires_at: caller.until,
    ...(soonest === null ? {} : { kept_until: soonest }),
    resumed: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
  };
}

type Found = Awaited<ReturnType<typeof readStore>>;

/**
 * Where the store stands: position and refs of one moment, which is not before what was published meanwhile. The
 * session is read with it, for it may have ended between its check and the socket. `early` is what was read when the
 * socket was admitted.
 */
async function readStore(
  hub: Hub,
  caller: Caller,
  isGone: () => boolean,
  early?: readonly D1Result[],
) {
  let known = early;
  for (;;) {
    const { db, scope, now } = pageDeps(hub, chargedTo(hub, userAccount(hub, caller.user)));
    const { published } = hub;
    const looked = known;
    known = undefined;
    const results = looked ?? (await runBatch(db, lookAt(db, scope, caller.session, now)));
    const [position, refs, usage, session] = results;
    const row = rowsOf<PositionRow>(position)[0];
    // What was read before the hub was here does not show whether the store was put back in time.
    if (looked !== undefined && (row?.head ?? 0) < hub.published) continue;
    await checkPosition(hub, row, published);
    if (row !== undefined && row.head < hub.published && !isGone()) continue;
    return {
      row,
      refs: rowsOf<RefRow>(refs).map(({ name, hash, note }): Welcome["refs"][number] =>
        note === null ? [name, hash] : [name, hash, note],
      ),
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
  if (hello.epoch !== epoch) return "epoch";
  if (hello.after > head) return "ahead";
  return hello.after + 1 < oldest ? "expired" : undefined;
}

/** One socket per device of a member: the newest one stays. */
function replaceOthers(hub: Hub, connection: Connection, { party }: Peer): void {
  const own = partyName(party);
  for (const other of welcomed(hub)) {
    if (other.name === own && other.connection.socket !== connection.socket) {
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
    held_bytes: maxHeldBytes,
    statements_per_second: hub.rates.user.statements,
    rows_per_second: hub.rates.user.rows,
    answered_bytes_per_second: hub.rates.user.answered,
  };
}
