type Problem = readonly [status: number, title: string, retryAfterSeconds?: number];

/**
 * Every way a request can be refused: its stable code, status and title, and after how many seconds to come again where
 * waiting helps and nothing more exact is known.
 */
export const problems = {
  invalid_json: [400, "The body is not acceptable JSON"],
  invalid_body: [400, "The body does not have the expected fields"],
  invalid_query: [400, "The query does not have the expected parameters"],
  not_authenticated: [401, "No valid access token"],
  session_ended: [401, "The session has ended"],
  invalid_credentials: [401, "Unknown user or wrong password"],
  invalid_refresh_token: [401, "The refresh token is not valid"],
  refresh_reused: [401, "The refresh token was used before, so its session was ended"],
  forbidden: [403, "Not allowed"],
  origin_refused: [403, "Pages of this origin may not call the relay"],
  https_required: [403, "The relay is reached by https only"],
  account_disabled: [403, "The account is disabled"],
  password_change_required: [403, "The one-time password must be changed first"],
  password_expired: [403, "The one-time password is no longer valid"],
  wrong_password: [403, "The current password is wrong"],
  not_found: [404, "Not found"],
  no_store: [404, "There is no such store"],
  method_not_allowed: [405, "Method not allowed"],
  too_many_stores: [409, "The user has as many stores as allowed"],
  ref_conflict: [409, "The ref stands elsewhere"],
  missing: [409, "Declared objects are not there"],
  mid_reused: [409, "The mid names another push or message"],
  refresh_raced: [409, "The refresh token is being used by another request"],
  username_taken: [409, "The name is taken"],
  last_admin: [409, "The last admin must stay"],
  store_removed: [410, "The store was removed"],
  body_too_slow: [408, "The body did not arrive in time", 1],
  body_too_large: [413, "The body is too large"],
  unsupported_media_type: [415, "The body must be application/json"],
  bad_next: [400, "The next is not from an answer to this request"],
  bad_request_frame: [400, "The operation is not acceptable"],
  too_many: [422, "More than the limits allow"],
  upgrade_required: [426, "This needs a WebSocket that speaks gbr.v1"],
  weak_password: [422, "The password is too easy to guess"],
  too_many_sockets: [429, "The user has as many sockets as allowed", 30],
  too_many_requests: [429, "Too many requests", 10],
  login_throttled: [429, "Too many failed logins", 30],
  internal: [500, "Something went wrong"],
  busy: [503, "Too many logins at once", 1],
  database_unavailable: [503, "The database cannot be reached", 2],
  quota: [507, "The user's quota is used up"],
  misconfigured: [503, "The relay is not configured completely", 60],
  keys_unavailable: [503, "No signing key can be used", 60],
} as const satisfies Record<string, Problem>;

/** Stable name of a way to be refused; clients act on it. */
export type ProblemCode = keyof typeof problems;

/** What a refusal says beyond its code. Nothing here may hold a secret: it goes to the caller. */
export interface ProblemDetails {
  /** One sentence about this very request, saying what to do. */
  readonly detail?: string;
  /** Seconds after which trying again makes sense; sent as Retry-After too. */
  readonly retryAfterSeconds?: number;
  /** Facts of this very refusal that a client acts on. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Which parts of the input were refused. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** Refuses the request; the router turns it into a problem document. */
export class RelayError extends Error {
  override readonly name = "RelayError";

  constructor(
    readonly code: ProblemCode,
    readonly details: ProblemDetails = {},
    options?: ErrorOptions,
  ) {
    super(details.detail ?? problems[code][1], options);
  }
}

/** The status that goes with a code. */
export function statusOf(code: ProblemCode): number {
  return problems[code][0];
}

/** The problem document (RFC 9457) of a refusal. */
export function problemResponse(error: RelayError, requestId: string): Response {
  const { code, details } = error;
  const [status, title, usualRetry]: Problem = problems[code];
  const retryAfterSeconds = details.retryAfterSeconds ?? usualRetry;
  const document = {
    type: `urn:gitblobs:problem:${code}`,
    title,
    status,
    code,
    detail: details.detail,
    request_id: requestId,
    retry_after_seconds: retryAfterSeconds,
    errors: details.errors,
    ...details.extra,
  };
  const headers = new Headers({ "content-type": "application/problem+json; charset=utf-8" });
  if (retryAfterSeconds !== undefined) {
    headers.set("retry-after", String(retryAfterSeconds));
  }
  if (status === 401) {
    headers.set("www-authenticate", "Bearer");
  }
  return new Response(JSON.stringify(document), { status, headers });
}
