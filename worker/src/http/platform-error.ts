import { RelayError } from "./problem.ts";

/** Faults of our own statements: trying again cannot help, so they are not "unavailable". */
const ownFault = /SQLITE_(?:ERROR|CONSTRAINT|MISMATCH|RANGE|AUTH|TOOBIG)|D1_TYPE_ERROR/u;

/** What D1 says when it cannot be reached, was reset, or has too much to do. */
const unavailable =
  /\bD1_|D1 DB|Network connection lost|caused object to be reset|reset because its code was updated|is overloaded/u;

/** Whether the platform refuses because this invocation has used up its queries. */
export function isInvocationSpent(error: unknown): boolean {
  return error instanceof Error && /Too many (?:API requests|subrequests)/iu.test(error.message);
}

/**
 * The refusal that an error becomes: itself if it is one; `database_unavailable` when D1 failed or lost the answer
 * (the request may or may not have taken effect; nothing is let in); `internal` for everything nobody expected.
 */
export function asRelayError(error: unknown): RelayError {
  if (error instanceof RelayError) {
    return error;
  }
  const message = error instanceof Error ? error.message : "";
  if (unavailable.test(message) && !ownFault.test(message)) {
    return new RelayError("database_unavailable", {}, { cause: error });
  }
  return new RelayError("internal", {}, { cause: error });
}
