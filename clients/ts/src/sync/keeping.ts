import type { Welcome } from "@gitblobs/protocol";
import type { Connection } from "./connection.ts";
import { RequestRefused } from "./requests.ts";
import type { Surroundings } from "./surroundings.ts";
import { isOver } from "./wake.ts";

/** Timers take no more than 2^31 ms; renewing sooner than needed does no harm. */
const LONGEST_PAUSE_MS = 20 * 86_400_000;
/** Pause before a renewal is asked for again, where the relay does not say how long. */
const REFUSED_PAUSE_MS = 60_000;

/**
 * Keeps what was pushed from expiring for as long as the connection lives: renews whenever half of its time has passed,
 * unless somebody else did (PROTOCOL.md 5, Keeping).
 *
 * @param onKept told until when the relay keeps the store, as often as it says so
 */
export async function keepStore(
  connection: Connection,
  { limits, kept_until, expires_at }: Welcome,
  world: Surroundings,
  onKept: (until: number) => void,
): Promise<void> {
  const half = Math.min(limits.ttl_seconds * 500, LONGEST_PAUSE_MS);
  if (kept_until !== undefined) onKept(kept_until);
  // By the relay's clock alone: the connection's own end is soon, and this machine may have any time.
  const left = kept_until === undefined ? half * 2 : kept_until - expires_at;
  for (let pause = Math.min(Math.max(0, left - half), LONGEST_PAUSE_MS); ;) {
    if (pause > 0) await world.wait(pause, connection.ended);
    if (isOver(connection.ended)) return;
    pause = half;
    try {
      const answer = await connection.request({ op: "renew" });
      if (answer.op === "ok" && answer.expires_at !== undefined) onKept(answer.expires_at);
    } catch (error) {
      if (!(error instanceof RequestRefused)) throw error;
      pause = Math.max(error.op.retry_after_ms ?? 0, Math.min(half, REFUSED_PAUSE_MS));
    }
  }
}
