import { LIMITS, type ServerOp } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { deviceOf, hubAlone, keptMessage, peerOf } from "../../test/hub-alone.ts";
import { fetchPushes, getObjects, sendEventPage, startRead } from "./reading.ts";

const key = (n: number): ["blob", string] => ["blob", String(n).padStart(64, "0")];
const seqsIn = (op: ServerOp | undefined) =>
  op?.op === "events" ? op.items.map(({ seq }) => seq) : op?.op;

describe("the reads of a device", () => {
  it("come one after the other, in the order in which they were asked for", async () => {
    const { hub } = hubAlone();
    const { connection } = deviceOf(hub);
    const { peer } = peerOf(connection);
    const steps: string[] = [];
    const { promise: opened, resolve: open } = Promise.withResolvers<undefined>();
    startRead(hub, peer, 1, async () => {
      steps.push("first begins");
      await opened;
      steps.push("first ends");
    });
    startRead(hub, peer, 2, () => Promise.resolve(void steps.push("second")));
    expect(connection.reads).toBe(2);
    open(undefined);
    await connection.reading;
    expect(steps).toEqual(["first begins", "first ends", "second"]);
    expect(connection.reads).toBe(0);
  });

  it("are at most 16 at a time; one more has to wait", async () => {
    const { hub } = hubAlone();
    const { connection } = deviceOf(hub);
    const { peer, replies } = peerOf(connection);
    let count = 0;
    for (let id = 1; id <= 16; id++) {
      startRead(hub, peer, id, () => Promise.resolve(void (count += 1)));
    }
    expect(replies).toEqual([]);
    startRead(hub, peer, 257, () => Promise.resolve(void (count += 1)));
    expect(replies).toMatchObject([
      { op: "error", id: 257, code: "flood", retry: "after", retry_after_ms: 1_000 },
    ]);
    await connection.reading;
    expect(count).toBe(16);
    startRead(hub, peer, 258, () => Promise.resolve());
    await connection.reading;
    expect(replies).toHaveLength(1);
  });

  it.each([
    ["D1_ERROR: Network connection lost.", { code: "unavailable", retry_after_ms: 1_000 }],
    ["our fault", { code: "internal" }],
  ])("that fail with %s are answered and logged", async (message, answer) => {
    const { hub, log, waits } = hubAlone();
    const { peer, replies } = peerOf();
    startRead(hub, peer, 8, () => Promise.reject(new Error(message)));
    expect(waits).toHaveLength(1);
    await Promise.all(waits);
    expect(replies).toMatchObject([{ op: "error", id: 8, ...answer }]);
    expect(replies.map((op) => "retry_after_ms" in op)).toEqual(["retry_after_ms" in answer]);
    expect(log).toMatchObject([
      { event: "read_failed", store: 42, outcome: "failed", error: message },
    ]);
  });
});

describe("a page of events", () => {
  it("with the last event takes a socket live, from there on", async () => {
    const { hub, answers } = hubAlone(3);
    const { connection, told } = deviceOf(hub, { live: false, cursor: 1 });
    answers.events = [1, 2, 3].map(keptMessage);
    await sendEventPage(hub, peerOf(connection).peer, undefined, 1, 10);
    expect(told.map(seqsIn)).toEqual([[2, 3]]);
    expect(told[0]).toMatchObject({ more: false });
    expect(told[0]).not.toHaveProperty("id");
    expect(connection.attachment).toMatchObject({ live: true, cursor: 3 });
  });

  it("with more to come leaves a socket where it is, and names the request", async () => {
    const { hub, answers } = hubAlone(3);
    const { connection, told } = deviceOf(hub, { live: false, cursor: 1 });
    answers.events = [1, 2, 3].map(keptMessage);
    await sendEventPage(hub, peerOf(connection).peer, 6, 1, 1);
    expect(told).toMatchObject([{ id: 6, items: [{ seq: 2 }], more: true }]);
    expect(connection.attachment).toMatchObject({ live: false, cursor: 1 });
  });

  it("of just the limit has no more where that was the last", async () => {
    const { hub, answers } = hubAlone(3);
    const { peer, replies } = peerOf();
    answers.events = [1, 2, 3].map(keptMessage);
    await sendEventPage(hub, peer, 6, 1, 2);
    expect(replies).toMatchObject([{ op: "events", id: 6, more: false }]);
    expect(replies.map(seqsIn)).toEqual([[2, 3]]);
  });

  it("moves no place that a live socket has already, nor that of a closed one", async () => {
    const { hub, answers } = hubAlone(3);
    const live = deviceOf(hub, { cursor: 2 });
    const closed = deviceOf(hub, { live: false, cursor: 1 });
    closed.connection.closed = true;
    answers.events = [1, 2, 3].map(keptMessage);
    await sendEventPage(hub, peerOf(live.connection).peer, 1, 0, 10);
    await sendEventPage(hub, peerOf(closed.connection).peer, 2, 0, 10);
    expect(live.connection.attachment.cursor).toBe(2);
    expect(closed.connection.attachment).toMatchObject({ live: false, cursor: 1 });
  });

  it("covers what expired unseen: the head is where it ends", async () => {
    const { hub } = hubAlone(9);
    const { connection, told } = deviceOf(hub, { live: false, cursor: 1 });
    await sendEventPage(hub, peerOf(connection).peer, 1, 1, 10);
    expect(told).toMatchObject([{ items: [], more: false }]);
    expect(connection.attachment).toMatchObject({ live: true, cursor: 9 });
  });

  it("holds what a frame holds, and one event in any case", async () => {
    const { hub, answers } = hubAlone(3);
    const { peer, replies } = peerOf();
    // In base64, as they stand in a frame.
    const third = Math.floor(LIMITS.frameBytes / 4);
    const bodies = [third, third, third];
    answers.events = bodies.map((n, i) => ({ ...keptMessage(i + 1), body: "ab".repeat(n) }));
    await sendEventPage(hub, peer, 1, 0, 10);
    expect(replies).toMatchObject([{ more: true }]);
    expect(replies.map(seqsIn)).toEqual([[1, 2]]);
    answers.events = [{ ...keptMessage(1), body: "ab".repeat(LIMITS.frameBytes) }, keptMessage(2)];
    await sendEventPage(hub, peer, 1, 0, 10);
    expect(replies.slice(1).map(seqsIn)).toEqual([[1]]);
  });
});

describe("objects by name", () => {
  const get = async (next?: string, count = 3) => {
    const { hub } = hubAlone();
    const { peer, replies } = peerOf();
    const objects = Array.from({ length: count }, (_, n) => key(n));
    const op = { op: "get", id: 4, objects, ...(next === undefined ? {} : { next }) } as const;
    await getObjects(hub, peer, op);
    return replies;
  };

  it("end with what is gone, from the place on where the request goes on", async () => {
    expect(await get()).toEqual([{ op: "done", id: 4, gone: [key(0), key(1), key(2)] }]);
    expect(await get("2")).toEqual([{ op: "done", id: 4, gone: [key(2)] }]);
  });

  it.each(["3", "4", "1.5", "x"])("cannot go on from %s", async (next) => {
    expect(await get(next)).toMatchObject([{ op: "error", id: 4, code: "bad_next" }]);
  });

  it("say where to go on when the page is full", async () => {
    expect(await get(undefined, LIMITS.gonePerPage + 1)).toMatchObject([
      { op: "done", next: String(LIMITS.gonePerPage) },
    ]);
    expect((await get(undefined, LIMITS.gonePerPage))[0]).not.toHaveProperty("next");
  });
});

describe("the objects of pushes", () => {
  const fetched = async (given: { after: number; next?: string; until?: number }) => {
    const { hub } = hubAlone(7);
    const { peer, replies } = peerOf();
    await fetchPushes(hub, peer, { op: "fetch", id: 5, ...given });
    return replies;
  };

  it("end with how far they go: what was asked for, and never beyond what is published", async () => {
    expect(await fetched({ after: 2 })).toEqual([{ op: "done", id: 5, seq: 7, gone: [] }]);
    expect(await fetched({ after: 2, until: 4 })).toMatchObject([{ seq: 4 }]);
    expect(await fetched({ after: 2, until: 9 })).toMatchObject([{ seq: 7 }]);
    expect(await fetched({ after: 8 })).toMatchObject([{ seq: 8 }]);
  });

  it.each(["3", "2.0.0", "1.0.0", "x"])("after 2 cannot go on from %s", async (next) => {
    expect(await fetched({ after: 2, next })).toMatchObject([
      { op: "error", id: 5, code: "bad_next" },
    ]);
    expect(await fetched({ after: 2, next: "3.0.0" })).toMatchObject([{ op: "done", seq: 7 }]);
  });
});
