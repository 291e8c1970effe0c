import { CLOSE, encodeBinary, type Party, type ServerOp } from "@gitblobs/protocol";
import {
  close,
  sendFrame,
  sendOps,
  slowMs,
  unconfirmedBytes,
  type Connection,
} from "./connection.ts";
import { spend } from "./flood.ts";
import { userAccount, type Hub } from "./hub.ts";
import type { Peer } from "./peer.ts";

/** A device on a socket. Answers given in one turn leave in one frame; what they take is charged to the user. */
export function socketPeer(
  hub: Hub,
  connection: Connection,
  device: string,
): { readonly peer: Peer; readonly flush: () => void } {
  let ready: ServerOp[] = [];
  const account = userAccount(hub, connection.attachment.user);
  const charge = (answered: number) => {
    spend(account.allowance, { answered }, hub.world.now());
  };
  // What is answered while the frame is still being handled leaves with the flush at its end.
  let scheduled = true;
  const flush = () => {
    scheduled = false;
    if (ready.length === 0) return;
    const ops = ready;
    ready = [];
    charge(sendOps(connection, ops, hub.world.now()));
  };
  const reader = {
    isGone: () => connection.closed,
    unconfirmed: () => unconfirmedBytes(connection),
    cut: () => {
      cutSlow(connection);
    },
  };
  const peer: Peer = {
    party: [connection.attachment.user, device],
    account,
    connection,
    reply(op) {
      ready.push(op);
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(flush);
    },
    enter: () => hub.room.enter(reader),
    send(op) {
      flush();
      const frame = encodeBinary([op]);
      sendFrame(connection, frame, hub.world.now(), "asked");
      charge(frame.byteLength);
    },
  };
  return { peer, flush };
}

/** Closes the socket of a device that does not take what it is sent. */
export function cutSlow(connection: Connection): void {
  close(connection, CLOSE.tooSlow, "reads too slowly");
}

/** One request over HTTP and the body of its answer. */
export interface RequestPeer {
  readonly peer: Peer;
  readonly body: ReadableStream<Uint8Array>;
  /** Ends the answer with what was given so far. */
  readonly end: () => void;
}

/**
 * One request over HTTP: its answers are the frames of the body, which ends with the last operation's. A caller that
 * takes nothing for `patienceMs` is cut, as a socket is.
 */
export function requestPeer(
  hub: Hub,
  { device, userId }: { readonly device: string; readonly userId: string },
  operations: number,
  patienceMs = slowMs,
): RequestPeer {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const account = userAccount(hub, userId);
  let left = operations;
  let isOver = false;
  let held = 0;
  const hold = (bytes: number) => {
    held += bytes;
    hub.room.overHttp += bytes;
  };
  const end = () => {
    left = 0;
    written = written.then(close);
  };
  const close = async () => {
    if (isOver) return false;
    isOver = true;
    return writer.close().then(
      () => true,
      () => false,
    );
  };
  const cut = (reason: unknown) => {
    isOver = true;
    writer.abort(reason).catch(() => undefined);
  };
  // The caller went away.
  writer.closed.catch(() => {
    isOver = true;
  });
  const write = async (frame: Uint8Array): Promise<boolean> => {
    if (isOver) return false;
    const timer = new AbortController();
    const late = scheduler.wait(patienceMs, { signal: timer.signal }).then(
      () => Promise.reject(new Error("reads too slowly")),
      () => undefined,
    );
    try {
      await Promise.race([writer.write(frame), late]);
      return true;
    } catch (error) {
      // The caller went away, or does not read.
      cut(error);
      return false;
    } finally {
      timer.abort();
    }
  };
  /** One after the other: an answer waits for its own turn, and is given up with those before it. */
  let written: Promise<boolean> = Promise.resolve(true);
  const send = (op: ServerOp) => {
    const isFinal = op.op !== "objects" && op.op !== "part";
    if (isFinal) left -= 1;
    const isLast = isFinal && left === 0;
    const frame = encodeBinary([op]);
    spend(account.allowance, { answered: frame.byteLength }, hub.world.now());
    hold(frame.byteLength);
    const done = written
      .then(() => write(frame))
      .finally(() => {
        hold(-frame.byteLength);
      });
    written = isLast ? done.then(close) : done;
  };
  const reader = {
    isGone: () => isOver,
    unconfirmed: () => held,
    cut: () => {
      cut(new Error("reads too slowly"));
    },
  };
  const enter = () => hub.room.enter(reader);
  const party: Party = [userId, device];
  const peer = { party, account, connection: undefined, reply: send, enter, send };
  return { peer, body: readable, end };
}
