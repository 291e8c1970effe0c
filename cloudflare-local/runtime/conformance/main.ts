/**
 * Runs Cloudflare's own client against an API and checks each answer against the client's types.
 * Arguments: the API's URL, the account, the zone; the token is in CLOUDFLARE_API_TOKEN.
 * Prints what does not fit, and ends with 1 when anything does not.
 */
import { fileURLToPath } from "node:url";
import Cloudflare from "cloudflare";
import { calls } from "./calls.ts";
import { lists } from "./lists.ts";
import { checkedTypes, mismatches } from "./shapes.ts";

const [baseURL = "", account = "", zone = ""] = process.argv.slice(2);
const { checker, types } = checkedTypes(
  fileURLToPath(new URL("calls.ts", import.meta.url)),
  "check",
);
const client = new Cloudflare({ baseURL, maxRetries: 0 });
/** Cloudflare itself answers these otherwise than its types say; the genuine provider relies on it. */
const known = ["script settings .placement: {} is no "];
const isNew = (line: string): boolean => !known.some((start) => line.startsWith(start));
let checked = 0;
let wrong = 0;

await calls(
  client,
  async (name, answer) => {
    const value = await answer;
    const type = types.get(name);
    if (type === undefined) throw new Error(`no type was found for ${name}`);
    checked += 1;
    const found = mismatches(checker, type, JSON.parse(JSON.stringify(value)));
    for (const line of found.map((place) => `${name} ${place}`).filter(isNew)) {
      wrong += 1;
      console.log(line);
    }
    return value;
  },
  account,
  zone,
);
for (const fault of await lists(client, account, zone)) {
  wrong += 1;
  console.log(fault);
}
console.log(`${checked} answers checked, ${wrong} places do not fit`);
process.exitCode = wrong === 0 ? 0 : 1;
