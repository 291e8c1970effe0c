import { encodeText, type Ack, type Message, type ServerOp } from "@gitblobs/protocol";
import { toItem, type EventRow } from "../sync/event-table.ts";
import { amend, sendFrame, sendOps, type Connection } from "./connection.ts";
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
  const frames = new Map<string, string>();
  for (const { connection, device } of welcomed(hub)) {
    const { live, cursor } = connection.attachment;
    if (!live || cursor >= last.seq) continue;
    const fresh = rows.filter((row) => row.seq > cursor);
    const own = fresh.some((row) => acks.get(row.seq)?.connection.socket === connection.socket);
    // Without messages for one device, all readers that are equally far get the very same bytes.
    const shared = !own && fresh.every((row) => row.recipient === null);
    const key = shared ? String(cursor) : `${cursor} ${device}`;
    const frame =
      (own ? undefined : frames.get(key)) ?? encodeEvents(connection, device, fresh, acks);
    if (!own) frames.set(key, frame);
    amend(connection, { cursor: last.seq });
    sendFrame(connection, frame, now);
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
): string {
  const ops = rows.map((row): ServerOp => {
    const own = acks.get(row.seq);
    return own?.connection.socket === connection.socket
      ? own.ack
      : { op: "event", ...toItem(row, device) };
  });
  return encodeText(ops);
}

/** Relays messages that are not kept: encoded once for all who get all of them. */
export function relayMessages(
  others: readonly Welcomed[],
  messages: readonly Message[],
  now: number,
): void {
  let shared: string | undefined;
  for (const { connection, device } of others) {
    const mine = messages.filter((m) => m.to === undefined || m.to === device);
    if (mine.length === messages.length) {
      sendFrame(connection, (shared ??= encodeText(messages)), now);
    } else if (mine.length > 0) {
      sendOps(connection, mine, now);
    }
  }
}

/** Tells everybody who is here. */
export function sharePresence(hub: Hub): void {
  const now = hub.world.now();
  const devices = welcomed(hub).map(({ device, connection }) => {
    const { since, state } = connection.attachment;
    return state === null ? { device, since } : { device, since, state };
  });
  const frame = encodeText([{ op: "presence", devices }]);
  for (const { connection } of welcomed(hub)) sendFrame(connection, frame, now);
}
