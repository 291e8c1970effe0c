/**
 * Whether pages of `origin` may call the relay: the relay's own pages and the configured ones, compared exactly.
 * "null" (sandboxed pages, files) never may.
 */
export function isAllowedOrigin(
  origin: string,
  ownOrigin: string,
  allowedOrigins: string,
): boolean {
  if (origin === "null") {
    return false;
  }
  return origin === ownOrigin || listOrigins(allowedOrigins).includes(origin);
}

/** The origins of the comma-separated setting; what is not an origin (`https://host[:port]`) is left out. */
export function listOrigins(setting: string): readonly string[] {
  return setting
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => URL.canParse(entry) && new URL(entry).origin === entry);
}

/** CORS headers that let a page of an allowed origin read the answer. */
export function corsHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "Retry-After, X-Request-Id",
    "cross-origin-resource-policy": "cross-origin",
  };
}

/** CORS headers of the answer to a preflight request. */
export function preflightHeaders(methods: readonly string[]): Readonly<Record<string, string>> {
  return {
    "access-control-allow-methods": methods.join(", "),
    "access-control-allow-headers": "Authorization, Content-Type, Gbr-Device",
    "access-control-max-age": "600",
  };
}
