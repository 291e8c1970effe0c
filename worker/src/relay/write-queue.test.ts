import { describe, expect, it } from "vitest";
import { object, saying } from "../../test/device.ts";
import { openAccount } from "./account.ts";
import type { Peer } from "./peer.ts";
import { refuseWrite, takeGroup, type Write } from "./write-queue.ts";

const peer: Peer = {
  party: ["u", "laptop"],
  account: openAccount({}, 0),
  connection: undefined,
  reply: () => undefined,
  enter: () => Promise.resolve(undefined),
  send: () => undefined,
};
const write = (bytes: number, change: Partial<Write> = {}): Write => ({
  ...{
    peer,
    id: 7,
    bytes,
    write: { kind: "settled", outcome: () => ({ kind: "afterwards", act: () => undefined }) },
  },
  ...change,
});
const never = () => false;
const many = (count: number, make: () => Write) => Array.from({ length: count }, make);

describe("a group of writes", () => {
  it("leaves the queue in order, and the queue keeps the rest", () => {
    const queue = many(5_000, () => write(1));
    const all = [...queue];
    expect(takeGroup(queue, never)).toEqual(all.slice(0, 4_096));
    expect(queue).toEqual(all.slice(4_096));
  });

  it("has at most two megabytes, but one write in any case", () => {
    expect(takeGroup([write(2_000_001), write(1)], never)).toHaveLength(1);
    expect(takeGroup([write(1_000_000), write(1_000_000), write(1)], never)).toHaveLength(2);
    expect(takeGroup([write(1_000_000), write(1_000_001)], never)).toHaveLength(1);
  });

  it("publishes at most 256 pushes and messages, so that others get their turn at the database", () => {
    const op = { op: "send", id: 1, mid: "m", keep: true, ...saying("x") } as const;
    const publish = () => write(1, { write: { kind: "publication", party: ["u", "laptop"], op } });
    const queue = [...many(100, () => write(1)), ...many(300, publish), write(1)];
    expect(takeGroup(queue, never)).toHaveLength(356);
    expect(takeGroup(queue, never)).toHaveLength(45);
  });

  it("ends with a piece that may finish its object, and only with such a one", () => {
    const piece = (offset: number): Write => {
      const { type, hash } = object("x");
      const at = { type, hash, size: 9, offset, len: 3, bytes: new Uint8Array(3) } as const;
      return write(1, { write: { kind: "chunk", chunk: { op: "chunk", id: 1, ...at } } });
    };
    expect(takeGroup([write(1), piece(6), piece(6), write(1)], never)).toHaveLength(3);
    expect(takeGroup([write(1), piece(6), write(1)], () => true)).toHaveLength(2);
    expect(takeGroup([piece(0), piece(3), piece(6), write(1)], never)).toHaveLength(3);
  });
});

describe("a write that could not be made", () => {
  it("is answered to its own request, with a time where it may be sent again at once", () => {
    expect(refuseWrite(write(4, { id: 8 }), "unavailable")).toMatchObject({
      op: "error",
      id: 8,
      code: "unavailable",
      retry_after_ms: 1_000,
    });
    const internal = refuseWrite(write(4), "internal");
    expect(internal).toMatchObject({ op: "error", id: 7, code: "internal" });
    expect(internal).not.toHaveProperty("retry_after_ms");
  });
});
