import { encodeBinary } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { concatBytes } from "../encoding.ts";
import { object } from "../../test/device.ts";
import { frameStream, peekFrames } from "./frame-stream.ts";

/** A body given in pieces of so many bytes. */
const inPieces = (body: Uint8Array, piece: number): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < body.byteLength; at += piece) {
        controller.enqueue(body.slice(at, at + piece));
      }
      controller.close();
    },
  });

/** The frames that come out of it. */
async function framesOf(body: Uint8Array, piece: number): Promise<readonly Uint8Array[]> {
  const frames: Uint8Array[] = [];
  for await (const frame of frameStream(inPieces(body, piece))) frames.push(frame);
  return frames;
}

const put = (text: string) => encodeBinary([object(text).put(1)]);
const { type, hash, bytes } = object("found");
const objects = encodeBinary([
  { op: "objects", id: 1, items: [[type, hash, bytes.byteLength]], bytes },
]);
const bare = encodeBinary([{ op: "ok", id: 3, devices: 0 }]);

describe("a body of frames", () => {
  it.each([1, 7, 8, 1_000])("is cut into its frames, however it arrives (by %i)", async (piece) => {
    const frames = [put("one"), objects, bare, put("a longer one")];
    expect(await framesOf(concatBytes(frames), piece)).toEqual(frames);
  });

  it("gives nothing for a frame of which the end is missing", async () => {
    for (const cut of [1, 3, 10]) {
      const whole = put("one");
      expect(await framesOf(whole.subarray(0, whole.byteLength - cut), 5)).toEqual([]);
    }
  });

  it("gives what it cannot read as it stands, for the decoder to refuse", async () => {
    const odd = (text: string) => {
      const header = new TextEncoder().encode(text);
      const frame = new Uint8Array(8 + header.byteLength);
      new DataView(frame.buffer).setUint32(4, header.byteLength);
      frame.set(header, 8);
      return frame;
    };
    const frames = ["nonsense", "{}", "[null]", '[{"op":"objects","items":7}]', "[7]"].map(odd);
    expect(await framesOf(concatBytes(frames), 9)).toEqual(frames);
  });
});

describe("a look at the beginning of a body", () => {
  const bytesOf = async (body: ReadableStream<Uint8Array>) =>
    new Uint8Array(await new Response(body).arrayBuffer());

  it.each([1, 7, 1_000])("leaves it as it was, however it arrives (by %i)", async (piece) => {
    const body = concatBytes([bare, bare, objects, put("a longer one"), bare]);
    const { frames, isEmpty, whole } = await peekFrames(inPieces(body, piece), 3);
    expect(frames).toEqual([bare, bare]);
    expect(isEmpty).toBe(false);
    expect(await bytesOf(whole)).toEqual(body);
  });

  it("sees no more frames than it was to look at, and waits for no bodies", async () => {
    const { frames, whole } = await peekFrames(inPieces(concatBytes([bare, bare]), 5), 1);
    expect(frames).toEqual([bare]);
    await whole.cancel();
    const begun = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(objects.slice(0, -1));
      },
    });
    expect((await peekFrames(begun, 2)).frames).toEqual([]);
  });

  it("finds nothing where the first header is not whole, and says where nothing came at all", async () => {
    for (const end of [0, 3, bare.byteLength - 1]) {
      const { frames, isEmpty, whole } = await peekFrames(inPieces(bare.subarray(0, end), 4), 2);
      expect(frames).toEqual([]);
      expect(isEmpty).toBe(end === 0);
      expect((await bytesOf(whole)).byteLength).toBe(end);
    }
  });

  it("cuts a large frame that comes in small pieces", async () => {
    const large = { type, hash, size: 900_000 };
    const frame = encodeBinary([
      {
        ...{ op: "objects", id: 1, items: [[large.type, large.hash, large.size]] },
        bytes: new Uint8Array(large.size).fill(7),
      },
    ]);
    expect(await framesOf(concatBytes([frame, bare, frame]), 4_096)).toEqual([frame, bare, frame]);
  });
});
