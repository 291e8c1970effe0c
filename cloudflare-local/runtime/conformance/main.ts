/**
 * Runs Cloudflare's own client against an API and checks each answer against the client's types.
 * Arguments: the API's URL, the account, the zone; the token is in CLOUDFLARE_API_TOKEN.
 * Prints what does not fit, and ends with 1 when anything does not.
 */
import { fileURLToPath } from "node:url";
import Cloudflare from "cloudflare";
import { calls } from "./calls.ts";
import { checkedTypes, mismatches } from "./shapes.ts";

const [baseURL = "", account = "", zone = ""] = process.argv.slice(2);
const { checker, types } = checkedTypes(
  fileURLToPath(new URL("calls.ts", import.meta.url)),
  "check",
);
const client = new Cloudflare({ baseURL, maxRetries: 0 });
let checked = 0;
let wrong = 0;

await calls(
  client,
  async (name, answer) => {
    const value = await answer;
    const type = types.get(name);
    if (type === undefined) throw new Error(`no type was found for ${name}`);
    checked += 1;
    for (const line of mismatches(checker, type, JSON.parse(JSON.stringify(value)))) {
      wrong += 1;
      console.log(`${name} ${line}`);
    }
    return value;
  },
  account,
  zone,
);
console.log(`${checked} answers checked, ${wrong} places do not fit`);
process.exitCode = wrong === 0 ? 0 : 1;
