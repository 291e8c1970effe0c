import errors from "../../../vectors/errors.json" with { type: "json" };
import frames from "../../../vectors/frames.json" with { type: "json" };
import limits from "../../../vectors/limits.json" with { type: "json" };
import objects from "../../../vectors/objects.json" with { type: "json" };
import vectors from "../../../vectors/ops.json" with { type: "json" };
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
} from "../../src/index.ts";
import { joinFrame } from "../../src/frame.ts";
import { fromHex, toHex, type Claim } from "./claim.ts";

interface Vector {
  readonly name: string;
  readonly op: object;
  readonly body?: string;
}

const decoderOf = (side: string) => (side === "client" ? decodeClientFrame : decodeServerFrame);
const snake = (name: string) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** An operation as a vector writes it: fields and, apart, its body. */
function plain(op: object): { op: object; body: string | null } {
  if (!("bytes" in op) || typeof op.bytes === "number") return { op, body: null };
  const { bytes, ...rest } = op;
  return { op: rest, body: toHex(bytes as Uint8Array) };
}

const constants: Claim[] = [
  {
    name: "the limits are those of the vectors",
    wanted: [limits.limits, limits.protocol_version, limits.subprotocol],
    actual: () => [
      Object.fromEntries(Object.entries(LIMITS).map(([name, value]) => [snake(name), value])),
      PROTOCOL_VERSION,
      SUBPROTOCOL,
    ],
  },
  {
    name: "the error codes are those of the vectors",
    wanted: errors.errors.map(({ code, retry }) => [code, retry]),
    actual: () => Object.entries(ERROR_RETRY),
  },
  {
    name: "the close codes are those of the vectors",
    wanted: errors.close.map(({ name, code, then }) => [name, code, then]),
    actual: () =>
      Object.entries(CLOSE).map(([name, code]) => [snake(name), code, afterClose(code)]),
  },
];

const hashes = objects.objects.map(({ type, hex, size, hash }): Claim => ({
  name: `the hash of an object is the SHA-256 of its bytes: ${type} ${hash}`,
  wanted: [size, hash],
  actual: async () => {
    const bytes = Uint8Array.from(fromHex(hex));
    return [bytes.length, toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))];
  },
}));

const operations = (side: "client" | "server"): Claim[] =>
  (vectors[side] as readonly Vector[]).map(({ name, op, body }) => ({
    name: `an operation is decoded and encoded again, ${side}: ${name}`,
    wanted: [[{ op, body: body ?? null }], [{ op, body: body ?? null }]],
    actual: () => {
      const text = JSON.stringify([op]);
      const first = decoderOf(side)(body === undefined ? text : joinFrame(text, [fromHex(body)]));
      if (!first.ok) return first.error;
      const written = body === undefined ? encodeText(first.ops) : encodeBinary(first.ops);
      const again = decoderOf(side)(written);
      return [first.ops.map(plain), again.ok ? again.ops.map(plain) : again.error];
    },
  }));

const refused = vectors.refused.map(({ name, side, op, code }): Claim => ({
  name: `an operation is refused, ${side}: ${name}`,
  wanted: code,
  actual: () => {
    const decoded = decoderOf(side)(JSON.stringify([op]));
    return decoded.ok ? "accepted" : decoded.error.code;
  },
}));

const frameOf = (vector: { readonly hex?: string; readonly text?: string }) =>
  vector.hex === undefined ? (vector.text ?? "") : fromHex(vector.hex);

const accepted = frames.accepted.map((vector): Claim => ({
  name: `a frame is accepted: ${vector.name}`,
  wanted: vector.ops.map((op, index) => ({ op, body: vector.bodies[index] })),
  actual: () => {
    const decoded = decoderOf(vector.side)(frameOf(vector));
    return decoded.ok ? decoded.ops.map(plain) : decoded.error;
  },
}));

const refusedFrames = frames.refused.map((vector): Claim => ({
  name: `a frame is refused: ${vector.name}`,
  wanted: [vector.code, "id" in vector ? vector.id : "any"],
  actual: () => {
    const decoded = decoderOf(vector.side)(frameOf(vector));
    if (decoded.ok) return "accepted";
    return [decoded.error.code, "id" in vector ? decoded.error.id : "any"];
  },
}));

const pongs: Claim[] = [
  ...frames.pongs.map(({ text, epoch, head }) => ({
    name: `a pong is read and written: ${text}`,
    wanted: [{ epoch, head }, text],
    actual: () => [decodePong(text), encodePong({ epoch, head })],
  })),
  ...frames.not_pongs.map((text) => ({
    name: `a text is no pong: ${text}`,
    wanted: "none",
    actual: () => decodePong(text) ?? "none",
  })),
];

/** What limits.json, errors.json, objects.json, ops.json and frames.json say. */
export const codecClaims: readonly Claim[] = [
  ...constants,
  ...hashes,
  ...operations("client"),
  ...operations("server"),
  ...refused,
  ...accepted,
  ...refusedFrames,
  ...pongs,
];
