import type { Ack, Message, ServerOp } from "@gitblobs/protocol";
import { toItem, type EventRow } from "../sync/event-table.ts";
import { amend, sendFrame, sendOps, type Connection } from "./connection.ts";
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
  for (const { connection, device } of welcomed(hub)) {
    const { live, cursor } = connection.attachment;
    if (!live || cursor >= last.seq) continue;
    const fresh = rows.filter((row) => row.seq > cursor);
    const own = fresh.some((row) => acks.get(row.seq)?.connection.socket === connection.socket);
    // Without messages for one device, all readers that are equally far get the very same bytes.
    const shared = !own && fresh.every((row) => row.recipient === null);
    const key = shared ? String(cursor) : `${cursor} ${device}`;
    const frames =
      (own ? undefined : shares.get(key)) ?? encodeEvents(connection, device, fresh, acks);
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
  device: string,
  rows: readonly EventRow[],
  acks: Acks,
): readonly string[] {
  const ops = rows.map((row): ServerOp => {
    const own = acks.get(row.seq);
    return own?.connection.socket === connection.socket
      ? own.ack
      : { op: "event", ...toItem(row, device) };
  });
  return textFrames(ops);
}

/** Relays messages that are not kept: encoded once for all who get all of them. */
export function relayMessages(
  others: readonly Welcomed[],
  messages: readonly Message[],
  now: number,
): void {
  let shared: readonly string[] | undefined;
  for (const { connection, device } of others) {
    const mine = messages.filter((m) => m.to === undefined || m.to === device);
    if (mine.length === messages.length) {
      for (const frame of (shared ??= textFrames(messages))) sendFrame(connection, frame, now);
    } else if (mine.length > 0) {
      sendOps(connection, mine, now);
    }
  }
}
