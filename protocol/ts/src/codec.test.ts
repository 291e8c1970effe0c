import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../vectors/ops.json" with { type: "json" };
import {
  LIMITS,
  batchFrames,
  decodeClientFrame,
  decodeServerFrame,
  encodeBinary,
  objectsIn,
  type ClientOp,
  type Objects,
  type Put,
} from "./index.ts";

const HASH = "ab".repeat(32);
const RUNS = { numRuns: 20_000, seed: 20_261_123 };

/** A frame as bytes: prefix, header, body, with a header of any text. */
function frameOf(header: string, body: Uint8Array): Uint8Array {
  const head = Buffer.from(header);
  const prefix = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]);
  prefix.writeUInt32BE(head.length, 4);
  return Buffer.concat([prefix, head, body]);
}

const known = [...vectors.client, ...vectors.server].map((vector) =>
  frameOf(JSON.stringify([vector.op]), Buffer.from("body" in vector ? vector.body : "", "hex")),
);

function expectTyped(frame: string | Uint8Array): void {
  for (const decode of [decodeClientFrame, decodeServerFrame]) {
    const decoded = decode(frame);
    if (decoded.ok) expect(decoded.ops.length).toBeGreaterThan(0);
    else expect(["bad_frame", "bad_json", "unknown_op", "bad_field"]).toContain(decoded.error.code);
  }
}

describe("the codec", () => {
  it("answers random bytes with a typed result", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), expectTyped), RUNS);
  });

  it("answers random JSON with a typed result", () => {
    const json = fc.json({ maxDepth: 6 });
    fc.assert(
      fc.property(json, (text) => {
        expectTyped(text);
        expectTyped(`[${text}]`);
      }),
      { ...RUNS, numRuns: 5_000 },
    );
  });

  it("answers truncated and mutated frames with a typed result", () => {
    const edit = fc.record({
      frame: fc.constantFrom(...known),
      cut: fc.nat(400),
      at: fc.nat(400),
      xor: fc.integer({ min: 0, max: 255 }),
    });
    const attempt = fc.property(edit, ({ frame, cut, at, xor }) => {
      const bytes = frame.slice(0, Math.max(1, frame.length - (cut % frame.length)));
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ xor;
      expectTyped(bytes);
      expectTyped(Buffer.from(bytes.subarray(8)).toString("latin1"));
    });
    fc.assert(attempt, RUNS);
  });

  it("refuses every operation with a field changed to another type", () => {
    const attempt = fc.property(
      fc.constantFrom(...vectors.client),
      fc.nat(10),
      fc.anything({ withBigInt: false, withDate: false, maxDepth: 2 }),
      (vector, index, value) => {
        const keys = Object.keys(vector.op);
        const key = keys[index % keys.length] ?? "op";
        expectTyped(JSON.stringify([{ ...vector.op, [key]: value }]));
      },
    );
    fc.assert(attempt, { ...RUNS, numRuns: 5_000 });
  });

  it("survives a text nested a hundred thousand deep", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(decodeClientFrame(deep)).toMatchObject({ ok: false, error: { code: "unknown_op" } });
    const inside = `[{"op":"presence","state":${deep}}]`;
    expect(decodeClientFrame(inside)).toMatchObject({ ok: false, error: { code: "bad_field" } });
  });

  it("accepts a frame of exactly the limit and refuses one byte more", () => {
    const put = (len: number): Put => ({
      op: "put",
      id: 1,
      type: "blob",
      hash: HASH,
      len,
      bytes: new Uint8Array(len),
    });
    const overhead = encodeBinary([put(500_000), put(500_000)]).byteLength - 1_000_000;
    const largest = LIMITS.frameBytes - overhead - 500_000;
    expect(decodeClientFrame(encodeBinary([put(500_000), put(largest)])).ok).toBe(true);
    expect(decodeClientFrame(encodeBinary([put(500_000), put(largest + 1)]))).toMatchObject({
      ok: false,
      error: { code: "bad_frame" },
    });
    expect(decodeClientFrame(" ".repeat(LIMITS.frameBytes + 1))).toMatchObject({
      error: { code: "bad_frame" },
    });
  });

  it("cuts operations into frames that all decode to the same operations", () => {
    const sizes = fc.array(fc.nat(300_000), { minLength: 1, maxLength: 12 });
    const attempt = fc.property(sizes, (lengths) => {
      const ops: ClientOp[] = lengths.map((len, id) => ({
        op: "put",
        id,
        type: "blob",
        hash: HASH,
        len,
        bytes: new Uint8Array(len).fill(id),
      }));
      const decoded = [...batchFrames(ops)].flatMap((frame) => {
        const result = decodeClientFrame(frame);
        if (!result.ok) throw new Error(result.error.message);
        return result.ops;
      });
      expect(decoded).toEqual(ops);
    });
    fc.assert(attempt, { numRuns: 30, seed: RUNS.seed });
  });

  it("hands out the objects of an objects operation as views of their own bytes", () => {
    const op: Objects = {
      op: "objects",
      id: 1,
      items: [
        ["blob", HASH, 2],
        ["tree", HASH, 0],
        ["blob", HASH, 1],
      ],
      bytes: Uint8Array.of(1, 2, 3),
    };
    expect(objectsIn(op).map((o) => [o.type, ...o.bytes])).toEqual([
      ["blob", 1, 2],
      ["tree"],
      ["blob", 3],
    ]);
  });

  it("never repeats a refused value in its message", () => {
    const decoded = decodeClientFrame('[{"op":"auth","token":{"secret":"canary"}}]');
    expect(JSON.stringify(decoded)).not.toContain("canary");
  });
});
