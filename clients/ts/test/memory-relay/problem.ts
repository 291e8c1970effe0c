/** A problem document as the relay writes it. */
export function relayProblem(status: number, code: string, retryAfterSeconds?: number): Response {
  const type = `urn:gitblobs:problem:${code}`;
  return new Response(JSON.stringify({ type, title: "No", status, code }), {
    status,
    headers: {
      "content-type": "application/problem+json; charset=utf-8",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
  });
}
