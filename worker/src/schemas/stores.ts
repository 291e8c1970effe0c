import { CLIENT_SCHEMAS, SERVER_SCHEMAS, fields } from "@gitblobs/protocol";
import * as v from "valibot";
import { count } from "./atoms.ts";

/** Answer of `GET /stores`. */
export const storeList = v.object({
  stores: v.array(
    v.object({
      id: fields.storeId,
      name: fields.store,
      head: count,
      objects: count,
      bytes: count,
      created_at: count,
      kept_until: v.optional(
        v.pipe(
          count,
          v.description("When the first of what was pushed expires, if nobody renews it"),
        ),
      ),
    }),
  ),
});
/** Body of `POST /stores`. */
export const makeBody = v.strictObject({ name: fields.store });
/** Its answer. */
export const madeView = v.strictObject({
  id: fields.storeId,
  name: fields.store,
  epoch: fields.epoch,
  made: v.pipe(v.boolean(), v.description("False: there was a store of that name already")),
});
/** Path of one of the user's own stores. */
export const storeParams = v.strictObject({ name: fields.store });
/** Path of everything under `/sync/{store}`. */
export const syncParams = v.strictObject({ store: fields.store });
const digits = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const storeId = v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number));
const which = { id: v.exactOptional(storeId) };

/** The store that is meant, where its name alone is not enough. */
export const storeQuery = v.strictObject(which);
/** Query of `GET /ws`. */
export const socketQuery = v.strictObject({ store: fields.store, ...which });

// Over HTTP the operations of the socket go without what only a socket needs (PROTOCOL.md 10).

/** Body of `POST /sync/{store}/have`. */
export const haveBody = v.omit(CLIENT_SCHEMAS.have, ["op", "id"]);
/** Its answer. */
export const wantView = v.omit(SERVER_SCHEMAS.want, ["op", "id"]);
/** Answer of `POST /sync/{store}/objects`: one of each operation, in order. */
export const putView = v.strictObject({
  items: v.array(v.variant("op", [SERVER_SCHEMAS.ok, SERVER_SCHEMAS.error])),
});
/** Body of `POST /sync/{store}/push`. */
export const pushBody = v.omit(CLIENT_SCHEMAS.push, ["op", "id"]);
/** Its answer. */
export const ackView = v.omit(SERVER_SCHEMAS.ack, ["op", "id"]);
/** Body of `POST /sync/{store}/renew`. */
export const renewBody = v.omit(CLIENT_SCHEMAS.renew, ["op", "id"]);
/** Its answer. */
export const renewView = v.strictObject({ expires_at: count });
/** Answer of `GET /sync/{store}`. */
export const placeView = v.pick(SERVER_SCHEMAS.welcome, [
  "store",
  "epoch",
  "head",
  "oldest",
  "refs",
  "limits",
  "kept_until",
]);
/** Query of `GET /sync/{store}/events`: a place, and the epoch it belongs to. */
export const eventsQuery = v.strictObject({
  ...which,
  after: digits,
  epoch: fields.epoch,
  limit: v.optional(digits, "100"),
});
/** Its answer. */
export const eventsView = v.strictObject({
  ...v.omit(SERVER_SCHEMAS.events, ["op", "id"]).entries,
  ...v.pick(SERVER_SCHEMAS.welcome, ["epoch", "head", "oldest", "resumed", "reason"]).entries,
});
/** Body of `POST /sync/{store}/get`. */
export const getBody = v.omit(CLIENT_SCHEMAS.get, ["op", "id"]);
/** Query of `GET /sync/{store}/fetch`. */
export const fetchQuery = v.strictObject({
  ...which,
  after: digits,
  epoch: fields.epoch,
  until: v.exactOptional(digits),
  next: v.exactOptional(fields.next),
});
