import { describe, expect, it } from "vitest";
import { connectionOn } from "../../test/hub-alone.ts";
import type { Connection } from "./connection.ts";
import { ReaderRoom, type Reader } from "./reader-room.ts";

const mebibyte = 1_048_576;

/** A room whose clock goes on by `step` milliseconds whenever it is read, and what it cut. */
function roomOf(connections: readonly Connection[] = [], step = 0) {
  const cut: Connection[] = [];
  let now = 1_000_000;
  const room = new ReaderRoom(
    () => connections,
    (connection) => {
      cut.push(connection);
      connection.unheard = { live: 0, asked: 0 };
    },
    () => (now += step),
  );
  return { room, cut };
}

/** A socket that was sent so much in answer to its reads, and was last heard then. */
function connectionOf(asked: number, heardAt: number): Connection {
  const connection = connectionOn({ serializeAttachment: () => undefined });
  Object.assign(connection, { heardAt, unheard: { live: 0, asked } });
  return connection;
}

const readerOf = (unconfirmed = 0, isGone = false) => {
  const reader = {
    state: { unconfirmed, isGone, wasCut: false },
    isGone: () => reader.state.isGone,
    unconfirmed: () => reader.state.unconfirmed,
    cut: () => {
      reader.state.wasCut = true;
    },
  };
  return reader satisfies Reader;
};

describe("room for bodies", () => {
  it("is there for a reader that has confirmed all but four megabytes, and not for one that has not", async () => {
    const { room } = roomOf();
    expect(await room.enter(readerOf(4 * mebibyte))).toBeTypeOf("function");
    const slow = readerOf(4 * mebibyte + 1);
    let entered = false;
    const waiting = room.enter(slow).then(() => (entered = true));
    await scheduler.wait(0);
    expect(entered).toBe(false);
    slow.state.unconfirmed = 0;
    expect(await waiting).toBe(true);
  });

  it("is there for two batches at a time, and for the next when one ends", async () => {
    const { room } = roomOf();
    const leaves = [];
    for (let i = 0; i < 2; i++) leaves.push(await room.enter(readerOf()));
    let entered = false;
    const third = room.enter(readerOf()).then(() => (entered = true));
    await scheduler.wait(0);
    expect(entered).toBe(false);
    leaves[0]?.();
    // A batch that ends twice makes room for one.
    leaves[0]?.();
    await third;
    let another = false;
    void room.enter(readerOf()).then(() => (another = true));
    await scheduler.wait(0);
    expect(another).toBe(false);
    leaves[1]?.();
    await expect.poll(() => another).toBe(true);
  });

  it("is less by what sockets and callers over HTTP hold", async () => {
    const holding = connectionOf(4 * mebibyte, 1_000_000);
    const { room } = roomOf([holding]);
    room.overHttp = 4 * mebibyte + 1;
    let entered = false;
    const waiting = room.enter(readerOf()).then(() => (entered = true));
    await scheduler.wait(0);
    expect(entered).toBe(false);
    room.overHttp = 4 * mebibyte;
    expect(await waiting).toBe(true);
  });

  it("is made by cutting sockets that were not heard for longer than a heartbeat, only where somebody waits", async () => {
    const stalled = connectionOf(20 * mebibyte, 1_000_000 - 46_000);
    const heard = connectionOf(mebibyte, 1_000_000 - 44_000);
    const idle = connectionOf(0, 0);
    const { room, cut } = roomOf([stalled, heard, idle]);
    expect(await room.enter(readerOf(9 * mebibyte, true))).toBeUndefined();
    expect(cut).toEqual([]);
    expect(await room.enter(readerOf())).toBeTypeOf("function");
    expect(cut).toEqual([stalled]);
  });

  it("is not waited for by one that is gone, and one that takes nothing for two minutes is cut", async () => {
    const { room } = roomOf();
    const gone = readerOf(0, true);
    expect(await room.enter(gone)).toBeUndefined();
    expect(gone.state.wasCut).toBe(false);
    const slow = roomOf([], 60_001);
    const stalled = readerOf(5 * mebibyte);
    expect(await slow.room.enter(stalled)).toBeUndefined();
    expect(stalled.state.wasCut).toBe(true);
  });
});
