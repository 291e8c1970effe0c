import { CLIENT_SCHEMAS, SERVER_SCHEMAS, fields } from "@gitblobs/protocol";
import * as v from "valibot";
import { count } from "./atoms.ts";

/** Answer of `GET /stores`. */
export const storeList = v.object({
  stores: v.array(
    v.object({
      name: fields.store,
      head: count,
      objects: count,
      bytes: count,
      created_at: count,
    }),
  ),
});
/** Path of one of the user's own stores. */
export const storeParams = v.strictObject({ name: fields.store });
/** Query of `GET /ws`. */
export const socketQuery = v.strictObject({ store: fields.store });

/** Path of everything under `/sync/{store}`. */
export const syncParams = v.strictObject({ store: fields.store });
const digits = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));

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
/** Query of `GET /sync/{store}/events`. */
export const eventsQuery = v.strictObject({ after: digits, limit: v.optional(digits, "100") });
/** Its answer. */
export const eventsView = v.omit(SERVER_SCHEMAS.events, ["op", "id"]);
/** Body of `POST /sync/{store}/get`. */
export const getBody = v.omit(CLIENT_SCHEMAS.get, ["op", "id"]);
/** Query of `GET /sync/{store}/fetch`. */
export const fetchQuery = v.strictObject({
  after: digits,
  until: v.exactOptional(digits),
  next: v.exactOptional(fields.next),
});
