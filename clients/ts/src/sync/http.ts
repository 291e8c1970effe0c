import type { Call } from "@gitblobs/protocol";
import { foreignAnswer, noAnswer, problemOf, type Problem } from "./problem.ts";
import { checked, type Schema } from "./schema.ts";
import type { Surroundings } from "./surroundings.ts";

/** What came of a request. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** A request to one of the relay's HTTP routes (PROTOCOL.md 10 and the relay's OpenAPI file). */
export interface HttpRequest<T> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Begins with a slash; query included. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** The access token to send. */
  readonly token?: string;
  /** What the answer must look like; left out when it has no body, or none that is of interest. */
  readonly schema?: Schema<T>;
  /** Gives up when it is aborted; the answer is then "unreachable". */
  readonly signal?: AbortSignal | undefined;
}

/** A relay that says nothing for so long counts as unreachable: less than the 30 s for which a lost refresh is forgiven. */
const ANSWER_WITHIN_MS = 20_000;

/** No answer of the relay to such a request is larger. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Sends a request to the relay; every failure is an answer, never an exception, and comes within 20 seconds. */
export async function sendRequest<T = undefined>(
  world: Surroundings,
  relayUrl: string,
  request: HttpRequest<T>,
  call: Call = "http",
): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (request.token !== undefined) headers["authorization"] = `Bearer ${request.token}`;
  if (request.body !== undefined) headers["content-type"] = "application/json";
  const answered = new AbortController();
  const given = request.signal === undefined ? [] : [request.signal];
  const late = new AbortController();
  void world.wait(ANSWER_WITHIN_MS, answered.signal).then(() => {
    late.abort();
  });
  try {
    const response = await world.fetch(new URL(request.path, relayUrl).href, {
      method: request.method,
      headers,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      cache: "no-store",
      credentials: "omit",
      // The relay sends nobody elsewhere; a portal does.
      redirect: "manual",
      signal: AbortSignal.any([late.signal, ...given]),
    });
    return await answerOf(world, request, call, response);
  } catch (error) {
    return { ok: false, problem: noAnswer(error, late.signal.aborted) };
  } finally {
    answered.abort();
  }
}

async function answerOf<T>(
  world: Surroundings,
  request: HttpRequest<T>,
  call: Call,
  response: Response,
): Promise<Answer<T>> {
  const { status } = response;
  const text = await textOf(response);
  if (text === undefined)
    return { ok: false, problem: foreignAnswer(status, "its answer is too large") };
  const body = parse(text);
  if (!response.ok) return { ok: false, problem: problemOf(call, response, body, world.now()) };
  if (request.schema === undefined)
    return text === "" || body !== undefined
      ? { ok: true, value: undefined as T }
      : { ok: false, problem: foreignAnswer(status, "its answer is a page") };
  const result = await checked(request.schema, body);
  return result === undefined
    ? { ok: false, problem: foreignAnswer(status, "its answer is of another form") }
    : { ok: true, value: result.value };
}

/** The body; undefined when it is larger than any of the relay's. */
async function textOf(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = "";
  for (let bytes = 0; reader !== undefined;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > MAX_ANSWER_BYTES) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

/** JSON; undefined where it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
