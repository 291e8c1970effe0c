import * as v from "valibot";
import * as f from "./fields.ts";
import { LIMITS } from "./limits.ts";

const id = f.count;
const op = <const T extends string>(name: T) => v.literal(name);

/** What a client may send (PROTOCOL.md 5). Every schema refuses fields it does not know. */
export const CLIENT_SCHEMAS = {
  hello: v.strictObject({
    op: op("hello"),
    proto: f.count,
    device: f.device,
    after: v.exactOptional(f.count),
    epoch: v.exactOptional(f.epoch),
  }),
  have: v.strictObject({ op: op("have"), id, mid: f.mid, objects: f.sizedKeys }),
  put: v.strictObject({
    op: op("put"),
    id,
    type: f.type,
    hash: f.hash,
    len: f.bodyLength,
    ttl: v.exactOptional(f.ttlSeconds),
  }),
  chunk: v.strictObject({
    op: op("chunk"),
    id,
    type: f.type,
    hash: f.hash,
    size: f.size,
    offset: f.size,
    len: f.chunkLength,
    ttl: v.exactOptional(f.ttlSeconds),
  }),
  push: v.strictObject({
    op: op("push"),
    id,
    mid: f.mid,
    ref: f.ref,
    old: v.nullable(f.hash),
    new: v.nullable(f.hash),
    ttl: v.exactOptional(f.ttlSeconds),
  }),
  pull: v.strictObject({
    op: op("pull"),
    id,
    after: f.count,
    limit: v.pipe(f.count, v.minValue(1), v.maxValue(LIMITS.eventsPerPage)),
  }),
  fetch: v.strictObject({
    op: op("fetch"),
    id,
    after: f.count,
    until: v.exactOptional(f.count),
    next: v.exactOptional(f.next),
  }),
  get: v.strictObject({ op: op("get"), id, objects: f.keys, next: v.exactOptional(f.next) }),
  send: v.strictObject({
    op: op("send"),
    id,
    mid: f.mid,
    to: v.exactOptional(f.device),
    keep: v.exactOptional(v.boolean()),
    ttl: v.exactOptional(f.ttlSeconds),
    body: f.message,
  }),
  need: v.strictObject({ op: op("need"), id, objects: f.keys }),
  presence: v.strictObject({ op: op("presence"), state: v.exactOptional(f.state) }),
  auth: v.strictObject({ op: op("auth"), token: f.token }),
} as const;

type Plain = { [K in keyof typeof CLIENT_SCHEMAS]: v.InferOutput<(typeof CLIENT_SCHEMAS)[K]> };

/** The bytes that travel behind the header of a binary frame, `len` of them. */
export interface Body {
  readonly bytes: Uint8Array;
}

export type Hello = Plain["hello"];
export type Have = Plain["have"];
export type Put = Plain["put"] & Body;
export type Chunk = Plain["chunk"] & Body;
export type Push = Plain["push"];
export type Pull = Plain["pull"];
export type Fetch = Plain["fetch"];
export type Get = Plain["get"];
export type Send = Plain["send"];
export type Need = Plain["need"];
export type SetPresence = Plain["presence"];
export type Auth = Plain["auth"];

/** One operation of a client. */
export type ClientOp =
  Hello | Have | Put | Chunk | Push | Pull | Fetch | Get | Send | Need | SetPresence | Auth;
