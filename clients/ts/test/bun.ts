import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Bun, where its package is for this platform; undefined elsewhere. */
export function findBun(): string | undefined {
  const path = fileURLToPath(
    new URL("../../../node_modules/@oven/bun-linux-x64/bin/bun", import.meta.url),
  );
  return existsSync(path) ? path : undefined;
}
