import { LIMITS, utf8Length, type ServerOp } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { textFrames } from "./text-frames.ts";

const ok = (id: number): ServerOp => ({ op: "ok", id, devices: 0 });
const message = (text: string): ServerOp => ({ op: "notice", code: "c", message: text });
const opsOf = (frames: readonly string[]) =>
  frames.map((frame) => JSON.parse(frame) as readonly ServerOp[]);

/** Messages that make a frame of exactly so many bytes. */
function messagesOf(bytes: number, letter: string): readonly ServerOp[] {
  const width = utf8Length(letter);
  const bare = utf8Length(JSON.stringify([message(""), message("")]));
  const letters = Math.floor((bytes - bare) / width);
  const rest = "x".repeat(bytes - bare - letters * width);
  return [message(letter.repeat(letters - 1_000)), message(letter.repeat(1_000) + rest)];
}

describe("text frames", () => {
  it("are none for nothing", () => {
    expect(textFrames([])).toEqual([]);
  });

  it("hold as many operations as a frame may, in order", () => {
    const ops = Array.from({ length: LIMITS.opsPerFrame }, (_, id) => ok(id));
    expect(opsOf(textFrames(ops))).toEqual([ops]);
    const more = Array.from({ length: LIMITS.opsPerFrame * 2 + 1 }, (_, id) => ok(id));
    const frames = opsOf(textFrames(more));
    expect(frames.map((frame) => frame.length)).toEqual([1_024, 1_024, 1]);
    expect(frames.flat()).toEqual(more);
  });

  it.each(["x", "é", "€"])("are filled with %s to the very byte, and not beyond", (letter) => {
    const fits = messagesOf(LIMITS.frameBytes, letter);
    const [whole, ...none] = textFrames(fits);
    expect(none).toEqual([]);
    expect(utf8Length(whole ?? "")).toBe(LIMITS.frameBytes);
    const over = messagesOf(LIMITS.frameBytes + 1, letter);
    const frames = textFrames(over);
    expect(opsOf(frames)).toEqual(over.map((op) => [op]));
  });

  it("are cut where the bytes are too many, also among many operations", () => {
    const small = Array.from({ length: LIMITS.opsPerFrame }, (_, id) => ok(id));
    const ops = [...messagesOf(LIMITS.frameBytes, "x"), ...small];
    const frames = textFrames(ops);
    expect(opsOf(frames).flat()).toEqual(ops);
    expect(frames.map(utf8Length)[0]).toBe(LIMITS.frameBytes);
    expect(frames).toHaveLength(2);
  });
});
