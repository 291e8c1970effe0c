import * as v from "valibot";

/** How the signing keys may stand: `none` before the first login, `unknown` when they could not be read. */
export const keysStates = ["ok", "none", "rewrap_needed", "unreadable", "unknown"] as const;

/** Query of `GET /health`. */
export const healthQuery = v.strictObject({ deep: v.optional(v.literal("1")) });

const partState = v.picklist(["ok", "failed"]);

/** Answer of `GET /health`. */
export const healthView = v.object({
  status: v.picklist(["ok", "failed"]),
  version: v.string(),
  environment: v.string(),
  /** Identifier of the deployed Worker version. */
  deployment: v.string(),
  database: v.object({ status: partState, migration: v.optional(v.string()) }),
  keys: v.picklist(keysStates),
  hub: v.optional(partState),
  configuration: v.object({ status: partState, faults: v.array(v.string()) }),
});

/** Path of a file of the web client. */
export const assetParams = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[\w.-]{1,128}$/)),
});
