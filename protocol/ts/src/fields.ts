import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/** The object types of GitBlobsDB. */
export const OBJECT_TYPES = ["blob", "tree", "commit", "metadata"] as const;
export type ObjectType = (typeof OBJECT_TYPES)[number];

const UTF8 = new TextEncoder();

/** Length of a text in UTF-8. */
export function utf8Length(text: string): number {
  // At most three bytes per UTF-16 unit, at least one: the exact count is only needed near a limit.
  return UTF8.encode(text).byteLength;
}

const text = (maxBytes: number) =>
  v.pipe(
    v.string(),
    v.check((s) => s.isWellFormed(), "has half a surrogate pair"),
    v.check(
      (s) => s.length * 3 <= maxBytes || (s.length <= maxBytes && utf8Length(s) <= maxBytes),
      `is longer than ${maxBytes} bytes`,
    ),
  );

const integer = (min: number, max: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));

/** A counter, a time in milliseconds or a sequence number. */
export const count = integer(0, Number.MAX_SAFE_INTEGER);
export const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const type = v.picklist(OBJECT_TYPES);
export const mid = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
export const device = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9 ._()-]{0,63}$/));
export const ref = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/));
export const store = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/));
export const epoch = v.pipe(v.string(), v.regex(/^[a-z0-9]{1,16}$/));
export const next = v.pipe(v.string(), v.regex(/^[0-9.]{1,64}$/));
export const size = integer(0, LIMITS.objectBytes);
export const bodyLength = integer(0, LIMITS.putBytes);
export const chunkLength = integer(1, LIMITS.chunkBytes);
export const ttlSeconds = integer(1, 2_147_483_647);
export const message = text(LIMITS.messageBytes);
export const state = text(LIMITS.stateBytes);
export const token = v.pipe(text(LIMITS.tokenBytes), v.minLength(1));
export const name = text(256);
export const words = text(4_096);

export const key = v.strictTuple([type, hash]);
export const sizedKey = v.strictTuple([type, hash, size]);
export const keys = v.pipe(v.array(key), v.minLength(1), v.maxLength(LIMITS.objectsPerOp));
export const keysOrNone = v.pipe(v.array(key), v.maxLength(LIMITS.gonePerPage));
export const sizedKeys = v.pipe(
  v.array(sizedKey),
  v.minLength(1),
  v.maxLength(LIMITS.objectsPerOp),
);
export const indexes = v.pipe(
  v.array(integer(0, LIMITS.objectsPerOp - 1)),
  v.maxLength(LIMITS.objectsPerOp),
);

/** Names one object: [type, hash]. */
export type Key = v.InferOutput<typeof key>;
/** Names one object and its size: [type, hash, size]. */
export type SizedKey = v.InferOutput<typeof sizedKey>;
