import * as v from "valibot";
import type { Body } from "./client-ops.ts";
import { RETRIES } from "./codes.ts";
import * as f from "./fields.ts";
import { LIMITS } from "./limits.ts";

const id = f.count;
const op = <const T extends string>(name: T) => v.literal(name);
const code = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{0,63}$/));

const pushed = {
  kind: v.literal("push"),
  seq: f.count,
  at: f.count,
  by: f.member,
  device: f.device,
  mid: f.mid,
  ref: f.ref,
  old: v.nullable(f.hash),
  new: v.nullable(f.hash),
  objects: f.count,
  bytes: f.count,
  note: v.exactOptional(f.note),
};
const kept = {
  kind: v.literal("message"),
  seq: f.count,
  at: f.count,
  by: f.member,
  device: f.device,
  mid: f.mid,
  to: v.exactOptional(f.party),
  body: v.exactOptional(f.keptBody),
};
const item = v.variant("kind", [v.strictObject(pushed), v.strictObject(kept)]);
const event = v.variant("kind", [
  v.strictObject({ op: op("event"), ...pushed }),
  v.strictObject({ op: op("event"), ...kept }),
]);

const limits = v.strictObject({
  frame_bytes: f.count,
  object_bytes: f.count,
  message_bytes: f.count,
  ttl_seconds: f.count,
  ttl_max_seconds: f.count,
  quota_bytes: f.count,
  quota_objects: f.count,
  used_bytes: f.count,
  used_objects: f.count,
  held_bytes: f.count,
  statements_per_second: f.count,
  rows_per_second: f.count,
  answered_bytes_per_second: f.count,
});

/** A ref, where it stands, and the note it was last pushed with. */
const head = v.union([v.strictTuple([f.ref, f.hash]), v.strictTuple([f.ref, f.hash, f.note])]);

const present = v.strictObject({
  by: f.member,
  device: f.device,
  since: f.count,
  state: v.exactOptional(f.state),
});

/** What a relay may send (PROTOCOL.md 6). Every schema refuses fields it does not know. */
export const SERVER_SCHEMAS = {
  welcome: v.strictObject({
    op: op("welcome"),
    proto: f.count,
    store: f.storeId,
    epoch: f.epoch,
    features: v.exactOptional(f.features),
    head: f.count,
    oldest: f.count,
    refs: v.pipe(v.array(head), v.maxLength(LIMITS.refsPerStore)),
    limits,
    by: f.member,
    user: f.name,
    expires_at: f.count,
    kept_until: v.exactOptional(f.count),
    resumed: v.boolean(),
    reason: v.exactOptional(v.picklist(["new", "expired", "ahead", "epoch"])),
  }),
  want: v.strictObject({ op: op("want"), id, need: f.indexes, over: f.indexes }),
  ok: v.strictObject({
    op: op("ok"),
    id,
    state: v.exactOptional(v.picklist(["stored", "known"])),
    expires_at: v.exactOptional(f.count),
    upto: v.exactOptional(f.size),
    devices: v.exactOptional(f.count),
  }),
  ack: v.strictObject({ op: op("ack"), id, mid: f.mid, seq: f.count }),
  events: v.strictObject({
    op: op("events"),
    id: v.exactOptional(id),
    items: v.pipe(v.array(item), v.maxLength(LIMITS.eventsPerPage)),
    more: v.boolean(),
  }),
  event,
  objects: v.strictObject({ op: op("objects"), id, items: f.sizedKeys }),
  part: v.strictObject({
    op: op("part"),
    id,
    type: f.type,
    hash: f.hash,
    size: f.size,
    offset: f.size,
    len: f.chunkLength,
  }),
  done: v.strictObject({
    op: op("done"),
    id,
    seq: v.exactOptional(f.count),
    gone: f.keysOrNone,
    next: v.exactOptional(f.next),
  }),
  message: v.strictObject({
    op: op("message"),
    by: f.member,
    from: f.device,
    mid: f.mid,
    at: f.count,
    to: v.exactOptional(f.party),
    len: f.messageLength,
  }),
  need: v.strictObject({ op: op("need"), by: f.member, from: f.device, objects: f.keys }),
  available: v.strictObject({ op: op("available"), objects: f.keys }),
  presence: v.strictObject({ op: op("presence"), devices: v.array(present) }),
  authed: v.strictObject({ op: op("authed"), expires_at: f.count }),
  auth_soon: v.strictObject({ op: op("auth_soon"), expires_at: f.count }),
  notice: v.strictObject({ op: op("notice"), code, message: f.words }),
  error: v.strictObject({
    op: op("error"),
    id: v.exactOptional(id),
    code,
    message: f.words,
    retry: v.picklist(RETRIES),
    retry_after_ms: v.exactOptional(f.count),
    current: v.exactOptional(v.nullable(f.hash)),
    need: v.exactOptional(f.keysOrNone),
    upto: v.exactOptional(f.size),
  }),
} as const;

type Plain = { [K in keyof typeof SERVER_SCHEMAS]: v.InferOutput<(typeof SERVER_SCHEMAS)[K]> };

/** One entry of a store's history of changes. */
export type EventItem = v.InferOutput<typeof item>;
/** Answers `hello`: where the store stands, what is allowed, whether events were missed. */
export type Welcome = Plain["welcome"];
/** Answers `have`: indexes of the objects to send, and of those that are refused. */
export type Want = Plain["want"];
/** Answers `put`, `chunk`, `send`, `need` and `renew`. */
export type Ok = Plain["ok"];
/** Answers `push`, and `send` with `keep`: it is durable, as the event `seq`. */
export type Ack = Plain["ack"];
/** A page of events: the answer to `pull`, or without `id` what follows a `welcome`. */
export type Events = Plain["events"];
/** An event as it happens. */
export type Event = Plain["event"];
/** Whole objects, in answer to `fetch` or `get`. */
export type Objects = Plain["objects"] & Body;
/** A piece of a large object, in answer to `fetch` or `get`. */
export type Part = Plain["part"] & Body;
/** Ends the answer to `fetch` or `get`: what is gone, and where the rest begins. */
export type Done = Plain["done"];
/** Bytes that another device sent. */
export type Message = Plain["message"] & Body;
/** Another device needs these objects. */
export type Needed = Plain["need"];
/** What this device needed is there. */
export type Available = Plain["available"];
/** Who is connected to the store now. */
export type Presence = Plain["presence"];
/** Answers `auth`: the connection lives until then. */
export type Authed = Plain["authed"];
/** The connection ends soon unless it is renewed. */
export type AuthSoon = Plain["auth_soon"];
/** Something for the user to read. */
export type Notice = Plain["notice"];
/** A request, or without `id` a frame, failed. */
export type ErrorOp = Plain["error"];

/** One operation of the relay. */
export type ServerOp =
  | Welcome
  | Want
  | Ok
  | Ack
  | Events
  | Event
  | Objects
  | Part
  | Done
  | Message
  | Needed
  | Available
  | Presence
  | Authed
  | AuthSoon
  | Notice
  | ErrorOp;
