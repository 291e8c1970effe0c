import { describe, expect, it } from "vitest";
import type { ServerOp, Welcome } from "../server-ops.ts";
import { Heard } from "./heard.ts";

const HASH = "a".repeat(64);
const item = (seq: number) => ({
  ...{ kind: "push" as const, seq, at: 1, device: "b", mid: "m", ref: "main" },
  ...{ old: null, new: HASH, objects: 1, bytes: 1 },
});

function heard(welcome: Pick<Welcome, "head" | "resumed" | "reason">, ...ops: ServerOp[]): Heard {
  const heard = new Heard();
  // Of a welcome, nothing else counts.
  heard.take({ op: "welcome", epoch: "e1", ...welcome } as Welcome);
  for (const op of ops) heard.take(op);
  return heard;
}
const pong = (head: number, epoch = "e1") => ({ head, epoch });

describe("what was heard on a connection", () => {
  const live = { head: 4, resumed: false, reason: "new" } as const;

  it("is all there is, as long as a pong knows no more", () => {
    const events = heard(live, { op: "event", ...item(5) }, { op: "ack", id: 1, mid: "m", seq: 6 });
    expect(events.head).toBe(6);
    expect(events.isBehind(pong(6))).toBe(false);
    expect(events.isBehind(pong(7))).toBe(true);
  });

  it("is not all when the epoch is another", () => {
    expect(heard(live).isBehind(pong(4, "e2"))).toBe(true);
  });

  it("is not lessened by an ack that repeats an older one", () => {
    expect(heard(live, { op: "ack", id: 1, mid: "m", seq: 2 }).head).toBe(4);
  });

  it("may be less than a pong knows while missed events are still read: live ones are held back", () => {
    const resumed = { head: 9, resumed: true };
    const first: ServerOp = { op: "events", items: [item(8)], more: true };
    expect(heard(resumed, first).isBehind(pong(11))).toBe(false);
    const last: ServerOp = { op: "events", id: 3, items: [item(9), item(10)], more: false };
    expect(heard(resumed, first, last).isBehind(pong(11))).toBe(true);
  });
});
