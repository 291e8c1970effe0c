import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Golden } from "./golden.ts";

const BESIDE_THE_CHECKOUT = fileURLToPath(
  new URL("../../../../shared/gitblobsdb/vectors", import.meta.url),
);

/** The original's golden data; undefined where it is not on this machine. It is read, never copied. */
export function readGolden(): Golden | undefined {
  const folder = process.env["GITBLOBSDB_VECTORS"] ?? BESIDE_THE_CHECKOUT;
  if (!existsSync(`${folder}/hashes.json`)) return undefined;
  // The data's form is checked by use: each part has a test that fails when it is not as described.
  const json = (name: string) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as never;
  const packs = readdirSync(`${folder}/packs`).filter((name) => name.endsWith(".bin"));
  return {
    hashes: json("hashes.json"),
    collation: json("collation.json"),
    packs: Object.fromEntries(
      packs.map((name) => [name, readFileSync(`${folder}/packs/${name}`, "base64")]),
    ),
  };
}

/** Where the golden data lies, for what reads single files of it. */
export function goldenFolder(): string {
  return process.env["GITBLOBSDB_VECTORS"] ?? BESIDE_THE_CHECKOUT;
}
