import type { Env } from "../env.ts";

/** What one socket may still send: two buckets that fill with time. */
export interface Allowance {
  frames: number;
  bytes: number;
  at: number;
  /** Frames refused in a row. */
  refused: number;
}

/** Rates of one socket (PROTOCOL.md 9). */
export interface Rates {
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
}

const defaultRates: Rates = { framesPerSecond: 500, bytesPerSecond: 16_777_216 };

/** The rates of a deployment: `FLOOD_FRAMES_PER_SECOND` and `FLOOD_BYTES_PER_SECOND`, where they are set. */
export function readRates(env: Env): Rates {
  return {
    framesPerSecond: Number(env.FLOOD_FRAMES_PER_SECOND ?? "") || defaultRates.framesPerSecond,
    bytesPerSecond: Number(env.FLOOD_BYTES_PER_SECOND ?? "") || defaultRates.bytesPerSecond,
  };
}

/** Bursts are this many seconds' worth. */
const burstSeconds = 4;
/** A client that ignores this many refusals in a row is closed. */
const patience = 100;

/** A full allowance. */
export const freshAllowance = (now: number): Allowance => ({
  frames: Infinity,
  bytes: Infinity,
  at: now,
  refused: 0,
});

/** What becomes of a frame. */
export type Verdict =
  | { readonly kind: "pass" }
  | { readonly kind: "slow_down"; readonly afterMs: number }
  | { readonly kind: "close" };

/** Takes one frame out of the allowance. */
export function takeFrame(allowance: Allowance, rates: Rates, bytes: number, now: number): Verdict {
  const seconds = Math.max(0, now - allowance.at) / 1_000;
  const { framesPerSecond, bytesPerSecond } = rates;
  allowance.at = now;
  allowance.frames = Math.min(
    framesPerSecond * burstSeconds,
    allowance.frames + framesPerSecond * seconds,
  );
  allowance.bytes = Math.min(
    bytesPerSecond * burstSeconds,
    allowance.bytes + bytesPerSecond * seconds,
  );
  if (allowance.frames >= 1 && allowance.bytes >= bytes) {
    allowance.frames -= 1;
    allowance.bytes -= bytes;
    allowance.refused = 0;
    return { kind: "pass" };
  }
  allowance.refused += 1;
  if (allowance.refused > patience) return { kind: "close" };
  const wait = Math.max(
    (1 - allowance.frames) / framesPerSecond,
    (bytes - allowance.bytes) / bytesPerSecond,
  );
  return { kind: "slow_down", afterMs: Math.max(1, Math.ceil(wait * 1_000)) };
}
