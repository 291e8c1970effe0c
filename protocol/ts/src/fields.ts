import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/** The object types of GitBlobsDB. */
export const OBJECT_TYPES = ["blob", "tree", "commit", "metadata"] as const;
/** One of {@link OBJECT_TYPES}. */
export type ObjectType = (typeof OBJECT_TYPES)[number];

/**
 * What may travel: types are labels to the relay, which looks into no object. `sealed` is reserved for what only its
 * users can read; no client of this version makes or takes one.
 */
export const TYPE_LABELS = [...OBJECT_TYPES, "sealed"] as const;
/** One of {@link TYPE_LABELS}. */
export type TypeLabel = (typeof TYPE_LABELS)[number];

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
/** 64 lower-case hex digits. */
export const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** A {@link TypeLabel}. */
export const type = v.picklist(TYPE_LABELS);
/** The name of a push or a message. */
export const mid = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
/** The name of a copy of a store. */
export const device = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9 ._()-]{0,63}$/));
/** One who may use a store; the relay's word for it, which never changes. */
export const member = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
/** One device of all: a member's of that name, for another member may have one of the same name. */
export const party = v.strictTuple([member, device]);
/** The name of a head. */
export const ref = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/));
/** The name of a store. */
export const store = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/));
/** Names one store for good, whatever is called as it was later. */
export const storeId = count;
/** Changes when a store was put back in time. */
export const epoch = v.pipe(v.string(), v.regex(/^[a-z0-9]{1,16}$/));
/** Where the rest of a long answer begins. */
export const next = v.pipe(v.string(), v.regex(/^[0-9.]{1,64}$/));
/** Bytes of an object. */
export const size = integer(0, LIMITS.objectBytes);
/** Bytes of a body. */
export const bodyLength = integer(0, LIMITS.putBytes);
/** Bytes of a piece of an object. */
export const chunkLength = integer(1, LIMITS.chunkBytes);
/** How long something is to be kept. */
export const ttlSeconds = integer(1, 2_147_483_647);
/** Bytes of a message. */
export const messageLength = integer(0, LIMITS.messageBytes);
const bytesIn = (base64: string): number =>
  (base64.length / 4) * 3 - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0);
/** Up to so many bytes in base64 with its padding; one spelling for the same bytes. */
const base64 = (maxBytes: number) =>
  v.pipe(
    v.string(),
    v.regex(
      /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/,
    ),
    v.check((s) => bytesIn(s) <= maxBytes, `is longer than ${maxBytes} bytes`),
  );
/** The body of a kept message, in base64. */
export const keptBody = base64(LIMITS.messageBytes);
/** What a push has to say of itself, in base64; not nothing. */
export const note = v.pipe(base64(LIMITS.noteBytes), v.minLength(4));
/** What one side can do beyond this version: up to 32 labels, none twice. */
export const features = v.pipe(
  v.array(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{0,31}$/))),
  v.maxLength(32),
  v.check((list) => new Set(list).size === list.length, "names a feature twice"),
);
/** What a device says of itself to those that are here, in base64. */
export const state = base64(LIMITS.stateBytes);
/** A bearer token. */
export const token = v.pipe(text(LIMITS.tokenBytes), v.minLength(1));
/** A name for people to read. */
export const name = text(256);
/** A sentence for people to read. */
export const words = text(4_096);

/** Type and hash of an object. */
export const key = v.strictTuple([type, hash]);
/** Type, hash and size of an object. */
export const sizedKey = v.strictTuple([type, hash, size]);
/** Whether a list names no object twice: what it costs to answer is bounded by what it names. */
const isDistinct = (list: readonly (readonly [string, string, number?])[]): boolean =>
  list.length < 2 || new Set(list.map(([t, h]) => `${t} ${h}`)).size === list.length;

/** 1 to 1000 keys. */
export const keys = v.pipe(v.array(key), v.minLength(1), v.maxLength(LIMITS.objectsPerOp));
/** 1 to 1000 keys, none twice. */
export const distinctKeys = v.pipe(
  keys,
  v.check((list) => isDistinct(list), "names an object twice"),
);
/** Up to 1000 keys. */
export const keysOrNone = v.pipe(v.array(key), v.maxLength(LIMITS.gonePerPage));
/** 1 to 1000 keys with sizes. */
export const sizedKeys = v.pipe(
  v.array(sizedKey),
  v.minLength(1),
  v.maxLength(LIMITS.objectsPerOp),
);
/** 1 to 1000 keys with sizes, none twice. */
export const distinctSizedKeys = v.pipe(
  sizedKeys,
  v.check((list) => isDistinct(list), "names an object twice"),
);
/** Places in a list of up to 1000. */
export const indexes = v.pipe(
  v.array(integer(0, LIMITS.objectsPerOp - 1)),
  v.maxLength(LIMITS.objectsPerOp),
);

/** Names one object: [type, hash]. */
export type Key = v.InferOutput<typeof key>;
/** Names one device of all: [member, device]. */
export type Party = v.InferOutput<typeof party>;
/** Names one object and its size: [type, hash, size]. */
export type SizedKey = v.InferOutput<typeof sizedKey>;
