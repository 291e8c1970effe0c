import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Golden } from "./golden.ts";

/** Where the original's golden data lies, for what reads single files of it. */
export const goldenFolder = fileURLToPath(
  new URL("../../../protocol/vectors/original", import.meta.url),
);

/** The original's golden data. */
export function readGolden(): Golden {
  // The data's form is checked by use: each part has a test that fails when it is not as described.
  const json = (name: string) =>
    JSON.parse(readFileSync(`${goldenFolder}/${name}`, "utf8")) as never;
  const packs = readdirSync(`${goldenFolder}/packs`).filter((name) => name.endsWith(".bin"));
  return {
    hashes: json("hashes.json"),
    collation: json("collation.json"),
    packs: Object.fromEntries(
      packs.map((name) => [name, readFileSync(`${goldenFolder}/packs/${name}`, "base64")]),
    ),
  };
}
