import { describe, expect, it } from "vitest";
import type { Welcome } from "@gitblobs/protocol";
import { Heard } from "./heard.ts";

const [A, B, C] = ["a", "b", "c"].map((letter) => letter.repeat(64)) as [string, string, string];
const push = (seq: number, to: string, ref = "main") => ({
  ...{ kind: "push" as const, seq, at: 1, by: "u", device: "b", mid: "m", ref },
  ...{ old: null, new: to, objects: 1, bytes: 1 },
});
/** Welcomed at event 4, at commit A. */
function heard(): Heard {
  const heard = new Heard();
  // Of a welcome, nothing else counts.
  heard.welcome({ epoch: "e1", head: 4, refs: [["main", A]] } as unknown as Welcome);
  return heard;
}
const pong = (head: number, epoch = "e1") => ({ head, epoch });

describe("what was heard on a connection", () => {
  it("begins with what the welcome names", () => {
    expect(heard().place).toEqual({ commit: A, seq: 4 });
    expect(heard().isNewest).toBe(true);
    expect(new Heard().place).toEqual({ commit: null, seq: 0 });
  });

  it("is learnt from pages and events alike, each event once", () => {
    const it = heard();
    expect(it.learn([push(3, C), push(4, C), push(5, B)])).toBe(1);
    expect(it.place).toEqual({ commit: B, seq: 5 });
    expect(it.learn([push(5, C)])).toBe(0);
    expect(it.place.commit).toBe(B);
  });

  it("does not move with other refs, but in number", () => {
    const it = heard();
    it.learn([push(5, B, "other")]);
    expect(it.place).toEqual({ commit: A, seq: 5 });
  });

  it("is all there is, as long as a pong knows no more", () => {
    const it = heard();
    it.learn([push(5, B)]);
    it.acknowledged(6);
    expect(it.pong(pong(6))).toBe("nothing");
    expect(it.pong(pong(7))).toBe("events");
  });

  it("is not the newest once a pong has named more, until that is here", () => {
    const it = heard();
    it.pong(pong(6));
    expect(it.isNewest).toBe(false);
    it.learn([push(5, B)]);
    expect(it.isNewest).toBe(false);
    it.learn([push(6, C)]);
    expect(it.isNewest).toBe(true);
  });

  it("is not the newest between an ack and what that push is known to have done", () => {
    const it = heard();
    it.acknowledged(5);
    expect(it.isNewest).toBe(false);
    it.moved({ commit: B, seq: 5 });
    expect(it.isNewest).toBe(true);
    expect(it.place).toEqual({ commit: B, seq: 5 });
  });

  it("is missing something when the epoch is another", () => {
    const it = heard();
    expect(it.pong(pong(4, "e2"))).toBe("epoch");
    expect(it.isNewest).toBe(true);
  });

  it("is not lessened by an ack that repeats an older one, nor by an older pong", () => {
    const it = heard();
    it.acknowledged(2);
    expect(it.pong(pong(3))).toBe("nothing");
    expect(it.isNewest).toBe(true);
  });
});
