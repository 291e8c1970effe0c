import { describe, expect, it } from "vitest";
import {
  amend,
  answeredBytes,
  close,
  noteClosed,
  noteHeard,
  openConnection,
  restoreConnection,
  sendFrame,
  sendOps,
  unconfirmedBytes,
  unreadBytes,
  type Attachment,
} from "./connection.ts";

const attachment: Attachment = {
  v: 1,
  session: "ses_x",
  user: "usr_x",
  username: "ada",
  since: 1_000,
  heard: 1_000,
  until: 9_000,
  warned: false,
  device: "laptop",
  live: true,
  cursor: 3,
  state: null,
};
const megabyte = "x".repeat(1_048_576);

/** A socket that keeps what it was given; `buffered` is what its reader has not taken, where the runtime tells. */
function socketOf(buffered?: number, kept: unknown = attachment, readyState = WebSocket.OPEN) {
  const sent: unknown[] = [];
  const closes: unknown[] = [];
  const socket = {
    readyState,
    ...(buffered === undefined ? {} : { bufferedAmount: buffered }),
    send: (frame: unknown) => sent.push(frame),
    close: (...how: unknown[]) => closes.push(how),
    serializeAttachment: (value: unknown) => {
      kept = value;
    },
    deserializeAttachment: () => kept,
  };
  return { socket, sent, closes, kept: () => kept };
}

function open(of: ReturnType<typeof socketOf>, parts: { ping?: number; together?: number } = {}) {
  const gone: unknown[] = [];
  const deps = {
    rates: { frames: 1, bytes: 1 },
    lastPing: () => parts.ping ?? 0,
    unreadTogether: () => parts.together ?? 0,
    onClosed: (one: unknown) => gone.push(one),
  };
  const connection = openConnection(of.socket as unknown as WebSocket, attachment, deps);
  return { connection, gone, deps };
}

describe("a connection", () => {
  it("keeps what it is with its socket, as it changes", () => {
    const of = socketOf(0);
    const { connection } = open(of);
    amend(connection, { cursor: 4 });
    expect(of.kept()).toEqual({ ...attachment, cursor: 4 });
    expect(connection.attachment.cursor).toBe(4);
  });

  it("comes back from its socket, unless that is closing or of another version", () => {
    const { deps } = open(socketOf(0));
    const restored = (of: ReturnType<typeof socketOf>) =>
      restoreConnection(of.socket as unknown as WebSocket, deps)?.attachment;
    expect(restored(socketOf(0))).toEqual(attachment);
    expect(restored(socketOf(0, { ...attachment, v: 2 }))).toBeUndefined();
    expect(restored(socketOf(0, { ...attachment, extra: 1 }))).toBeUndefined();
    expect(restored(socketOf(0, null))).toBeUndefined();
    expect(restored(socketOf(0, attachment, WebSocket.CLOSING))).toBeUndefined();
  });

  it("is closed once, told once, and takes nothing afterwards", () => {
    const of = socketOf(0);
    const { connection, gone } = open(of);
    close(connection, 4401, "over");
    close(connection, 4403, "again");
    noteClosed(connection);
    sendOps(connection, [{ op: "ok", id: 1, devices: 0 }], 1_000);
    expect(of.closes).toEqual([[4401, "over"]]);
    expect(gone).toEqual([connection]);
    expect(of.sent).toEqual([]);
  });

  it("stays as it is where the socket is gone already", () => {
    const of = socketOf(0);
    of.socket.send = of.socket.close = () => {
      throw new TypeError("closed");
    };
    const { connection, gone } = open(of);
    sendFrame(connection, "x", 1_000);
    close(connection, 4401, "over");
    expect(gone).toEqual([connection]);
  });
});

describe("a reader whose runtime tells what waits", () => {
  it("has confirmed all else", () => {
    const { connection } = open(socketOf(7));
    connection.unheard = { live: 5, asked: 9 };
    expect(unconfirmedBytes(connection)).toBe(7);
    expect(answeredBytes(connection)).toBe(7);
    connection.unheard = { live: 5, asked: 3 };
    expect(answeredBytes(connection)).toBe(3);
  });

  /** Sends a megabyte at each of the times; the close if there is one. */
  const after = (buffered: number, times: readonly number[], together = 0) => {
    const of = socketOf(buffered);
    const { connection } = open(of, { together });
    for (const at of times) sendFrame(connection, megabyte, at);
    return of.closes[0];
  };
  const slow = 4_194_305;
  const cut = [1013, "reads too slowly"];

  it("may be slow for ten seconds, and not longer", () => {
    expect(after(slow, [1_000, 11_000])).toBeUndefined();
    expect(after(slow, [1_000, 11_001])).toEqual(cut);
  });

  it("is not slow up to four megabytes", () => {
    expect(after(4_194_304, [1_000, 50_000], 99_999_999)).toBeUndefined();
  });

  it("is cut at once beyond sixteen megabytes", () => {
    expect(after(16_777_216, [1_000])).toBeUndefined();
    expect(after(16_777_217, [1_000])).toEqual(cut);
  });

  it("is cut at once when all readers together hold too much", () => {
    expect(after(slow, [1_000], 50_331_648)).toBeUndefined();
    expect(after(slow, [1_000], 50_331_649)).toEqual(cut);
  });

  it("starts anew once it has caught up", () => {
    const of = socketOf(slow);
    const { connection } = open(of);
    sendFrame(connection, megabyte, 1_000);
    Object.assign(of.socket, { bufferedAmount: 0 });
    sendFrame(connection, megabyte, 8_000);
    Object.assign(of.socket, { bufferedAmount: slow });
    sendFrame(connection, megabyte, 12_000);
    sendFrame(connection, megabyte, 21_000);
    expect(of.closes).toEqual([]);
  });

  it("is looked at once per quarter of a megabyte", () => {
    const of = socketOf(99_999_999);
    const { connection } = open(of);
    sendFrame(connection, "x".repeat(262_144), 1_000);
    expect(of.closes).toEqual([]);
    sendFrame(connection, "x", 1_000);
    expect(of.closes).toHaveLength(1);
  });
});

describe("a reader whose runtime does not tell", () => {
  it("counts as hopeless when it was not heard through sixteen megabytes", () => {
    const { connection } = open(socketOf());
    connection.unheard = { live: 16_777_216, asked: 0 };
    expect(unreadBytes(connection)).toBe(0);
    connection.unheard = { live: 16_777_217, asked: 0 };
    expect(unreadBytes(connection)).toBe(16_777_217);
  });

  it("is not judged by what it asked for, which it is given by what it has confirmed", () => {
    const { connection } = open(socketOf());
    connection.unheard = { live: 1, asked: 99_999_999 };
    expect(unreadBytes(connection)).toBe(0);
    expect(unconfirmedBytes(connection)).toBe(100_000_000);
    expect(answeredBytes(connection)).toBe(99_999_999);
    noteHeard(connection, 2_000);
    expect(unconfirmedBytes(connection)).toBe(0);
  });

  it("is heard by a frame or a ping", () => {
    const quiet = { live: 99_999_999, asked: 0 };
    const pinged = open(socketOf(), { ping: 1_001 }).connection;
    pinged.unheard = quiet;
    expect(unreadBytes(pinged)).toBe(0);
    const before = open(socketOf(), { ping: 1_000 }).connection;
    before.unheard = quiet;
    expect(unreadBytes(before)).toBe(99_999_999);
    noteHeard(before, 2_000);
    expect(unreadBytes(before)).toBe(0);
  });

  it("is told apart by what was sent unasked and what it asked for", () => {
    const { connection } = open(socketOf());
    sendFrame(connection, "abc", 1_000);
    sendFrame(connection, "abcd", 1_000, "asked");
    expect(connection.unheard).toEqual({ live: 3, asked: 4 });
  });
});
