import { decodeServerFrame, type ServerOp } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { connectionOn } from "../../test/hub-alone.ts";
import type { Hub } from "./hub.ts";
import { requestPeer, socketPeer } from "./peers.ts";
import { ReaderRoom } from "./reader-room.ts";

const ok = (id: number): ServerOp => ({ op: "ok", id, devices: 0 });
const objects = (id: number): ServerOp => ({
  op: "objects",
  id,
  items: [["blob", "a".repeat(64), 1]],
  bytes: new Uint8Array(1),
});
const rates = { socket: { frames: 1, bytes: 1 }, user: { answered: 1_000 } };
const hub = {
  ...{ world: { now: () => 5_000 }, rates, accounts: new Map() },
  room: new ReaderRoom(
    () => [],
    () => undefined,
    () => 5_000,
  ),
} as unknown as Hub;
const caller = { device: "a", userId: "u" };

/** A socket, what it was sent, and how much its reader has not taken. */
function connected(buffered = 0) {
  const frames: (string | Uint8Array)[] = [];
  const closes: number[] = [];
  const socket = {
    bufferedAmount: buffered,
    serializeAttachment: () => undefined,
    send: (frame: string | Uint8Array) => frames.push(frame),
    close: (code: number) => closes.push(code),
  };
  const connection = connectionOn(socket, { device: "a" });
  return { socket, connection, frames, closes };
}
const opsOf = (frame: string | Uint8Array | undefined) => {
  const decoded = decodeServerFrame(frame ?? "");
  return decoded.ok ? decoded.ops : [];
};

describe("a device on a socket", () => {
  it("gets what is answered while its frame is handled in one frame, at the end", async () => {
    const { connection, frames } = connected();
    const { peer, flush } = socketPeer(hub, connection, "a");
    peer.reply(ok(1));
    await Promise.resolve();
    peer.reply(ok(2));
    expect(frames).toEqual([]);
    flush();
    expect(frames.map(opsOf)).toEqual([[ok(1), ok(2)]]);
    flush();
    expect(frames).toHaveLength(1);
  });

  it("gets what is answered later once a turn", async () => {
    const { connection, frames } = connected();
    const { peer, flush } = socketPeer(hub, connection, "a");
    flush();
    peer.reply(ok(1));
    peer.reply(ok(2));
    await Promise.resolve();
    peer.reply(ok(3));
    await Promise.resolve();
    expect(frames.map(opsOf)).toEqual([[ok(1), ok(2)], [ok(3)]]);
  });

  it("gets bodies behind the answers before them", () => {
    const { connection, frames } = connected();
    const { peer } = socketPeer(hub, connection, "a");
    peer.reply(ok(1));
    peer.send(objects(2));
    expect(frames.map((frame) => opsOf(frame).map(({ op }) => op))).toEqual([["ok"], ["objects"]]);
    expect(connection.unheard.asked).toBeGreaterThan(0);
  });

  it("has no room once it is closed", async () => {
    const { connection } = connected();
    const { peer } = socketPeer(hub, connection, "a");
    const leave = await peer.enter();
    expect(leave).toBeTypeOf("function");
    connection.closed = true;
    expect(await peer.enter()).toBeUndefined();
  });
});

describe("a request over HTTP", () => {
  it("is answered by frames, and ends with the last operation's", async () => {
    const { peer, body } = requestPeer(hub, caller, 2);
    const whole = new Response(body).arrayBuffer();
    expect(await peer.enter()).toBeTypeOf("function");
    peer.send(objects(1));
    peer.reply(ok(1));
    peer.reply(ok(2));
    expect((await whole).byteLength).toBeGreaterThan(0);
    expect(hub.room.overHttp).toBe(0);
  });

  it("holds what its caller has not taken", async () => {
    const { peer, body } = requestPeer(hub, caller, 1);
    peer.send(objects(1));
    peer.send(objects(2));
    expect(hub.room.overHttp).toBeGreaterThan(0);
    await body.cancel();
    await expect.poll(() => hub.room.overHttp).toBe(0);
  });

  it("ends with what was given so far when nothing more is to come", async () => {
    const { peer, body, end } = requestPeer(hub, caller, 2);
    const whole = new Response(body).arrayBuffer();
    peer.reply(ok(1));
    end();
    expect(opsOf(new Uint8Array(await whole))).toEqual([ok(1)]);
  });

  it("that is not read is cut when its time is over, and all that waits behind it", async () => {
    const { peer, body } = requestPeer(hub, caller, 3, 20);
    for (const op of [objects(1), objects(2), ok(1)]) peer.send(op);
    await expect.poll(() => hub.room.overHttp).toBe(0);
    expect(await peer.enter()).toBeUndefined();
    await expect(new Response(body).arrayBuffer()).rejects.toThrow();
  });

  it("is no reader any more when its caller went away", async () => {
    const { peer, body } = requestPeer(hub, caller, 1);
    await body.cancel();
    expect(await peer.enter()).toBeUndefined();
  });
});
