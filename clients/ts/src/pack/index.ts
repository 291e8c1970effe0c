export * from "./bson-pack.ts";
export * from "./export.ts";
export * from "./import.ts";
export * from "./pack.ts";
