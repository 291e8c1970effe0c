import * as v from "valibot";
import { CLIENT_SCHEMAS, type ClientOp } from "./client-ops.ts";
import type { DecodeCode } from "./codes.ts";
import { joinFrame, splitFrame } from "./frame.ts";
import { countKeys, parseJson, toJson } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { SERVER_SCHEMAS, type ServerOp } from "./server-ops.ts";

/** Why a frame was refused; `id` is the request it concerns, where that could be read. */
export interface DecodeError {
  readonly code: DecodeCode;
  readonly message: string;
  readonly id?: number;
}

/** A frame's operations, or why it has none. A frame is taken whole or not at all. */
export type Decoded<Op> =
  | { readonly ok: true; readonly ops: readonly Op[] }
  | { readonly ok: false; readonly error: DecodeError };

type Schema = v.GenericSchema<unknown, { readonly op: string }>;
type Schemas = ReadonlyMap<string, Schema>;

const CLIENT: Schemas = new Map<string, Schema>(Object.entries(CLIENT_SCHEMAS));
const SERVER: Schemas = new Map<string, Schema>(Object.entries(SERVER_SCHEMAS));

/** Decodes a frame a client sent. Any bytes give a result, never an exception. */
export function decodeClientFrame(frame: string | Uint8Array): Decoded<ClientOp> {
  return decode(frame, CLIENT) as Decoded<ClientOp>;
}

/** Decodes a frame the relay sent. Any bytes give a result, never an exception. */
export function decodeServerFrame(frame: string | Uint8Array): Decoded<ServerOp> {
  return decode(frame, SERVER) as Decoded<ServerOp>;
}

/** Writes operations without bodies as a text frame. */
export function encodeText(ops: readonly (ClientOp | ServerOp)[]): string {
  return toJson(ops);
}

/** Writes operations, with or without bodies, as a binary frame. */
export function encodeBinary(ops: readonly (ClientOp | ServerOp)[]): Uint8Array<ArrayBuffer> {
  const bodies: Uint8Array[] = [];
  const plain = ops.map((op) => {
    if (!("bytes" in op) || typeof op.bytes === "number") return op;
    bodies.push(op.bytes);
    return { ...op, bytes: undefined };
  });
  return joinFrame(toJson(plain), bodies);
}

const refuse = (code: DecodeCode, message: string, id?: number) =>
  ({ ok: false, error: id === undefined ? { code, message } : { code, message, id } }) as const;

function decode(frame: string | Uint8Array, schemas: Schemas): Decoded<{ readonly op: string }> {
  const parts = splitFrame(frame);
  if (!parts.ok) return refuse("bad_frame", parts.message);
  const parsed = parseJson(parts.header);
  if (parsed === undefined) return refuse("bad_json", "the frame is not JSON with unique keys");
  const list = parsed.value;
  if (!Array.isArray(list) || list.length === 0 || list.length > LIMITS.opsPerFrame) {
    return refuse("bad_json", `a frame is an array of 1 to ${LIMITS.opsPerFrame} operations`);
  }
  const ops: { readonly op: string }[] = [];
  let offset = 0;
  for (const entry of list as unknown[]) {
    const read = decodeOp(entry, schemas);
    if (!read.ok) return read;
    const length = bodyLength(read.op);
    if (length === undefined) ops.push(read.op);
    else {
      if (parts.bodies === undefined)
        return refuse("bad_frame", `${read.op.op} has a body: send it in a binary frame`);
      if (offset + length > parts.bodies.byteLength)
        return refuse("bad_frame", "the bodies are shorter than their lengths");
      ops.push(Object.assign(read.op, { bytes: parts.bodies.subarray(offset, offset + length) }));
      offset += length;
    }
  }
  if (offset !== (parts.bodies?.byteLength ?? 0))
    return refuse("bad_frame", "the bodies are longer than their lengths");
  return { ok: true, ops };
}

function decodeOp(entry: unknown, schemas: Schemas) {
  if (
    typeof entry !== "object" ||
    entry === null ||
    !("op" in entry) ||
    typeof entry.op !== "string"
  ) {
    return refuse("unknown_op", "an operation is an object with the field op");
  }
  const id =
    "id" in entry && Number.isSafeInteger(entry.id) && Number(entry.id) >= 0
      ? Number(entry.id)
      : undefined;
  const schema = schemas.get(entry.op);
  if (schema === undefined) return refuse("unknown_op", "there is no such operation", id);
  const result = v.safeParse(schema, entry, { abortEarly: true });
  if (!result.success) return refuse("bad_field", `${entry.op}: ${describe(result.issues[0])}`, id);
  // The schema overlooks unknown fields named like built-in properties (`__proto__`, `toString`).
  if (countKeys(result.output) !== countKeys(entry)) {
    return refuse("bad_field", `${entry.op}: there is an unknown field`, id);
  }
  return { ok: true, op: result.output } as const;
}

/** Names the field, never its content: a refused value may be a secret. */
function describe(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? "not as described" : `field ${path.slice(0, 64)} is not as described`;
}

function bodyLength(op: { readonly op: string }): number | undefined {
  if (op.op === "objects" && "items" in op) {
    return (op.items as readonly (readonly [string, string, number])[]).reduce(
      (sum, item) => sum + item[2],
      0,
    );
  }
  return "len" in op ? Number(op.len) : undefined;
}
