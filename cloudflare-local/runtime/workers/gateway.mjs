import { WorkerEntrypoint } from "cloudflare:workers";

/** The scripts whose events somebody wants. */
let tailed = new Set();

/**
 * The door through which cloudflare-local itself reaches the runtime. Every request carries the
 * secret that was bound to this Worker; nobody else on this machine gets an answer.
 *
 *   POST /d1/DATABASE_ID       [{sql, params}]          one transaction, Miniflare's D1 answer
 *   POST /tailed               [script]                whose events to publish
 *   POST /scheduled/BINDING    {cron, scheduledTime}    runs the Worker's scheduled handler
 *   POST /queries/BINDING      {}                       {most}: D1 queries of its hungriest invocation
 */
export default {
  async fetch(request, env) {
    if (!sameSecret(request.headers.get("x-runtime-secret") ?? "", env.SECRET)) {
      return new Response(null, { status: 403 });
    }
    const [, product, name] = new URL(request.url).pathname.split("/");
    if (product === "d1") return queryDatabase(env.D1, name, request.body);
    if (product === "tailed") {
      tailed = new Set(await request.json());
      return new Response();
    }
    if (product === "scheduled") return runScheduled(env[name], await request.json());
    if (product === "queries") {
      return env[name].fetch("http://queries/", { headers: { "x-runtime-secret": env.SECRET } });
    }
    return new Response(null, { status: 404 });
  },
};

function sameSecret(given, wanted) {
  const [a, b] = [given, wanted].map((text) => new TextEncoder().encode(text));
  return a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b);
}

function queryDatabase(entry, database, body) {
  return entry.fetch("http://d1/query?resultsFormat=ROWS_AND_COLUMNS", {
    method: "POST",
    headers: { "MF-Namespace": database, "content-type": "application/json" },
    body,
  });
}

async function runScheduled(worker, { cron, scheduledTime }) {
  const result = await worker.scheduled({ cron, scheduledTime: new Date(scheduledTime) });
  return Response.json({ outcome: result?.outcome ?? "ok" });
}

/** Gets the events of the scripts that were tailed when workerd started; its props name one. */
export class Tail extends WorkerEntrypoint {
  async tail(items) {
    const { script, version } = this.ctx.props;
    if (!tailed.has(script)) return;
    const events = items.map((item) => ({ ...traceEvent(item), scriptName: script }));
    for (const event of events) event.scriptVersion = { id: version };
    await this.env.PUBLISH.fetch("http://tails/", { method: "POST", body: JSON.stringify(events) });
  }
}

/** As JSON what workerd keeps behind getters. */
function traceEvent({ outcome, eventTimestamp, exceptions, logs, event }) {
  return {
    outcome,
    eventTimestamp,
    exceptions: exceptions.map(({ name, message, stack, timestamp }) => ({
      name,
      message,
      stack,
      timestamp,
    })),
    logs: logs.map(({ level, message, timestamp }) => ({ level, message, timestamp })),
    diagnosticsChannelEvents: [],
    event: describe(event),
  };
}

function describe(event) {
  if (event?.request !== undefined) {
    const { url, method, headers } = event.request;
    return { request: { url, method, headers }, response: { status: event.response?.status } };
  }
  if (event?.cron !== undefined) return { cron: event.cron, scheduledTime: event.scheduledTime };
  return event === null ? null : { ...event };
}
