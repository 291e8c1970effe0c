import { fields } from "@gitblobs/protocol";
import * as v from "valibot";

/** Header in which the Worker tells a hub what it has checked; only the Worker can reach a hub. */
export const admissionHeader = "gbr-admission";

const socketSchema = v.strictObject({
  kind: v.literal("socket"),
  storeId: v.number(),
  /** Whose store it is. */
  ownerId: v.string(),
  userId: v.string(),
  username: v.string(),
  sessionId: v.string(),
  /** When the socket's authorisation ends. */
  until: v.number(),
  subprotocol: v.optional(v.string()),
});
const exchangeSchema = v.strictObject({
  kind: v.literal("exchange"),
  storeId: v.number(),
  userId: v.string(),
  username: v.string(),
  sessionId: v.string(),
  /** When the token of the request ends. */
  until: v.number(),
  device: fields.device,
  /** The operations the request may hold. */
  allows: v.array(v.string()),
});

/** What the Worker has checked before it hands a socket or a request to a hub. */
export const admissionSchema = v.variant("kind", [socketSchema, exchangeSchema]);
export type SocketAdmission = v.InferOutput<typeof socketSchema>;
export type ExchangeAdmission = v.InferOutput<typeof exchangeSchema>;
export type Admission = v.InferOutput<typeof admissionSchema>;
