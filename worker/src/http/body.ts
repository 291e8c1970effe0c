import { concatBytes } from "../encoding.ts";
import { RelayError } from "./problem.ts";
import { readStrictJson } from "./strict-json.ts";

/** Media type that requests with a body must name; a charset, if named, must be UTF-8. */
const jsonType = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/iu;

/**
 * Reads a JSON object of at most `maxBytes`. Arrays are refused here because object schemas take an empty one.
 *
 * @throws RelayError `unsupported_media_type`, `body_too_large` (no more than the limit is ever held), `invalid_json`,
 *     `invalid_body`
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

/**
 * Reads a body of at most `maxBytes`.
 *
 * @throws RelayError `body_too_large`
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) {
    throw tooLarge(maxBytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = request.body ?? [];
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maxBytes) {
      throw tooLarge(maxBytes);
    }
    chunks.push(chunk);
  }
  return concatBytes(chunks);
}

function tooLarge(maxBytes: number): RelayError {
  return new RelayError("body_too_large", { detail: `At most ${maxBytes} bytes are read here.` });
}
