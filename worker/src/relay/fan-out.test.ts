import {
  LIMITS,
  decodeServerFrame,
  type Message,
  type Party,
  type ServerOp,
} from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { saying } from "../../test/device.ts";
import { partyName, type EventRow } from "../sync/event-table.ts";
import { openConnection, type Attachment } from "./connection.ts";
import { publishEvents, relayMessages } from "./fan-out.ts";
import type { Hub } from "./hub.ts";

const attachment: Attachment = {
  v: 1,
  session: "ses_x",
  user: "usr_x",
  username: "ada",
  since: 0,
  heard: 0,
  until: 9_000,
  warned: false,
  device: "laptop",
  live: true,
  cursor: 3,
  state: null,
};

/** A connected device and the frames it was given. */
function deviceOf(change: Partial<Attachment>) {
  const frames: (string | Uint8Array)[] = [];
  const socket = {
    bufferedAmount: 0,
    serializeAttachment: () => undefined,
    send: (frame: string | Uint8Array) => frames.push(frame),
  } as unknown as WebSocket;
  const deps = {
    rates: { frames: 1, bytes: 1 },
    lastPing: () => 0,
    unreadTogether: () => 0,
    onClosed: () => undefined,
  };
  const connection = openConnection(socket, { ...attachment, ...change }, deps);
  return {
    connection,
    frames,
    ops: () =>
      frames.flatMap((frame): readonly ServerOp[] => {
        const decoded = decodeServerFrame(frame);
        if (!decoded.ok) throw new Error(decoded.error.message);
        return decoded.ops;
      }),
  };
}

function hubOf(published: number, ...devices: readonly ReturnType<typeof deviceOf>[]) {
  const pongs: string[] = [];
  const hub = {
    world: { now: () => 5_000 },
    notedAt: 0,
    published,
    epoch: "0a0b0c0d",
    connections: new Map(devices.map(({ connection }) => [connection.socket, connection])),
    ctx: {
      storage: { put: () => Promise.resolve() },
      setWebSocketAutoResponse: ({ response }: WebSocketRequestResponsePair) =>
        pongs.push(response),
    },
  } as unknown as Hub;
  return { hub, pongs };
}

const row = (seq: number, recipient: string | null = null): EventRow => ({
  seq,
  kind: "message",
  at: 1,
  by_id: "usr_x",
  device: "tablet",
  mid: `m${seq}`,
  ref: null,
  old: null,
  new: null,
  objects: null,
  bytes: null,
  note: null,
  recipient_id: recipient === null ? null : "usr_x",
  recipient,
  body: "74657874",
});
const seqs = (ops: readonly ServerOp[]) =>
  ops.map((op) => (op.op === "event" || op.op === "ack" ? `${op.op} ${op.seq}` : op.op));

describe("publishing events", () => {
  it("gives each live device what it does not have yet, in order and once", () => {
    const [near, far] = [deviceOf({ device: "near", cursor: 4 }), deviceOf({ device: "far" })];
    const { hub } = hubOf(3, near, far);
    publishEvents(hub, [row(4), row(5)], new Map());
    publishEvents(hub, [row(4), row(5)], new Map());
    expect(seqs(near.ops())).toEqual(["event 5"]);
    expect(seqs(far.ops())).toEqual(["event 4", "event 5"]);
    expect([near, far].map(({ connection }) => connection.attachment.cursor)).toEqual([5, 5]);
  });

  it("gives nothing to who still catches up, did not say hello, or has it all", () => {
    const all = [{ live: false }, { device: null }, { cursor: 5 }].map(deviceOf);
    const { hub } = hubOf(3, ...all);
    publishEvents(hub, [row(4), row(5)], new Map());
    expect(all.flatMap(({ frames }) => frames)).toEqual([]);
    expect(all.map(({ connection }) => connection.attachment.cursor)).toEqual([3, 3, 5]);
  });

  it("puts an acknowledgement in the place of the event, for its device alone", () => {
    const [mine, other] = [deviceOf({}), deviceOf({ device: "phone" })];
    const { hub } = hubOf(3, mine, other);
    const ack = { op: "ack", id: 1, mid: "m5", seq: 5 } as const;
    publishEvents(
      hub,
      [row(4), row(5), row(6)],
      new Map([[5, { connection: mine.connection, ack }]]),
    );
    expect(seqs(mine.ops())).toEqual(["event 4", "ack 5", "event 6"]);
    expect(seqs(other.ops())).toEqual(["event 4", "event 5", "event 6"]);
  });

  it("shows the body of a message for one device to that device alone", () => {
    const [phone, laptop] = [deviceOf({ device: "phone" }), deviceOf({})];
    const { hub } = hubOf(3, phone, laptop);
    publishEvents(hub, [row(4, "phone"), row(5)], new Map());
    expect(phone.ops()[0]).toMatchObject({ seq: 4, body: "dGV4dA==" });
    expect(laptop.ops()[0]).not.toHaveProperty("body");
  });

  it("tells the very same bytes to all who are equally far", () => {
    const [one, two] = [deviceOf({ device: "one" }), deviceOf({ device: "two" })];
    const { hub } = hubOf(3, one, two);
    publishEvents(hub, [row(4)], new Map());
    expect(one.frames).toEqual(two.frames);
    expect(one.frames).toHaveLength(1);
  });

  it("moves the pong forward, and never back", () => {
    const { hub, pongs } = hubOf(3);
    publishEvents(hub, [], new Map());
    publishEvents(hub, [row(3)], new Map());
    expect(pongs).toEqual([]);
    publishEvents(hub, [row(4)], new Map());
    expect(hub.published).toBe(4);
    expect(pongs).toEqual(["pong:0a0b0c0d:4"]);
  });
});

describe("relaying messages that are not kept", () => {
  const message = (mid: string, to?: string, text = "text"): Message => ({
    op: "message",
    by: "usr_x",
    from: "tablet",
    mid,
    at: 1,
    ...(to === undefined ? {} : { to: ["usr_x", to] }),
    ...saying(text),
  });
  const reader = (device: string) => {
    const party: Party = ["usr_x", device];
    return { ...deviceOf({ device }), party, name: partyName(party) };
  };
  const mids = (ops: readonly ServerOp[]) =>
    ops.map((op) => (op.op === "message" ? op.mid : op.op));

  it("gives each device those to all and those to itself", () => {
    const devices = ["phone", "laptop"].map(reader);
    relayMessages(devices, [message("1"), message("2", "phone")], 5_000);
    expect(devices.map(({ ops }) => mids(ops()))).toEqual([["1", "2"], ["1"]]);
  });

  it("sends nothing to a device for which there is nothing", () => {
    const devices = ["phone", "laptop"].map(reader);
    relayMessages(devices, [message("1", "phone")], 5_000);
    expect(devices.map(({ frames }) => frames.length)).toEqual([1, 0]);
  });

  it("gives all the very same bytes, in frames of the largest size", () => {
    const devices = ["phone", "laptop"].map(reader);
    const largest = Array.from({ length: 32 }, (_, n) =>
      message(`${n}`, undefined, "x".repeat(65_536)),
    );
    relayMessages(devices, largest, 5_000);
    const [phone, laptop] = devices.map(({ frames }) => frames);
    expect(phone).toHaveLength(3);
    expect(phone?.every((frame) => frame.length <= LIMITS.frameBytes)).toBe(true);
    expect(laptop?.every((frame, n) => frame === phone?.[n])).toBe(true);
    expect(devices[0]?.ops()).toEqual(largest);
  });

  it("puts no more of them into a frame than one may have", () => {
    const [phone] = ["phone"].map(reader);
    const small = Array.from({ length: LIMITS.opsPerFrame + 1 }, (_, n) => message(`${n}`));
    if (phone !== undefined) relayMessages([phone], small, 5_000);
    expect(phone?.frames).toHaveLength(2);
  });
});
