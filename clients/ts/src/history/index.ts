export * from "./ancestry.ts";
export * from "./changes.ts";
export * from "./commit-files.ts";
export * from "./commit-walk.ts";
export * from "./merge.ts";
export * from "./missing-objects.ts";
export * from "./tree-merge.ts";
export * from "./whole-commit.ts";
