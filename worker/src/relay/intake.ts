import { CLOSE, LIMITS, decodeClientFrame, utf8Length, type ClientOp } from "@gitblobs/protocol";
import { logLine } from "../http/request-log.ts";
import { failure } from "../sync/failure.ts";
import { maxHeldBytes, type Account } from "./account.ts";
import { authorise } from "./authorise.ts";
import { amend, close, noteHeard, sendOps, type Connection } from "./connection.ts";
import { takeFrame, type Verdict } from "./flood.ts";
import { greet } from "./hello.ts";
import { userAccount, type Hub } from "./hub.ts";
import { perform, type SyncOp } from "./operations.ts";
import { socketPeer } from "./peers.ts";
import { sharePresence } from "./presence.ts";
import { moveAlarm } from "./schedule.ts";

type Frame = string | ArrayBuffer;

/** Bytes of a frame. */
export function frameBytes(frame: Frame): number {
  if (typeof frame !== "string") return frame.byteLength;
  return frame.length * 3 > LIMITS.frameBytes && frame.length <= LIMITS.frameBytes
    ? utf8Length(frame)
    : frame.length;
}

/** Tokens of one frame that are looked up: each is a query, of the thousand an invocation has. */
const maxTokens = 8;

/** What a frame is answered that a hub has no room for. */
export const noRoom = failure(undefined, "flood", "Too much at once; wait.", {
  retry_after_ms: 1_000,
});

/** Takes a frame as it arrives: what is too large, too late or too much is refused before it is kept. */
export async function takeIn(hub: Hub, connection: Connection, frame: Frame): Promise<void> {
  const now = hub.world.now();
  noteHeard(connection, now);
  const bytes = frameBytes(frame);
  if (bytes > LIMITS.frameBytes) {
    close(connection, CLOSE.tooBig, "the frame is too large");
    return;
  }
  if (now >= connection.attachment.until) {
    close(connection, CLOSE.reauth, "the token has expired");
    return;
  }
  const account = userAccount(hub, connection.attachment.user);
  const verdict = admitFrame(account, bytes, now, connection);
  if (verdict.kind !== "pass") {
    refuse(connection, verdict, now);
    return;
  }
  account.heldBytes += bytes;
  // One after the other, as they came; the platform would let them interleave.
  connection.chain = connection.chain.then(() => handleFrame(hub, connection, frame));
  await connection.chain;
  account.heldBytes -= bytes;
}

/** Whether a user may send one more frame, on this socket if it is one. Whoever just came may say hello in any case. */
export function admitFrame(
  account: Account,
  bytes: number,
  now: number,
  connection?: Connection,
): Verdict {
  if (account.heldBytes + bytes > maxHeldBytes) return { kind: "slow_down", afterMs: 1_000 };
  if (connection === undefined) return takeFrame([account.allowance], bytes, now);
  const isNew = connection.attachment.device === null;
  const { allowance } = connection;
  return takeFrame(isNew ? [allowance] : [allowance, account.allowance], bytes, now);
}

/** What a sender is told that has to wait. */
export const slowDown = (retry_after_ms: number) =>
  failure(undefined, "flood", "Too much; wait.", { retry_after_ms });

function refuse(connection: Connection, verdict: Verdict, now: number): void {
  if (verdict.kind === "close") close(connection, CLOSE.flood, "too fast");
  else if (verdict.kind === "slow_down") {
    sendOps(connection, [slowDown(verdict.afterMs)], now);
  }
}

/** Last resort: an error that escaped would leave the socket open and silent. */
async function handleFrame(hub: Hub, connection: Connection, frame: Frame): Promise<void> {
  if (connection.closed) return;
  try {
    const decoded = decodeClientFrame(typeof frame === "string" ? frame : new Uint8Array(frame));
    if (decoded.ok) {
      await handleOps(hub, connection, decoded.ops);
      return;
    }
    const { code, message, id } = decoded.error;
    sendOps(connection, [failure(id, code, message)], hub.world.now());
    if (code === "bad_frame" || code === "bad_json") close(connection, CLOSE.protocol, code);
  } catch (error) {
    logLine(hub.world, {
      event: "unexpected_error",
      store: hub.scope.storeId,
      outcome: "failed",
      error: error instanceof Error ? (error.stack ?? error.message) : "unknown",
    });
    close(connection, CLOSE.internal, "a fault of the relay");
  }
}

async function handleOps(
  hub: Hub,
  connection: Connection,
  ops: readonly ClientOp[],
): Promise<void> {
  let rest = ops;
  const [first] = ops;
  if (connection.attachment.device === null && first !== undefined) {
    const peerOf = (device: string) => socketPeer(hub, connection, device).peer;
    await greet(hub, connection, peerOf, first);
    // The alarm for a hello that did not come.
    await moveAlarm(hub);
    rest = ops.slice(1);
  }
  const { device } = connection.attachment;
  if (device === null || connection.closed) return;
  const { peer, flush } = socketPeer(hub, connection, device);
  perform(hub, peer, rest.filter(isSyncOp));
  let tokens = 0;
  for (const op of rest) {
    if (op.op === "hello") peer.reply(failure(undefined, "hello_twice", "Hello was said."));
    else if (op.op === "auth") {
      tokens += 1;
      peer.reply(tokens > maxTokens ? slowDown(1_000) : await authorise(hub, connection, op.token));
    } else if (op.op === "presence") {
      const state = op.state ?? null;
      // Said again, it is told to nobody again.
      if (state === connection.attachment.state) continue;
      amend(connection, { state });
      sharePresence(hub);
    }
  }
  flush();
}

/** Whether an operation is about the store, not about the socket itself. */
export function isSyncOp(op: ClientOp): op is SyncOp {
  return op.op !== "hello" && op.op !== "presence" && op.op !== "auth";
}
