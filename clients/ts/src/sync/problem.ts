import {
  isRelayProblem,
  VERDICT_ON_STRANGER,
  verdictOnProblem,
  type Call,
  type Verdict,
} from "@gitblobs/protocol";

/** Why something could not be had. */
export interface Problem {
  /** The HTTP status; 0 when nobody answered (`code` "unreachable", "silent" or "untrusted"), or when the reason is on this side. */
  readonly status: number;
  /** Stable; programs act on it. "foreign_answer" is one that is not the relay's. */
  readonly code: string;
  /** For people. */
  readonly message: string;
  /** How to go on (PROTOCOL.md 8.1). */
  readonly then: Verdict;
  /** When who answered asks to be asked again. */
  readonly retryAfterSeconds?: number;
}

/** Nobody asks for a longer pause in earnest. */
const LONGEST_PAUSE_SECONDS = 600;

/** What an answer other than success says; only the relay's own words count. */
export function problemOf(call: Call, response: Response, body: unknown, now: number): Problem {
  const { status, headers } = response;
  const pause = pauseOf(headers.get("retry-after"), now);
  if (!isRelayProblem(headers.get("content-type"), body))
    return foreignAnswer(status, `it answered with status ${status}`, pause);
  const { code, title, detail } = body as Readonly<Record<string, unknown>>;
  const [summary, reason] = [title, detail].map((text) => (typeof text === "string" ? text : ""));
  return {
    status,
    code: String(code),
    message: [summary ?? "", reason ?? ""]
      .filter((text) => text !== "")
      .map((text) => text.replace(/([^.!?])$/u, "$1."))
      .join(" "),
    then: verdictOnProblem(call, status, String(code)),
    ...pause,
  };
}

/** Somebody else has answered, or a relay of another version. */
export function foreignAnswer(
  status: number,
  what: string,
  pause: Pick<Problem, "retryAfterSeconds"> = {},
): Problem {
  const message = `What answers in the relay's place is not the relay (${what}): a sign-in page of this network, a proxy, or a relay of another version. Open the relay's address in a browser to see it.`;
  return { status, code: "foreign_answer", message, then: VERDICT_ON_STRANGER, ...pause };
}

/** Nobody has answered; says why, where the runtime tells. Browsers do not. */
export function noAnswer(error: unknown, isLate: boolean): Problem {
  const refused = (code: string, message: string): Problem => ({
    ...{ status: 0, code, message, then: VERDICT_ON_STRANGER },
  });
  if (isLate) return refused("silent", "The relay does not answer.");
  const cause = causeOf(error);
  if (CERTIFICATE.test(cause))
    return refused(
      "untrusted",
      `The certificate is not trusted (${cause}). Where the relay's is of a private authority, name that in NODE_EXTRA_CA_CERTS.`,
    );
  const why = REASONS[cause];
  return refused(
    "unreachable",
    why === undefined ? "The relay cannot be reached." : `The relay cannot be reached: ${why}.`,
  );
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS/u;

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "no machine has that name",
  EAI_AGAIN: "the name cannot be looked up",
  ECONNREFUSED: "nothing listens there",
  ConnectionRefused: "nothing listens there",
  ECONNRESET: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  EHOSTUNREACH: "there is no way to that machine",
  ENETUNREACH: "there is no network",
  ETIMEDOUT: "nothing answers there",
  UND_ERR_CONNECT_TIMEOUT: "nothing answers there",
};

/** The innermost code that the runtime gives. */
function causeOf(error: unknown): string {
  let code = "";
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") code = at.code;
    const [first] = at instanceof AggregateError ? (at.errors as unknown[]) : [];
    if (first instanceof Error && "code" in first && typeof first.code === "string")
      code = first.code;
  }
  return code;
}

/** Retry-After: seconds, or a date. */
function pauseOf(header: string | null, now: number): Pick<Problem, "retryAfterSeconds"> {
  if (header === null) return {};
  const seconds = /^\d+$/u.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  if (!(seconds > 0)) return {};
  return { retryAfterSeconds: Math.min(Math.ceil(seconds), LONGEST_PAUSE_SECONDS) };
}
