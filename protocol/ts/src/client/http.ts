import * as v from "valibot";
import type { Surroundings } from "./surroundings.ts";

/** Why something could not be had. */
export interface Problem {
  /** The HTTP status; 0 when the relay did not answer (`code` "unreachable"), or when the reason is on this side. */
  readonly status: number;
  /** Stable; programs act on it. */
  readonly code: string;
  /** For people. */
  readonly message: string;
  /** When the relay asks to be asked again. */
  readonly retryAfterSeconds?: number;
}

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
  readonly schema?: v.GenericSchema<unknown, T>;
  /** Gives up when it is aborted; the answer is then "unreachable". */
  readonly signal?: AbortSignal | undefined;
}

/** A relay that says nothing for so long counts as unreachable: less than the 30 s for which a lost refresh is forgiven. */
const ANSWER_WITHIN_MS = 20_000;

const problemSchema = v.object({
  code: v.string(),
  title: v.string(),
  detail: v.optional(v.string()),
  retry_after_seconds: v.optional(v.number()),
});

/** Sends a request to the relay; every failure is an answer, never an exception, and comes within 20 seconds. */
export async function sendRequest<T = undefined>(
  world: Surroundings,
  relayUrl: string,
  request: HttpRequest<T>,
): Promise<Answer<T>> {
  const headers: Record<string, string> = {};
  if (request.token !== undefined) headers["authorization"] = `Bearer ${request.token}`;
  if (request.body !== undefined) headers["content-type"] = "application/json";
  const answered = new AbortController();
  const given = request.signal === undefined ? [] : [request.signal];
  const late = new AbortController();
  void world.wait(ANSWER_WITHIN_MS, answered.signal).then(() => {
    late.abort();
  });
  let response: Response;
  let body: unknown;
  try {
    response = await world.fetch(new URL(request.path, relayUrl).href, {
      method: request.method,
      headers,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.any([late.signal, ...given]),
    });
    const text = await response.text();
    body = text === "" ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return refuse(0, "unreachable", "The relay cannot be reached.");
  } finally {
    answered.abort();
  }
  if (!response.ok) return { ok: false, problem: readProblem(response.status, body) };
  if (request.schema === undefined) return { ok: true, value: undefined as T };
  const result = v.safeParse(request.schema, body);
  return result.success
    ? { ok: true, value: result.output }
    : refuse(
        response.status,
        "foreign_answer",
        "The relay answered in a way this version does not know. Reload to get the version that fits.",
      );
}

function refuse(status: number, code: string, message: string) {
  return { ok: false, problem: { status, code, message } } as const;
}

function readProblem(status: number, body: unknown): Problem {
  const result = v.safeParse(problemSchema, body);
  if (!result.success) return { status, code: "unknown", message: `The relay answered ${status}.` };
  const { code, title, detail, retry_after_seconds: seconds } = result.output;
  const message = detail === undefined ? `${title}.` : `${title}. ${detail}`;
  return {
    status,
    code,
    message,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  };
}
