import { toBase64Url } from "../encoding.ts";
import type { Env } from "../env.ts";
import type { World } from "../world.ts";
import type { Caller } from "./caller.ts";
import { networkOf, type Network } from "./network.ts";
import { statusOf, type RelayError } from "./problem.ts";
import { logLine } from "./request-log.ts";
import type { LogFields } from "./route.ts";

/** One request and what becomes known about it until its answer is sent. */
export interface Exchange {
  readonly env: Env;
  readonly requestId: string;
  readonly network: Network;
  readonly startedAt: number;
  caller: Caller;
  /** Path of the route in the table; undefined when none matched. */
  route: string | undefined;
  refusal: RelayError | undefined;
  notes: LogFields;
}

/** Starts the record of a request. */
export function openExchange(request: Request, env: Env, world: World): Exchange {
  return {
    env,
    requestId: toBase64Url(world.random(12)),
    network: networkOf(request),
    startedAt: world.now(),
    caller: { kind: "anonymous" },
    route: undefined,
    refusal: undefined,
    notes: {},
  };
}

/** Security events (ASVS 16.3) by the refusal that shows them; each request logs exactly one event. */
function eventOf(refusal: RelayError | undefined): string {
  if (refusal === undefined) {
    return "request";
  }
  switch (statusOf(refusal.code)) {
    case 401:
      return "authentication_failed";
    case 403:
      return "access_refused";
    case 429:
      return "limit_reached";
    case 500:
      return "unexpected_error";
    case 503:
      return "unavailable";
    default:
      return "input_refused";
  }
}

/**
 * Whether a line is ordinary: a request that nothing was wrong with, and that changed nobody's access. Cloudflare's own
 * sampling takes whole requests, and with them the security events in them; so that is off, and the share is taken here.
 */
function isOrdinary(fields: LogFields, method: string, route: string | undefined): boolean {
  if (fields["event"] !== "request") return false;
  return method === "GET" || route?.startsWith("/sync/") === true;
}

/** The share of ordinary lines that are written; all of them where the deployment does not say. */
function shareOf(env: Env): number {
  const { LOG_SHARE: said = "" } = env;
  const share = Number(said);
  return said !== "" && share >= 0 && share <= 1 ? share : 1;
}

/** Writes the request's one log line; of ordinary requests only as many as `LOG_SHARE` says. */
export function logExchange(
  world: World,
  method: string,
  status: number,
  exchange: Exchange,
): void {
  const { caller, refusal } = exchange;
  const session = caller.kind === "session" ? caller.session : undefined;
  const fields: LogFields = {
    event: eventOf(refusal),
    request_id: exchange.requestId,
    method,
    route: exchange.route ?? "none",
    status,
    outcome: status < 400 ? "ok" : status < 500 ? "refused" : "failed",
    code: refusal?.code,
    actor: session === undefined ? caller.kind : `user:${session.userId}`,
    sid8: session?.sessionId.slice(4, 12),
    ip_prefix: exchange.network.prefix,
    duration_ms: world.now() - exchange.startedAt,
    error: describeCause(refusal),
    ...exchange.notes,
  };
  const share = isOrdinary(fields, method, exchange.route) ? shareOf(exchange.env) : 1;
  // What reads the log can count: a line of a tenth stands for ten.
  if (share === 1) logLine(world, fields);
  else if (isChosen(world, share)) logLine(world, { ...fields, share });
}

/** True for the share of all calls. */
function isChosen(world: World, share: number): boolean {
  const [high = 0, low = 0] = world.random(2);
  return high * 256 + low < share * 65_536;
}

function describeCause(refusal: RelayError | undefined): string | undefined {
  const cause = refusal?.cause;
  return cause instanceof Error ? (cause.stack ?? `${cause.name}: ${cause.message}`) : undefined;
}
