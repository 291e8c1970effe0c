/** Headers of every answer, errors included. An answer may set its own Content-Security-Policy or Cache-Control. */
const everywhere = {
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
} as const;

/** The same answer with the security headers and the request's id. A socket's 101 passes as it is. */
export function withResponseHeaders(
  response: Response,
  requestId: string,
  more: Readonly<Record<string, string>>,
): Response {
  if (response.status === 101) {
    return response;
  }
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(everywhere)) {
    if (!headers.has(name)) {
      headers.set(name, value);
    }
  }
  headers.set("x-request-id", requestId);
  headers.append("vary", "Origin");
  for (const [name, value] of Object.entries(more)) {
    headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, headers });
}
