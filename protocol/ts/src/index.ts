export * from "./client-ops.ts";
export * from "./codec.ts";
export * from "./codes.ts";
export {
  OBJECT_TYPES,
  TYPE_LABELS,
  utf8Length,
  type Key,
  type ObjectType,
  type Party,
  type SizedKey,
  type TypeLabel,
} from "./fields.ts";
export * as fields from "./fields.ts";
export * from "./limits.ts";
export * from "./objects.ts";
export * from "./pong.ts";
export * from "./server-ops.ts";
export * from "./verdict.ts";
export { parseJson, toJson } from "./json.ts";
