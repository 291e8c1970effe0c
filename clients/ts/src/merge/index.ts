export * from "./file-merge.ts";
export * from "./text-merge.ts";
