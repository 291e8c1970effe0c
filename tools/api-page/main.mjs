// Writes docs/api.md from the OpenAPI document of the built relay; with --check only says whether it is up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startRelay } from "../../bench/start-relay.mjs";
import { apiPage } from "./page.mjs";

const file = fileURLToPath(new URL("../../docs/api.md", import.meta.url));
const relay = await startRelay();
const answer = await fetch(`${relay.url}/openapi.json`);
const page = apiPage(await answer.json());
await relay.stop();
if (!process.argv.includes("--check")) writeFileSync(file, page);
else if (readFileSync(file, "utf8") !== page) {
  console.error("docs/api.md is not what the relay says of itself; run tools/api-page/run");
  process.exit(1);
}
process.exit(0);
