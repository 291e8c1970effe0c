import { CLOSE, encodeBinary, encodeText, fields, type ServerOp } from "@gitblobs/protocol";
import * as v from "valibot";
import { freshAllowance, type Allowance } from "./flood.ts";

/** What a socket is, kept with it while its hub sleeps. Validated when read: an older version may have written it. */
const attachmentSchema = v.strictObject({
  v: v.literal(1),
  session: v.string(),
  user: v.string(),
  username: v.string(),
  /** When the socket was accepted. */
  since: v.number(),
  /** When its authorisation ends. */
  until: v.number(),
  /** `auth_soon` was sent. */
  warned: v.boolean(),
  /** NULL before hello. */
  device: v.nullable(fields.device),
  /** Events flow as they happen; before, the device is still catching up. */
  live: v.boolean(),
  /** The last event this socket was given. */
  cursor: v.number(),
  /** What it says it is doing. */
  state: v.nullable(fields.state),
});
export type Attachment = v.InferOutput<typeof attachmentSchema>;

/** One socket and what the hub knows of it. */
export interface Connection {
  readonly socket: WebSocket;
  attachment: Attachment;
  readonly allowance: Allowance;
  /** Frames are handled one after the other. */
  chain: Promise<void>;
  /** Reads are answered one after the other, so that a slow reader holds back nobody else. */
  reading: Promise<void>;
  /** Bytes sent since it was last looked how much waits for the reader. */
  unchecked: number;
  /** Since when too much waits for the reader; 0 when it keeps up. */
  slowSince: number;
}

/** Unread bytes above which a reader counts as slow, and how long it may be so. */
export const slowBytes = 4_194_304;
export const slowMs = 10_000;
/** Asking the runtime what waits costs as much as a small send, so it is asked once per this many bytes. */
const checkBytes = 262_144;
/** Unread bytes above which a reader is cut at once: a fraction of the isolate's 128 MB. */
const hopelessBytes = 16_777_216;

/** Wraps a socket; undefined if it is not one of this version's. */
export function restoreConnection(socket: WebSocket): Connection | undefined {
  if (socket.readyState !== WebSocket.OPEN) return undefined;
  const attachment = v.safeParse(attachmentSchema, socket.deserializeAttachment());
  return attachment.success ? openConnection(socket, attachment.output) : undefined;
}

/** Starts a connection. */
export function openConnection(socket: WebSocket, attachment: Attachment): Connection {
  socket.serializeAttachment(attachment);
  return {
    socket,
    attachment,
    allowance: freshAllowance(attachment.since),
    chain: Promise.resolve(),
    reading: Promise.resolve(),
    unchecked: 0,
    slowSince: 0,
  };
}

/** Changes what is kept with the socket. */
export function amend(connection: Connection, change: Partial<Attachment>): void {
  connection.attachment = { ...connection.attachment, ...change };
  connection.socket.serializeAttachment(connection.attachment);
}

/** Bytes the reader has not taken yet; 0 where the runtime does not tell. */
export function unreadBytes(socket: WebSocket): number {
  const amount: unknown = Reflect.get(socket, "bufferedAmount");
  return typeof amount === "number" ? amount : 0;
}

/** Sends operations in one frame, binary if one has a body. A socket that is gone takes nothing. */
export function sendOps(connection: Connection, ops: readonly ServerOp[], now: number): void {
  const hasBody = ops.some((op) => op.op === "objects" || op.op === "part");
  sendFrame(connection, hasBody ? encodeBinary(ops) : encodeText(ops), now);
}

/** Sends a frame that is encoded already, unless the reader is too slow. */
export function sendFrame(
  connection: Connection,
  frame: string | Uint8Array<ArrayBuffer>,
  now: number,
): void {
  connection.unchecked += frame.length;
  if (connection.unchecked > checkBytes && isTooSlow(connection, now)) {
    close(connection, CLOSE.tooSlow, "reads too slowly");
    return;
  }
  try {
    connection.socket.send(frame);
  } catch {
    // It is closed: the device catches up when it returns.
  }
}

function isTooSlow(connection: Connection, now: number): boolean {
  connection.unchecked = 0;
  const unread = unreadBytes(connection.socket);
  if (unread <= slowBytes) connection.slowSince = 0;
  else if (connection.slowSince === 0) connection.slowSince = now;
  const forLong = connection.slowSince !== 0 && now - connection.slowSince > slowMs;
  return unread > hopelessBytes || forLong;
}

/** Closes a socket with a code of the protocol. */
export function close(connection: Connection, code: number, reason: string): void {
  try {
    connection.socket.close(code, reason);
  } catch {
    // It is closed already.
  }
}
