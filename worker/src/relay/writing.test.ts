import { describe, expect, it } from "vitest";
import { deviceOf, hubAlone, keptMessage, peerOf } from "../../test/hub-alone.ts";
import type { Outcome } from "../sync/piece.ts";
import type { Peer } from "./peer.ts";
import type { Write } from "./write-queue.ts";
import { afterWrites, committed, enqueue, publishMissed } from "./writing.ts";

const lost = new Error("D1_ERROR: Network connection lost.");

/** A write without statements that comes out so. */
function write(peer: Peer, outcome: () => Outcome, id = 1, bytes = 10): Write {
  return { peer, id, bytes, write: { kind: "settled", outcome } };
}
const done = (id: number) => (): Outcome => ({ kind: "answer", op: { op: "ok", id, devices: 0 } });
const event =
  (seq: number, id = 1) =>
  (): Outcome => ({ kind: "event", id, mid: `m${seq}`, seq });

describe("the queue of writes", () => {
  it("counts what waits, for the hub and for the device, until it is settled", async () => {
    const { hub, waits } = hubAlone();
    const { connection } = deviceOf(hub);
    const { peer, replies } = peerOf(connection);
    enqueue(hub, [write(peer, done(1)), write(peer, done(2))]);
    enqueue(hub, [write(peerOf().peer, done(3), 3, 5)]);
    expect([hub.queuedBytes, connection.unsettled, hub.queue.length]).toEqual([25, 2, 3]);
    const { writing } = hub;
    expect(writing).toBeDefined();
    expect(waits).toEqual([writing, writing]);
    await writing;
    expect([hub.queuedBytes, connection.unsettled, hub.queue.length]).toEqual([0, 0, 0]);
    expect(hub.writing).toBeUndefined();
    expect(replies).toMatchObject([{ id: 1 }, { id: 2 }]);
  });

  it("is cut into batches only when a burst is in", async () => {
    const { hub, batches } = hubAlone();
    const { peer, replies } = peerOf();
    for (let id = 1; id <= 3; id++) enqueue(hub, [write(peer, done(id))]);
    await hub.writing;
    expect(batches).toHaveLength(1);
    for (let id = 1; id <= 4_097; id++) enqueue(hub, [write(peer, done(id))]);
    await hub.writing;
    expect(batches).toHaveLength(3);
    expect(replies).toHaveLength(4_100);
  });

  it("asks in each batch where the store stands, first, and for new events, last", async () => {
    const { hub, batches } = hubAlone();
    enqueue(hub, [write(peerOf().peer, done(1))]);
    await hub.writing;
    expect(batches).toMatchObject([
      [expect.stringContaining("s.head"), expect.stringContaining("seq > ?3")],
    ]);
  });

  it("goes on with the next batch after a fault of one, and says so in the log", async () => {
    const { hub, log } = hubAlone();
    const { peer, replies } = peerOf();
    const broken = {
      ...peer,
      reply: () => {
        throw new Error("our fault");
      },
    };
    enqueue(hub, [
      ...Array.from({ length: 4_096 }, () => write(broken, done(1))),
      write(peer, done(2)),
    ]);
    await hub.writing;
    expect(log).toMatchObject([
      { event: "unexpected_error", store: 42, outcome: "failed", error: "our fault" },
    ]);
    expect(replies).toMatchObject([{ id: 2 }]);
    expect(hub.queuedBytes).toBe(0);
  });
});

describe("what comes after the writes", () => {
  it("is done once they are answered, and at once where there are none", async () => {
    const { hub } = hubAlone();
    const { peer, replies } = peerOf();
    const seen: number[] = [];
    await committed(hub);
    expect(hub.writing).toBeUndefined();
    enqueue(hub, [write(peer, done(1))]);
    afterWrites(hub, peer, () => seen.push(replies.length));
    await committed(hub);
    expect(seen).toEqual([1]);
  });

  it("is done as well when they were refused", async () => {
    const { hub, answers } = hubAlone();
    const { peer, replies } = peerOf();
    let calls = 0;
    answers.error = new Error("wrong");
    enqueue(hub, [write(peer, done(1))]);
    afterWrites(hub, peer, () => (calls += 1));
    await committed(hub);
    expect(calls).toBe(1);
    expect(replies).toMatchObject([{ op: "error", id: 1, code: "internal" }]);
  });

  it("sees the events of its batch published", async () => {
    const { hub, answers } = hubAlone();
    const { told } = deviceOf(hub, { device: "phone" });
    const { peer } = peerOf();
    const seen: number[] = [];
    answers.events = [keptMessage(1)];
    enqueue(hub, [write(peer, event(1))]);
    afterWrites(hub, peer, () => seen.push(told.length));
    await hub.writing;
    expect(seen).toEqual([1]);
  });
});

describe("a batch that failed", () => {
  it.each([
    [lost, "unavailable"],
    [new Error("D1_ERROR: no such table: x: SQLITE_ERROR"), "internal"],
  ])(
    "of %s refuses its writes, is logged, and has the hub look again soon",
    async (error, code) => {
      const { hub, answers, log, alarms, waits } = hubAlone();
      const { connection } = deviceOf(hub);
      const { peer, replies } = peerOf(connection);
      answers.error = error;
      enqueue(hub, [write(peer, done(1), 6)]);
      await hub.writing;
      await Promise.all(waits);
      expect(replies).toMatchObject([{ op: "error", id: 6, code }]);
      expect(log).toMatchObject([{ event: "write_failed", store: 42, error: error.message }]);
      expect(hub.unsure).toBe(true);
      expect(alarms).toEqual([6_000]);
      answers.error = undefined;
      enqueue(hub, [write(peer, done(2))]);
      await hub.writing;
      expect(hub.unsure).toBe(false);
    },
  );
});

describe("an acknowledgement", () => {
  /** What a device with this place in the history is told of its own event 4. */
  async function toldOf(change: Parameters<typeof deviceOf>[1], seq = 4, rows = [4]) {
    const { hub, answers } = hubAlone(3);
    const { connection, told } = deviceOf(hub, change);
    const { peer, replies } = peerOf(connection);
    answers.events = rows.map(keptMessage);
    answers.head = 4;
    enqueue(hub, [write(peer, event(seq, 9))]);
    await hub.writing;
    return { inOrder: told.map(({ op }) => op), aside: replies };
  }
  const ack = (seq: number) => [{ op: "ack", id: 9, mid: `m${seq}`, seq }];

  it("takes the place of the event on a live socket", async () => {
    expect(await toldOf({})).toEqual({ inOrder: ["ack"], aside: [] });
  });

  it("comes by itself where the socket gets no events yet, or has this one", async () => {
    expect(await toldOf({ live: false })).toEqual({ inOrder: [], aside: ack(4) });
    expect(await toldOf({ cursor: 4 })).toEqual({ inOrder: [], aside: ack(4) });
  });

  it("comes by itself for an event of before", async () => {
    expect(await toldOf({}, 2)).toEqual({ inOrder: ["event"], aside: ack(2) });
    expect(await toldOf({}, 4, [])).toEqual({ inOrder: [], aside: ack(4) });
  });

  it("comes by itself for the second of two requests of one event, and over HTTP", async () => {
    const { hub, answers } = hubAlone(3);
    const { connection, told } = deviceOf(hub);
    const [socket, http] = [peerOf(connection), peerOf()];
    answers.events = [keptMessage(4)];
    enqueue(hub, [write(socket.peer, event(4, 1)), write(socket.peer, event(4, 2))]);
    enqueue(hub, [write(http.peer, event(4, 3))]);
    await hub.writing;
    expect(told).toMatchObject([{ op: "ack", id: 1 }]);
    expect(socket.replies).toMatchObject([{ op: "ack", id: 2 }]);
    expect(http.replies).toMatchObject([{ op: "ack", id: 3 }]);
  });
});

describe("events that were committed without the hub knowing", () => {
  it("are published page by page, and the hub is sure again", async () => {
    const { hub, answers, batches } = hubAlone(1);
    const { told } = deviceOf(hub, { cursor: 1 });
    hub.unsure = true;
    answers.events = Array.from({ length: 5_001 }, (_, i) => keptMessage(i + 2));
    answers.head = 5_002;
    await publishMissed(hub);
    expect(told.map((op) => (op.op === "event" ? op.seq : op.op))).toEqual(
      answers.events.map(({ seq }) => seq),
    );
    expect([hub.published, hub.unsure, batches.length]).toEqual([5_002, false, 2]);
  });

  it("more than a page of which came with a batch are looked for soon", async () => {
    const missed = async (count: number) => {
      const { hub, answers } = hubAlone();
      answers.events = Array.from({ length: count }, (_, i) => keptMessage(i + 1));
      enqueue(hub, [write(peerOf().peer, done(1))]);
      await hub.writing;
      return hub.unsure;
    };
    expect(await missed(5_001)).toBe(true);
    expect(await missed(5_000)).toBe(false);
  });

  it("reach a live device that is behind the hub, and not one that catches up", async () => {
    const { hub, answers } = hubAlone(5);
    const behind = deviceOf(hub, { device: "behind", cursor: 3 });
    const other = deviceOf(hub, { device: "other", cursor: 1, live: false });
    answers.events = [2, 3, 4, 5].map(keptMessage);
    await publishMissed(hub);
    expect(behind.told).toMatchObject([{ seq: 4 }, { seq: 5 }]);
    expect(other.told).toEqual([]);
  });

  it("count as published when they expired before anybody saw them", async () => {
    const { hub, answers } = hubAlone(5);
    answers.head = 9;
    await publishMissed(hub);
    expect(hub.published).toBe(9);
  });

  it("are none where the store is gone: its sockets are closed", async () => {
    const { hub, answers } = hubAlone(5);
    const { closes } = deviceOf(hub);
    answers.isThere = false;
    await publishMissed(hub);
    expect(closes).toEqual([4404]);
    expect(hub.published).toBe(5);
  });

  it("are none where the store was put back in time: its sockets start anew", async () => {
    const { hub, answers } = hubAlone(5);
    const { closes } = deviceOf(hub);
    answers.head = 4;
    await publishMissed(hub);
    expect(closes).toEqual([1012]);
    expect([hub.published, hub.epoch]).toEqual([4, "07070707"]);
  });
});
