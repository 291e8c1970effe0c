import * as v from "valibot";
import * as f from "./fields.ts";
import { LIMITS } from "./limits.ts";

const id = f.count;
const op = <const T extends string>(name: T) => v.literal(name);

/** What a client may send (PROTOCOL.md 5). Every schema refuses fields it does not know. */
export const CLIENT_SCHEMAS = {
  hello: v.pipe(
    v.strictObject({
      op: op("hello"),
      proto: f.count,
      device: f.device,
      after: v.exactOptional(f.count),
      epoch: v.exactOptional(f.epoch),
      features: v.exactOptional(f.features),
    }),
    v.check(
      ({ after, epoch }) => (after === undefined) === (epoch === undefined),
      "names a place without its epoch",
    ),
  ),
  have: v.strictObject({ op: op("have"), id, mid: f.mid, objects: f.distinctSizedKeys }),
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
    note: v.exactOptional(f.note),
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
  get: v.strictObject({
    op: op("get"),
    id,
    objects: f.distinctKeys,
    next: v.exactOptional(f.next),
  }),
  send: v.strictObject({
    op: op("send"),
    id,
    mid: f.mid,
    to: v.exactOptional(f.party),
    keep: v.exactOptional(v.boolean()),
    ttl: v.exactOptional(f.ttlSeconds),
    len: f.messageLength,
  }),
  need: v.strictObject({ op: op("need"), id, objects: f.distinctKeys }),
  renew: v.strictObject({ op: op("renew"), id, ttl: v.exactOptional(f.ttlSeconds) }),
  presence: v.strictObject({ op: op("presence"), state: v.exactOptional(f.state) }),
  auth: v.strictObject({ op: op("auth"), token: f.token }),
} as const;

type Plain = { [K in keyof typeof CLIENT_SCHEMAS]: v.InferOutput<(typeof CLIENT_SCHEMAS)[K]> };

/** The bytes that travel behind the header of a binary frame, `len` of them. */
export interface Body {
  readonly bytes: Uint8Array;
}

/** Names the device and the last event it has; comes first. */
export type Hello = Plain["hello"];
/** Declares what a push consists of. */
export type Have = Plain["have"];
/** Brings a whole object. */
export type Put = Plain["put"] & Body;
/** Brings a piece of a large object. */
export type Chunk = Plain["chunk"] & Body;
/** Moves a ref, once all that was declared is there. */
export type Push = Plain["push"];
/** Asks for a page of events. */
export type Pull = Plain["pull"];
/** Asks for all objects of the pushes in a span. */
export type Fetch = Plain["fetch"];
/** Asks for named objects. */
export type Get = Plain["get"];
/** Relays bytes to other devices. */
export type Send = Plain["send"] & Body;
/** Asks the other devices for objects that the relay no longer has. */
export type Need = Plain["need"];
/** Keeps what was pushed from expiring for so long. */
export type Renew = Plain["renew"];
/** Says what this device is doing, for the others to see. */
export type SetPresence = Plain["presence"];
/** Renews the connection with a fresh token. */
export type Auth = Plain["auth"];

/** One operation of a client. */
export type ClientOp =
  Hello | Have | Put | Chunk | Push | Pull | Fetch | Get | Send | Need | Renew | SetPresence | Auth;
