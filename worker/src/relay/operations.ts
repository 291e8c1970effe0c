import type { Chunk, ClientOp, Message, Put, Send } from "@gitblobs/protocol";
import { partyName } from "../sync/event-table.ts";
import { failure, midReused } from "../sync/failure.ts";
import { verifyPut } from "../sync/store-objects.ts";
import { relayMessages } from "./fan-out.ts";
import { welcomed, type Hub } from "./hub.ts";
import { askForObjects } from "./needs.ts";
import type { Peer } from "./peer.ts";
import { fetchPushes, getObjects, pull, startRead } from "./reading.ts";
import { putRowBytes, type Write } from "./write-queue.ts";
import { afterWrites, enqueue } from "./writing.ts";

/** The operations a device may send once it said hello, apart from those about the socket itself. */
export type SyncOp = Exclude<ClientOp, { readonly op: "hello" | "presence" | "auth" }>;

/** Does the operations of one frame: writes join the queue in order, messages go out in one frame. */
export function perform(hub: Hub, peer: Peer, ops: readonly SyncOp[]): void {
  const writes: Write[] = [];
  const sends: Send[] = [];
  for (const op of ops) {
    const write = writeOf(peer, op);
    if (write !== undefined) writes.push(write);
    else if (op.op === "send") sends.push(op);
  }
  if (writes.length > 0) enqueue(hub, writes);
  if (sends.length > 0) {
    // What a message speaks of must be there before it: it does not overtake the device's own writes.
    if (writes.length > 0 || (peer.connection?.unsettled ?? 0) > 0) {
      afterWrites(hub, peer, () => {
        relay(hub, peer, sends);
      });
    } else relay(hub, peer, sends);
  }
  for (const op of ops) {
    if (op.op === "pull") startRead(hub, peer, op.id, () => pull(hub, peer, op));
    else if (op.op === "fetch") startRead(hub, peer, op.id, () => fetchPushes(hub, peer, op));
    else if (op.op === "get") startRead(hub, peer, op.id, () => getObjects(hub, peer, op));
    else if (op.op === "need") {
      peer.reply({ op: "ok", id: op.id, devices: askForObjects(hub, peer, op) });
    }
  }
}

function writeOf(peer: Peer, op: SyncOp): Write | undefined {
  const { party } = peer;
  switch (op.op) {
    case "put":
      return putOf(peer, op);
    case "chunk":
      // All of an object in one piece is stored as any other that is whole.
      if (op.offset === 0 && op.len === op.size) return putOf(peer, op);
      return {
        peer,
        id: op.id,
        bytes: op.len * 2,
        object: [op.type, op.hash],
        write: { kind: "chunk", chunk: op },
      };
    case "have":
      return {
        peer,
        id: op.id,
        bytes: op.objects.length * 160,
        write: { kind: "have", party, have: op },
      };
    case "push":
      return {
        peer,
        id: op.id,
        bytes: 512 + (op.note?.length ?? 0),
        write: { kind: "publication", party, op },
      };
    case "send":
      return op.keep === true
        ? {
            peer,
            id: op.id,
            bytes: op.len * 2,
            write: { kind: "publication", party, op },
          }
        : undefined;
    case "renew":
      return { peer, id: op.id, bytes: 64, write: { kind: "renew", renew: op } };
    case "pull":
    case "fetch":
    case "get":
    case "need":
      return undefined;
  }
}

function putOf(peer: Peer, op: Put | Chunk): Write | undefined {
  const put = verifyPut(op);
  if (put === undefined) {
    peer.reply(failure(op.id, "hash_mismatch", "The bytes do not have this hash."));
    return undefined;
  }
  const bytes = put.base64.length + putRowBytes;
  return { peer, id: op.id, bytes, object: [op.type, op.hash], write: { kind: "put", put } };
}

/** Relays messages that are not kept, each mid once. */
function relay(hub: Hub, peer: Peer, sends: readonly Send[]): void {
  const at = hub.world.now();
  const [by, from] = peer.party;
  const own = partyName(peer.party);
  const others = welcomed(hub).filter(({ name }) => name !== own);
  const messages: Message[] = [];
  for (const send of sends) {
    const { id, mid, to, len, bytes } = send;
    const recipient = to === undefined ? undefined : partyName(to);
    if (recipient !== undefined && !others.some(({ name }) => name === recipient)) {
      peer.reply(failure(id, "no_device", "That device is not connected; use keep."));
      continue;
    }
    const remembered = hub.messages.admit(own, send, at);
    if (remembered === "reused") {
      peer.reply(midReused(id));
      continue;
    }
    if (remembered === "new") {
      const message = { op: "message", by, from, mid, at, len, bytes } as const;
      messages.push(to === undefined ? message : { ...message, to });
    }
    peer.reply({ op: "ok", id, devices: to === undefined ? others.length : 1 });
  }
  if (messages.length > 0) relayMessages(others, messages, at);
}
