import {
  LIMITS,
  encodeBinary,
  type Ack,
  type Message,
  type Party,
  type ServerOp,
} from "@gitblobs/protocol";
import { partyName, toItem, type EventRow } from "../sync/event-table.ts";
import { sliced } from "../sync/piece.ts";
import { amend, sendFrame, type Connection } from "./connection.ts";
import { textFrames } from "./text-frames.ts";
import { noteHead, setPong, welcomed, type Hub, type Welcomed } from "./hub.ts";

/** An acknowledgement that takes the place of an event on the connection that caused it. */
export interface OwnAck {
  readonly connection: Connection;
  readonly ack: Ack;
}

/** Acknowledgements by the seq of their event. */
export type Acks = ReadonlyMap<number, OwnAck>;

/** Gives committed events to every live socket, in order and once, and moves what `pong` says. */
export function publishEvents(hub: Hub, rows: readonly EventRow[], acks: Acks): void {
  const now = hub.world.now();
  const last = rows.at(-1);
  if (last === undefined) return;
  const shares = new Map<string, readonly string[]>();
  for (const { connection, party, name } of welcomed(hub)) {
    const { live, cursor } = connection.attachment;
    if (!live || cursor >= last.seq) continue;
    const fresh = rows.filter((row) => row.seq > cursor);
    const own = fresh.some((row) => acks.get(row.seq)?.connection.socket === connection.socket);
    // Without messages for one device, all readers that are equally far get the very same bytes.
    const shared = !own && fresh.every((row) => row.recipient === null);
    const key = shared ? String(cursor) : `${cursor} ${name}`;
    const frames =
      (own ? undefined : shares.get(key)) ?? encodeEvents(connection, party, fresh, acks);
    if (!own) shares.set(key, frames);
    amend(connection, { cursor: last.seq });
    for (const frame of frames) sendFrame(connection, frame, now);
  }
  if (last.seq > hub.published) {
    hub.published = last.seq;
    setPong(hub);
    noteHead(hub);
  }
}

function encodeEvents(
  connection: Connection,
  reader: Party,
  rows: readonly EventRow[],
  acks: Acks,
): readonly string[] {
  const ops = rows.map((row): ServerOp => {
    const own = acks.get(row.seq);
    return own?.connection.socket === connection.socket
      ? own.ack
      : { op: "event", ...toItem(row, reader) };
  });
  return textFrames(ops);
}

/** Bytes of a frame that are left for messages besides what a header may come to. */
const messageRoom = LIMITS.frameBytes - 1_024;
/** What one message adds to its frame besides its bytes, at most: its names have bounds. */
const messageHead = 512;

/** Messages as binary frames, in order and in as few as the limits allow; their bytes as they came. */
function messageFrames(messages: readonly Message[]): readonly Uint8Array<ArrayBuffer>[] {
  const size = ({ len }: Message) => len + messageHead;
  return sliced(messages, size, messageRoom, LIMITS.opsPerFrame).map(encodeBinary);
}

/** Relays messages that are not kept: encoded once for all who get all of them. */
export function relayMessages(
  others: readonly Welcomed[],
  messages: readonly Message[],
  now: number,
): void {
  let shared: readonly Uint8Array<ArrayBuffer>[] | undefined;
  for (const { connection, name } of others) {
    const mine = messages.filter((m) => m.to === undefined || partyName(m.to) === name);
    const frames =
      mine.length === messages.length ? (shared ??= messageFrames(messages)) : messageFrames(mine);
    for (const frame of frames) sendFrame(connection, frame, now);
  }
}
