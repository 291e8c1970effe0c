import { CLOSE } from "@gitblobs/protocol";
import { liveSession } from "../auth/session-guard.ts";
import type { SessionRow } from "../auth/session-table.ts";
import { asRelayError } from "../http/platform-error.ts";

/** The code that closes the sockets of a session, as its row stands; undefined while it lives. */
export function closeCodeOf(row: SessionRow | null | undefined, now: number): number | undefined {
  // A session goes with its user; an ended one stays longer than any socket of it.
  if (row?.disabled_at !== null) return CLOSE.disabled;
  try {
    liveSession(row, now);
    return undefined;
  } catch (error) {
    if (asRelayError(error).code === "internal") throw error;
    return CLOSE.reauth;
  }
}
