import { afterEach } from "vitest";
import { limitQueries } from "../../cloudflare-local/runtime/workers/invocations.mjs";
import * as worker from "../src/index.ts";

/** Queries one invocation may ask of D1, in production and here. */
const queriesPerInvocation = 1_000;

let most = 0;
let sinceThen = 0;
limitQueries(worker, queriesPerInvocation, (queries) => {
  most = Math.max(most, queries);
  sinceThen = Math.max(sinceThen, queries);
});

/** The most that one invocation has asked since this was called last, in this test. */
export function mostQueries(): number {
  const asked = sinceThen;
  sinceThen = 0;
  return asked;
}

// `most-queries.mjs` tells it at the end of the run.
afterEach(({ task }) => {
  Object.assign(task.meta, { mostQueries: most });
  most = 0;
});
