import { afterClose, type Retry } from "./codes.ts";

/**
 * How a client goes on after an answer, or after none (PROTOCOL.md 8.1): at once with what is newer here; after a pause
 * with full jitter; with a fresh token; by asking the user; not at all by itself. Equal to `protocol/vectors/verdicts.json`.
 */
export type Verdict = "now" | "wait" | "renew" | "ask" | "stop";

/** What a verdict is on. `http` is every request that carries an access token. */
export const CALLS = ["login", "refresh", "http", "upgrade"] as const;
/** One of {@link CALLS}. */
export type Call = (typeof CALLS)[number];

type Row = Readonly<Record<Call, Verdict>>;

const row = (login: Verdict, refresh: Verdict, http: Verdict, upgrade: Verdict): Row => ({
  ...{ login, refresh, http, upgrade },
});

const TOKEN = row("ask", "ask", "renew", "renew");
const DISABLED = row("stop", "ask", "stop", "stop");
const USER = row("ask", "stop", "ask", "ask");
const NOW = row("now", "now", "now", "now");
const WAIT = row("wait", "wait", "wait", "wait");
const STOP = row("stop", "stop", "stop", "stop");

const BY_CODE: Readonly<Record<string, Row>> = {
  not_authenticated: TOKEN,
  session_ended: TOKEN,
  invalid_refresh_token: TOKEN,
  refresh_reused: TOKEN,
  account_disabled: DISABLED,
  invalid_credentials: USER,
  password_expired: USER,
  password_change_required: USER,
  wrong_password: USER,
  weak_password: USER,
  username_taken: USER,
  quota: USER,
  no_store: USER,
  store_removed: USER,
  refresh_raced: NOW,
  ref_conflict: NOW,
  missing: NOW,
  too_many_stores: WAIT,
  too_many_sockets: WAIT,
  too_many_requests: WAIT,
  login_throttled: WAIT,
  internal: WAIT,
  body_too_slow: WAIT,
  busy: WAIT,
  database_unavailable: WAIT,
  misconfigured: WAIT,
  keys_unavailable: WAIT,
  invalid_json: STOP,
  invalid_body: STOP,
  invalid_query: STOP,
  bad_next: STOP,
  bad_request_frame: STOP,
  forbidden: STOP,
  origin_refused: STOP,
  https_required: STOP,
  not_found: STOP,
  method_not_allowed: STOP,
  mid_reused: STOP,
  last_admin: STOP,
  body_too_large: STOP,
  unsupported_media_type: STOP,
  too_many: STOP,
  upgrade_required: STOP,
};

/** For a code of a later version. */
function byStatus(status: number): Row {
  if (status === 401) return TOKEN;
  if (status === 507) return USER;
  return [408, 409, 425, 429].includes(status) || status >= 500 ? WAIT : STOP;
}

const PROBLEM_TYPE = "urn:gitblobs:problem:";

/**
 * Whether an answer is the relay's own problem document, and nobody's who stands in between: a portal, a proxy, a
 * gateway.
 *
 * @param mediaType the header Content-Type
 */
export function isRelayProblem(mediaType: string | null, body: unknown): boolean {
  if (!/^application\/problem\+json\s*(;|$)/iu.test(mediaType ?? "")) return false;
  if (typeof body !== "object" || body === null || !("type" in body) || !("code" in body))
    return false;
  return typeof body.code === "string" && body.type === `${PROBLEM_TYPE}${body.code}`;
}

/** The verdict on the relay's own problem document; a code this version does not know goes by its status. */
export function verdictOnProblem(call: Call, status: number, code: string): Verdict {
  const known = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  return (known ?? byStatus(status))[call];
}

/** The verdict on no answer, and on one that is not the relay's: whoever gave it may end nothing. */
export const VERDICT_ON_STRANGER: Verdict = "wait";

const BY_RETRY = {
  no: "stop",
  now: "now",
  after: "wait",
  reauth: "renew",
  repull: "now",
} as const satisfies Record<Retry, Verdict>;

/** The verdict on an `error` of a connection (PROTOCOL.md 7). */
export const verdictOnError = (retry: Retry): Verdict => BY_RETRY[retry];

const BY_CLOSE = { reconnect: "wait", refresh: "renew", stop: "stop" } as const;

/** The verdict on the end of a connection. */
export const verdictOnClose = (code: number): Verdict => BY_CLOSE[afterClose(code)];
