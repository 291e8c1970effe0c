import { RelayError } from "../http/problem.ts";
import type { Call } from "../http/route.ts";

/** Requests of one isolate that may be hashing or waiting to; more are told to come again. */
export const maxPending = 4;
/** A place that was not given back after so long belongs to a request the platform dropped. */
const maxHoldMs = 30_000;

/** Runs one hash; before it, requests that wait for the isolate are answered. */
export type RunHash = <T>(hash: () => T) => Promise<T>;

/** Bounds the password hashes in flight: each blocks the isolate for about a quarter of a second. */
export interface HashGate {
  /**
   * Runs `work` in a place of the gate, to its end even if the caller hangs up.
   *
   * @throws RelayError `busy` at once if there is no place
   */
  admit<T>(call: Call, work: (runHash: RunHash) => Promise<T>): Promise<T>;
}

/** A gate for one isolate. It shares no promise between requests: a dropped one could block the others for good. */
export function createHashGate(): HashGate {
  const held = new Map<symbol, number>();
  return {
    async admit(call, work) {
      const now = call.world.now();
      for (const [place, since] of held) {
        if (since <= now - maxHoldMs) {
          held.delete(place);
        }
      }
      if (held.size >= maxPending) {
        throw new RelayError("busy");
      }
      const place = Symbol();
      held.set(place, now);
      const running = work(runHash).finally(() => held.delete(place));
      call.defer(running.catch(() => undefined));
      return running;
    },
  };
}

const runHash: RunHash = async (hash) => {
  await new Promise((resolve) => setTimeout(resolve, 0));
  return hash();
};
