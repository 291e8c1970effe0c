import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import errors from "../../vectors/errors.json" with { type: "json" };
import frames from "../../vectors/frames.json" with { type: "json" };
import limits from "../../vectors/limits.json" with { type: "json" };
import objects from "../../vectors/objects.json" with { type: "json" };
import vectors from "../../vectors/ops.json" with { type: "json" };
import {
  CLOSE,
  ERROR_RETRY,
  LIMITS,
  PROTOCOL_VERSION,
  SUBPROTOCOL,
  afterClose,
  decodeClientFrame,
  decodePong,
  decodeServerFrame,
  encodeBinary,
  encodePong,
  encodeText,
} from "./index.ts";

const decoders = { client: decodeClientFrame, server: decodeServerFrame };
const decoderOf = (side: string) => (side === "client" ? decoders.client : decoders.server);
const snake = (name: string) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

function binary(ops: readonly unknown[], body: Uint8Array): Uint8Array {
  const header = Buffer.from(JSON.stringify(ops));
  const prefix = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]);
  prefix.writeUInt32BE(header.length, 4);
  return Uint8Array.from(Buffer.concat([prefix, header, body]));
}

interface Vector {
  readonly name: string;
  readonly op: object;
  readonly body?: string;
}

const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));

/** An operation as a vector writes it: fields and, apart, its body. */
function plain(op: object): { op: object; body: string | null } {
  if (!("bytes" in op) || typeof op.bytes === "number") return { op, body: null };
  const { bytes, ...rest } = op;
  return { op: rest, body: Buffer.from(bytes as Uint8Array).toString("hex") };
}

describe("the golden vectors", () => {
  it("agree with the limits", () => {
    expect(Object.fromEntries(Object.entries(LIMITS).map(([k, n]) => [snake(k), n]))).toEqual(
      limits.limits,
    );
    expect([PROTOCOL_VERSION, SUBPROTOCOL]).toEqual([limits.protocol_version, limits.subprotocol]);
  });

  it("agree with the error codes and close codes", () => {
    expect(Object.entries(ERROR_RETRY)).toEqual(errors.errors.map((e) => [e.code, e.retry]));
    expect(
      Object.entries(CLOSE).map(([name, code]) => [snake(name), code, afterClose(code)]),
    ).toEqual(errors.close.map((c) => [c.name, c.code, c.then]));
  });

  it("hold objects whose hash is the SHA-256 of their bytes", () => {
    for (const object of objects.objects) {
      const bytes = Buffer.from(object.hex, "hex");
      expect([bytes.length, createHash("sha256").update(bytes).digest("hex")]).toEqual([
        object.size,
        object.hash,
      ]);
    }
  });

  for (const side of ["client", "server"] as const) {
    const all: readonly Vector[] = vectors[side];
    it.each(all)(`decode and encode again, ${side}: $name`, (vector) => {
      const body = vector.body === undefined ? undefined : fromHex(vector.body);
      const frame = body === undefined ? JSON.stringify([vector.op]) : binary([vector.op], body);
      const decoded = decoderOf(side)(frame);
      if (!decoded.ok) throw new Error(decoded.error.message);
      expect(decoded.ops.map(plain)).toEqual([{ op: vector.op, body: vector.body ?? null }]);
      const again = body === undefined ? encodeText(decoded.ops) : encodeBinary(decoded.ops);
      expect(decoderOf(side)(again)).toEqual(decoded);
    });
  }

  it.each(vectors.refused)("refuse, $side: $name", ({ side, op, code }) => {
    const decoded = decoderOf(side)(JSON.stringify([op]));
    expect(decoded.ok ? "accepted" : decoded.error.code).toBe(code);
  });

  it.each(frames.accepted)("accept the frame: $name", (vector) => {
    const frame = "hex" in vector ? fromHex(vector.hex) : vector.text;
    const decoded = decoderOf(vector.side)(frame);
    if (!decoded.ok) throw new Error(decoded.error.message);
    expect(decoded.ops.map(plain)).toEqual(
      vector.ops.map((op, i) => ({ op, body: vector.bodies[i] })),
    );
  });

  it.each(frames.refused)("refuse the frame: $name", (vector) => {
    const frame = "hex" in vector ? fromHex(vector.hex) : vector.text;
    const decoded = decoderOf(vector.side)(frame);
    expect(decoded.ok ? "accepted" : decoded.error.code).toBe(vector.code);
    if ("id" in vector) expect(decoded.ok ? -1 : decoded.error.id).toBe(vector.id);
  });

  it("read and write pongs", () => {
    for (const { text, epoch, head } of frames.pongs) {
      expect(decodePong(text)).toEqual({ epoch, head });
      expect(encodePong({ epoch, head })).toBe(text);
    }
    for (const text of frames.not_pongs) expect(decodePong(text)).toBeUndefined();
  });
});
