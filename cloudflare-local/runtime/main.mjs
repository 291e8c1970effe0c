/**
 * Holds the one Miniflare of cloudflare-local. Its parent writes requests to standard input and
 * reads answers from standard output, one JSON object a line, matched by `id`. When standard input
 * ends, for whatever reason, workerd is stopped and this process ends: nothing is left behind.
 *
 *   {id, op: "apply", options}  -> {id, url}       run exactly these Miniflare options
 *   {id, op: "probe", worker}   -> {id, handlers, exports, milliseconds}
 *                                                  start one Worker aside and stop it again
 *   {id, op: "copy", from, to}  -> {id}            copy one SQLite file over another
 *   {id, op: "openTail", tail, script, filters, expiresAt} -> {id, url}
 *   {id, op: "closeTail", tail} -> {id}
 *   {id, op: "ready"}           -> {id, url}       the runtime answers (again)
 *
 * Module contents arrive as `{file: PATH}`. What Workers log goes to standard error.
 */
import "./orphans.mjs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { DatabaseSync, backup } from "node:sqlite";
import { Miniflare, Response } from "miniflare";
import { Tails } from "./tails.mjs";

const textTypes = new Set(["esm", "cjs", "text", "json", "python", "sourcemap"]);
const quiet = {
  logRequests: false,
  enableDevRegistry: false,
  cf: false,
  host: "127.0.0.1",
  port: 0,
};

// What it and workerd write is their owner's alone.
process.umask(0o077);

const tails = new Tails();
let miniflare;
let secret;

/** Replaces every `{file}` of the modules by what the file holds; a text is the module itself. */
async function withContents(worker) {
  for (const module of Object.values(worker.config.manifest.modules)) {
    if (typeof module.contents === "string") continue;
    const bytes = await readFile(module.contents.file);
    module.contents = textTypes.has(module.type) ? bytes.toString("utf8") : new Uint8Array(bytes);
  }
  return worker;
}

function logToStandardError({ level, message }) {
  process.stderr.write(`workerd ${level}: ${message}\n`);
}

async function apply({ options }) {
  const workers = await Promise.all(options.workers.map(withContents));
  const { env } = workers[0].config;
  secret = env.SECRET.value;
  env.PUBLISH = publish;
  const all = { ...quiet, handleStructuredLogs: logToStandardError, ...options, workers };
  if (miniflare === undefined) miniflare = new Miniflare(all);
  else await miniflare.setOptions(all);
  return ready();
}

async function ready() {
  const url = await miniflare.ready;
  await tellTailed();
  return { url: url.origin };
}

/** A main module that tells what the uploaded one exports, once that has started. */
const inspector = (main) => `
import * as worker from ${JSON.stringify(`./${main}`)};
const methods = (value) =>
  Object.getOwnPropertyNames(value).filter(
    (name) => name !== "constructor" && typeof value[name] === "function",
  );
const handler = worker.default ?? {};
export default {
  fetch: () =>
    Response.json({
      handlers: methods(typeof handler === "function" ? handler.prototype : handler),
      exports: Object.keys(worker).filter(
        (name) => name !== "default" && typeof worker[name] === "function",
      ),
    }),
};`;

async function probe({ worker }) {
  const { config } = await withContents(worker);
  const { manifest } = config;
  manifest.modules["__probe.mjs"] = { type: "esm", contents: inspector(manifest.mainModule) };
  manifest.mainModule = "__probe.mjs";
  const started = performance.now();
  const aside = new Miniflare({ ...quiet, handleStructuredLogs: () => {}, workers: [{ config }] });
  try {
    const response = await aside.dispatchFetch("http://probe/");
    const milliseconds = Math.round(performance.now() - started);
    return { ...(await response.json()), milliseconds };
  } finally {
    await aside.dispose();
  }
}

/** SQLite's own backup: consistent on both sides while workerd uses the databases. */
async function copy({ from, to }) {
  const database = new DatabaseSync(from);
  try {
    await backup(database, to);
    return {};
  } finally {
    database.close();
  }
}

async function openTail({ tail, ...options }) {
  const result = await tails.open({ id: tail, ...options });
  await tellTailed();
  return result;
}

async function closeTail({ tail }) {
  tails.close({ id: tail });
  await tellTailed();
  return {};
}

/** The gateway passes on only the events of scripts that somebody tails. */
async function tellTailed() {
  const headers = { "x-runtime-secret": secret };
  const body = JSON.stringify(tails.scripts());
  await miniflare.dispatchFetch("http://gateway/tailed", { method: "POST", headers, body });
}

const publish = {
  type: "fetcher",
  handler: async (request) => {
    tails.publish(await request.json());
    return new Response();
  },
};

const operations = { apply, probe, ready, copy, openTail, closeTail };

function answer(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, ...request } = JSON.parse(line);
  operations[op](request).then(
    (result) => answer({ id, ...result }),
    (error) => answer({ id, error: String(error?.message ?? error) }),
  );
}
await miniflare?.dispose();
process.exit(0);
