import { CLOSE, LIMITS, fields, type ServerOp } from "@gitblobs/protocol";
import * as v from "valibot";
import type { EarlyLook } from "./entry.ts";
import { freshAllowance, type Allowance, type Rates } from "./flood.ts";
import { textFrames } from "./text-frames.ts";

/** What a socket is, kept with it while its hub sleeps. Validated when read: an older version may have written it. */
const attachmentSchema = v.strictObject({
  v: v.literal(1),
  session: v.string(),
  user: v.string(),
  username: v.string(),
  /** When the socket was accepted. */
  since: v.number(),
  /** When a frame last came, give or take a minute; pings the runtime notes itself. */
  heard: v.number(),
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
  /** Reads that were asked for and not answered. */
  reads: number;
  /** Writes that wait for their commit; what must not overtake them waits as well. */
  unsettled: number;
  /**
   * Closed by either side. Nothing is taken from it or given to it any more, even if the other side never answers the
   * close and the runtime goes on listing the socket.
   */
  closed: boolean;
  readonly deps: ConnectionDeps;
  /** When the other side was last heard, and bytes sent to it since: unasked, and in answer to reads. */
  heardAt: number;
  unheard: { live: number; asked: number };
  /** Bytes sent since it was last looked how much waits for the reader. */
  unchecked: number;
  /** Since when too much waits for the reader; 0 when it keeps up. */
  slowSince: number;
  /** Objects that others need, as it was told already. */
  readonly askedFor: Set<string>;
  /** Where the store stood when it was admitted; gone with its hello. */
  early?: EarlyLook | undefined;
  /** The token that it was last authorised by in band. */
  token?: string;
}

/** What a connection needs of its hub. */
export interface ConnectionDeps {
  /** Of one socket. */
  readonly rates: Rates;
  /** When the runtime last answered a ping of the socket; 0 if it never did. */
  readonly lastPing: (socket: WebSocket) => number;
  /** Unread bytes of all connections of the hub. */
  readonly unreadTogether: () => number;
  /** Told once, when the connection is closed by either side. */
  readonly onClosed: (connection: Connection) => void;
}

/** Unread bytes above which a reader counts as slow, and how long it may be so. */
const slowBytes = 4_194_304;
export const slowMs = 10_000;
/** Asking the runtime what waits costs as much as a small send, so it is asked once per this many bytes. */
const checkBytes = 262_144;
/** Unread bytes above which a reader is cut at once: a fraction of the isolate's 128 MB. */
const hopelessBytes = 16_777_216;
/** Unread bytes of all readers of a hub, above which the next slow one is cut at once. */
const togetherBytes = 50_331_648;

/** Wraps a socket; undefined if it is not one of this version's. */
export function restoreConnection(socket: WebSocket, deps: ConnectionDeps): Connection | undefined {
  if (socket.readyState !== WebSocket.OPEN) return undefined;
  const attachment = readAttachment(socket);
  return attachment === undefined ? undefined : openConnection(socket, attachment, deps);
}

/** What is kept with a socket; undefined if it is not one of this version's. */
export function readAttachment(socket: WebSocket): Attachment | undefined {
  const attachment = v.safeParse(attachmentSchema, socket.deserializeAttachment());
  return attachment.success ? attachment.output : undefined;
}

/** Starts a connection. */
export function openConnection(
  socket: WebSocket,
  attachment: Attachment,
  deps: ConnectionDeps,
): Connection {
  socket.serializeAttachment(attachment);
  return {
    socket,
    attachment,
    allowance: freshAllowance(deps.rates, attachment.since),
    chain: Promise.resolve(),
    reading: Promise.resolve(),
    reads: 0,
    unsettled: 0,
    closed: false,
    deps,
    heardAt: attachment.heard,
    askedFor: new Set(),
    unheard: { live: 0, asked: 0 },
    unchecked: 0,
    slowSince: 0,
  };
}

/** Changes what is kept with the socket. */
export function amend(connection: Connection, change: Partial<Attachment>): void {
  connection.attachment = { ...connection.attachment, ...change };
  connection.socket.serializeAttachment(connection.attachment);
}

/**
 * Bytes the reader has not taken yet. A runtime that does not tell leaves a bound: a device is heard, by frame or ping,
 * at least every few megabytes it was sent (PROTOCOL.md 4). What it asked for is given out by its own measure.
 */
export function unreadBytes(connection: Connection): number {
  const amount = bufferedBytes(connection);
  if (amount !== undefined) return amount;
  listen(connection);
  const { live } = connection.unheard;
  return live > hopelessBytes ? live : 0;
}

/** Bytes the reader was sent since it was last heard, or has not taken where the runtime tells. */
export function unconfirmedBytes(connection: Connection): number {
  const amount = bufferedBytes(connection);
  if (amount !== undefined) return amount;
  listen(connection);
  return connection.unheard.live + connection.unheard.asked;
}

/** Those of them that answered its reads. */
export function answeredBytes(connection: Connection): number {
  listen(connection);
  return Math.min(connection.unheard.asked, bufferedBytes(connection) ?? Infinity);
}

function bufferedBytes({ socket }: Connection): number | undefined {
  const amount: unknown = Reflect.get(socket, "bufferedAmount");
  return typeof amount === "number" ? amount : undefined;
}

/** Takes note of a ping that the runtime answered by itself. */
function listen(connection: Connection): void {
  const pinged = connection.deps.lastPing(connection.socket);
  if (pinged > connection.heardAt) noteHeard(connection, pinged);
}

/** What is kept with a socket of when it was heard may be older by this. */
const heardSlackMs = 60_000;

/** Takes note that the other side is there and goes on. */
export function noteHeard(connection: Connection, now: number): void {
  connection.heardAt = now;
  connection.unheard = { live: 0, asked: 0 };
  if (now - connection.attachment.heard >= heardSlackMs) amend(connection, { heard: now });
}

/** Whether no frame and no ping came for so long that the device counts as frozen or gone (PROTOCOL.md 4). */
export function isSilent(connection: Connection, now: number): boolean {
  const heard = Math.max(connection.heardAt, connection.deps.lastPing(connection.socket));
  return now - heard >= LIMITS.silentSeconds * 1_000;
}

/** Sends operations without bodies, in as few frames as the limits allow: gives back how long they are. A socket that is gone takes nothing. */
export function sendOps(connection: Connection, ops: readonly ServerOp[], now: number): number {
  const frames = textFrames(ops);
  for (const frame of frames) sendFrame(connection, frame, now);
  return frames.reduce((sum, frame) => sum + frame.length, 0);
}

/** Sends a frame that is encoded already, unless the reader is too slow. */
export function sendFrame(
  connection: Connection,
  frame: string | Uint8Array<ArrayBuffer>,
  now: number,
  kind: "live" | "asked" = "live",
): void {
  if (connection.closed) return;
  connection.unchecked += frame.length;
  connection.unheard[kind] += frame.length;
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
  const unread = unreadBytes(connection);
  if (unread <= slowBytes) connection.slowSince = 0;
  else if (connection.slowSince === 0) connection.slowSince = now;
  const forLong = connection.slowSince !== 0 && now - connection.slowSince > slowMs;
  if (unread > hopelessBytes || forLong) return true;
  return unread > slowBytes && connection.deps.unreadTogether() > togetherBytes;
}

/** Closes a socket with a code of the protocol, for good: see {@link Connection.closed}. */
export function close(connection: Connection, code: number, reason: string): void {
  if (connection.closed) return;
  noteClosed(connection);
  try {
    connection.socket.close(code, reason);
  } catch {
    // It is closed already.
  }
}

/** Takes note that the other side closed it. */
export function noteClosed(connection: Connection): void {
  if (connection.closed) return;
  connection.closed = true;
  connection.deps.onClosed(connection);
}
