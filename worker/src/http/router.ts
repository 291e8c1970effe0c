import { Hono, type Context } from "hono";
import type { Env } from "../env.ts";
import type { World } from "../world.ts";
import { readJsonBody } from "./body.ts";
import type { Caller } from "./caller.ts";
import { logExchange, openExchange, type Exchange } from "./exchange.ts";
import type { RequestCounter } from "./metrics.ts";
import { isLoopback } from "./network.ts";
import { corsHeaders, isAllowedOrigin, preflightHeaders } from "./origin.ts";
import { asRelayError } from "./platform-error.ts";
import { RelayError, problemResponse } from "./problem.ts";
import { countFile, countRequest } from "./rate-limit.ts";
import { logLine } from "./request-log.ts";
import { withResponseHeaders } from "./response-headers.ts";
import type { Call, RawInput, Reply, Route } from "./route.ts";

const defaultMaxBodyBytes = 4096;
/** When to look again whether a relay that could not serve can. */
const unavailableSeconds = 10;

/** Finds out who makes a request, or refuses it (RelayError). */
export type Guard = (request: Request, env: Env, world: World) => Promise<Caller>;

/** What the router serves and whom it asks. */
export interface RouterParts {
  readonly routes: readonly Route[];
  readonly guard: Guard;
  /** Throws RelayError `misconfigured` while the relay cannot be trusted to answer. */
  readonly requireConfiguration: (env: Env) => void;
  readonly counter: RequestCounter;
  readonly world: World;
}

/** Serves a route table; no error leaves it, every one becomes a problem document. */
export interface Router {
  fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response>;
}

type HonoContext = Context<{ Bindings: Exchange }>;

/** Builds the router of a table. */
export function createRouter(parts: RouterParts): Router {
  const { routes, world } = parts;
  const app = new Hono<{ Bindings: Exchange }>();
  for (const route of routes) {
    app.on(route.method, route.path, (c) => serve(parts, route, c));
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(path, (c) => answerOtherMethods(routes, path, c));
  }
  app.notFound(async (c) => {
    await admitStranger(c);
    throw new RelayError("not_found");
  });
  app.onError((error, c) => {
    c.env.refusal = asRelayError(error);
    return problemResponse(c.env.refusal, c.env.requestId);
  });

  return {
    async fetch(request, env, context) {
      try {
        const exchange = openExchange(request, env, world);
        const origin = request.headers.get("origin");
        const ownOrigin = new URL(request.url).origin;
        const allowed = origin !== null && isAllowedOrigin(origin, ownOrigin, env.ALLOWED_ORIGINS);
        const answer = await app.fetch(request, exchange, context);
        parts.counter.count(request.method, exchange.route ?? "none", answer.status);
        logExchange(world, request.method, answer.status, exchange);
        return withResponseHeaders(answer, exchange.requestId, allowed ? corsHeaders(origin) : {});
      } catch (error) {
        return lastResort(error, world);
      }
    },
  };
}

/** What failed outside of every route still becomes a problem document, and a line if the log itself works. */
function lastResort(error: unknown, world: World): Response {
  const requestId = "none";
  try {
    const stack = error instanceof Error ? error.stack : undefined;
    logLine(world, { event: "unexpected_error", outcome: "failed", error: stack });
  } catch {
    // Nothing is left to say it with.
  }
  return withResponseHeaders(problemResponse(new RelayError("internal"), requestId), requestId, {});
}

/** What callers meet where there is nothing for them: the same transport and limits as anywhere else. */
async function admitStranger(c: HonoContext): Promise<void> {
  const { env, network } = c.env;
  refuseUntrustedTransport(c.req.raw, new URL(c.req.url), env);
  await countRequest(env, { kind: "anonymous" }, network);
}

async function serve(parts: RouterParts, route: Route, c: HonoContext): Promise<Response> {
  const exchange = c.env;
  const { env } = exchange;
  const request = c.req.raw;
  const url = new URL(request.url);
  exchange.route = route.path;
  refuseUntrustedTransport(request, url, env);
  if (route.withoutConfiguration !== true) {
    parts.requireConfiguration(env);
  }
  exchange.caller = await identify(parts, route, request, exchange);
  const call: Call = {
    request,
    url,
    env,
    world: parts.world,
    requestId: exchange.requestId,
    network: exchange.network,
    caller: exchange.caller,
    note: (fields) => {
      exchange.notes = { ...exchange.notes, ...fields };
    },
    defer: (work) => {
      c.executionCtx.waitUntil(work);
    },
  };
  return respond(await route.answer(call, await readInput(route, c, url)));
}

/** Plain http and pages of unknown origins get nothing that changes or reveals state. */
function refuseUntrustedTransport(request: Request, url: URL, env: Env): void {
  if (url.protocol !== "https:" && !isLoopback(url.hostname)) {
    throw new RelayError("https_required", { detail: "Use https:// (nothing was read or done)." });
  }
  const origin = request.headers.get("origin");
  const safe = ["GET", "HEAD", "OPTIONS"].includes(request.method);
  if (!safe && origin !== null && !isAllowedOrigin(origin, url.origin, env.ALLOWED_ORIGINS)) {
    throw new RelayError("origin_refused", {
      detail: "An operator can add the page's origin to ALLOWED_ORIGINS.",
    });
  }
}

async function identify(
  parts: RouterParts,
  route: Route,
  request: Request,
  exchange: Exchange,
): Promise<Caller> {
  const { env, network } = exchange;
  const anonymous: Caller = { kind: "anonymous" };
  if (route.access === "public") {
    await (route.isFile === true ? countFile(env, network) : countRequest(env, anonymous, network));
    return anonymous;
  }
  let caller: Caller;
  try {
    caller = await parts.guard(request, env, parts.world);
  } catch (error) {
    await countRequest(env, anonymous, network);
    throw error;
  }
  exchange.caller = caller;
  await countRequest(env, caller, network);
  checkAccess(route, caller);
  return caller;
}

function checkAccess(route: Route, caller: Caller): void {
  if (caller.kind === "session" && caller.session.passwordMustChange) {
    if (route.whilePasswordMustChange !== true) {
      throw new RelayError("password_change_required", {
        detail: "Set a new password with PUT /password.",
      });
    }
  }
  const isAdmin =
    caller.kind === "operator" || (caller.kind === "session" && caller.session.role === "admin");
  if (route.access === "admin" && !isAdmin) {
    throw new RelayError("forbidden", { detail: "This needs the role admin." });
  }
  if (route.access === "session" && caller.kind !== "session") {
    throw new RelayError("not_authenticated", { detail: "This needs a user who is logged in." });
  }
}

async function readInput(route: Route, c: HonoContext, url: URL): Promise<RawInput> {
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (Object.hasOwn(query, name) || name in Object.prototype) {
      throw new RelayError("invalid_query", {
        errors: [{ path: name, message: "is given twice or not allowed" }],
      });
    }
    query[name] = value;
  }
  const body =
    route.input.body === undefined
      ? undefined
      : await readJsonBody(c.req.raw, route.maxBodyBytes ?? defaultMaxBodyBytes);
  return { params: c.req.param(), query, body };
}

function respond(reply: Reply | Response): Response {
  if (reply instanceof Response) {
    return reply;
  }
  const { status } = reply;
  if (reply.body === undefined) {
    return new Response(null, { status });
  }
  const headers = new Headers({ "content-type": "application/json; charset=utf-8" });
  if (status === 503) {
    headers.set("retry-after", String(unavailableSeconds));
  }
  return new Response(JSON.stringify(reply.body), { status, headers });
}

async function answerOtherMethods(
  routes: readonly Route[],
  path: string,
  c: HonoContext,
): Promise<Response> {
  c.env.route = path;
  await admitStranger(c);
  const here = routes.filter((route) => route.path === path).map((route) => route.method);
  const origin = c.req.header("origin");
  if (c.req.method !== "OPTIONS") {
    c.env.refusal = new RelayError("method_not_allowed");
    const refusal = problemResponse(c.env.refusal, c.env.requestId);
    refusal.headers.set("allow", [...here, "OPTIONS"].join(", "));
    return refusal;
  }
  const own = new URL(c.req.url).origin;
  const allowed = origin !== undefined && isAllowedOrigin(origin, own, c.env.env.ALLOWED_ORIGINS);
  return new Response(null, { status: 204, headers: allowed ? preflightHeaders(here) : {} });
}
