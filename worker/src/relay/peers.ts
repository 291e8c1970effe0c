import { CLOSE, encodeBinary, type ServerOp } from "@gitblobs/protocol";
import { close, sendFrame, sendOps, slowBytes, slowMs, unreadBytes } from "./connection.ts";
import type { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";
import type { Peer } from "./peer.ts";

/** How long a stream waits before it looks again whether its reader keeps up. */
const pauseMs = 20;

/** A device on a socket. Answers given in one turn leave in one frame. */
export function socketPeer(
  hub: Hub,
  connection: Connection,
  device: string,
): { readonly peer: Peer; readonly flush: () => void } {
  let ready: ServerOp[] = [];
  // What is answered while the frame is still being handled leaves with the flush at its end.
  let scheduled = true;
  const flush = () => {
    scheduled = false;
    if (ready.length === 0) return;
    const ops = ready;
    ready = [];
    sendOps(connection, ops, hub.world.now());
  };
  const peer: Peer = {
    device,
    connection,
    reply(op) {
      ready.push(op);
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(flush);
    },
    async stream(op) {
      if (!(await waitForReader(connection))) return false;
      flush();
      sendFrame(connection, encodeBinary([op]), hub.world.now(), "asked");
      return !connection.closed;
    },
  };
  return { peer, flush };
}

/** Waits until the reader has taken enough; one that does not read is closed. */
async function waitForReader(connection: Connection): Promise<boolean> {
  for (let waited = 0; !connection.closed; waited += pauseMs) {
    if (unreadBytes(connection) <= slowBytes) return true;
    if (waited > slowMs) {
      close(connection, CLOSE.tooSlow, "reads too slowly");
      return false;
    }
    await scheduler.wait(pauseMs);
  }
  return false;
}

/** One request over HTTP: its answers are the frames of the body, which ends with the last operation's. */
export function requestPeer(
  device: string,
  operations: number,
): { readonly peer: Peer; readonly body: ReadableStream<Uint8Array> } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  let left = operations;
  const take = async (op: ServerOp): Promise<boolean> => {
    try {
      const isFinal = op.op !== "objects" && op.op !== "part";
      if (isFinal) left -= 1;
      await writer.write(encodeBinary([op]));
      if (left === 0 && isFinal) await writer.close();
      return true;
    } catch {
      // The caller went away.
      return false;
    }
  };
  const reply = (op: ServerOp) => {
    void take(op);
  };
  return { peer: { device, connection: undefined, reply, stream: take }, body: readable };
}
