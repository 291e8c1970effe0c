import { concatBytes } from "../encoding.ts";
import { RelayError } from "./problem.ts";
import { readStrictJson } from "./strict-json.ts";

/** Media type that requests with a body must name; a charset, if named, must be UTF-8. */
const jsonType = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/iu;

/**
 * Reads a JSON object of at most `maxBytes`. Arrays are refused here because object schemas take an empty one.
 *
 * @throws RelayError `unsupported_media_type`, `body_too_large` (no more than the limit is ever held), `body_too_slow`,
 *     `invalid_json`, `invalid_body`
 */
export async function readJsonBody(request: Request, maxBytes: number): Promise<unknown> {
  if (!jsonType.test(request.headers.get("content-type") ?? "")) {
    throw new RelayError("unsupported_media_type", {
      detail: "Send the body as Content-Type: application/json.",
    });
  }
  const body = readStrictJson(await readBytes(request, maxBytes));
  if (Array.isArray(body)) {
    throw new RelayError("invalid_body", { detail: "The body must be a JSON object." });
  }
  return body;
}

/** A body of the largest size arrives in this time at 18 kB a second; what is held of one that does not is let go. */
const bodyWithinMs = 60_000;

/**
 * Reads a body of at most `maxBytes`, which has to arrive within so many milliseconds.
 *
 * @throws RelayError `body_too_large`, `body_too_slow`
 */
export async function readBytes(
  request: Request,
  maxBytes: number,
  withinMs = bodyWithinMs,
): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) {
    throw tooLarge(maxBytes);
  }
  const body: ReadableStream<Uint8Array> | null = request.body;
  const reader = body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const timer = new AbortController();
  const late = scheduler.wait(withinMs, { signal: timer.signal }).then(
    () => Promise.reject(tooSlow(withinMs)),
    // The body was there in time.
    () => new Promise<never>(() => undefined),
  );
  try {
    return await readAll(reader, maxBytes, late);
  } catch (error) {
    // Whoever goes on sending sends to nobody.
    void reader.cancel(error).catch(() => undefined);
    throw error;
  } finally {
    timer.abort();
  }
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
  late: Promise<never>,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const next = await Promise.race([reader.read(), late]);
    if (next.done) return concatBytes(chunks);
    length += next.value.byteLength;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(next.value);
  }
}

function tooSlow(withinMs: number): RelayError {
  return new RelayError("body_too_slow", {
    detail: `A body has to be here within ${Math.ceil(withinMs / 1_000)} s.`,
  });
}

function tooLarge(maxBytes: number): RelayError {
  return new RelayError("body_too_large", { detail: `At most ${maxBytes} bytes are read here.` });
}
