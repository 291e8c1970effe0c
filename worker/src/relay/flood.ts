import type { Env } from "../env.ts";

/** What a sender may still send: two buckets that fill with time. */
export interface Allowance {
  readonly rates: Rates;
  frames: number;
  bytes: number;
  at: number;
  /** Frames refused, less those that passed since. */
  refused: number;
}

/** Rates of one sender (PROTOCOL.md 9). */
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

/** All sockets of a store together may send this many times what one may. */
const socketsWorth = 4;

/** The rates of all sockets of a store together. */
export function togetherRates(rates: Rates): Rates {
  return {
    framesPerSecond: rates.framesPerSecond * socketsWorth,
    bytesPerSecond: rates.bytesPerSecond * socketsWorth,
  };
}

/** Bursts are this many seconds' worth. */
const burstSeconds = 4;
/** A client that goes on through this many refusals is closed. */
const patience = 100;

/** A full allowance. */
export const freshAllowance = (rates: Rates, now: number): Allowance => ({
  rates,
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

/** Takes one frame out of all allowances; out of none if one of them does not suffice. */
export function takeFrame(allowances: readonly Allowance[], bytes: number, now: number): Verdict {
  for (const one of allowances) refill(one, now);
  const short = allowances.find((one) => one.frames < 1 || one.bytes < bytes);
  if (short === undefined) {
    for (const one of allowances) {
      one.frames -= 1;
      one.bytes -= bytes;
      one.refused = Math.max(0, one.refused - 1);
    }
    return { kind: "pass" };
  }
  short.refused += 1;
  if (short.refused > patience) return { kind: "close" };
  const { framesPerSecond, bytesPerSecond } = short.rates;
  const wait = Math.max(
    (1 - short.frames) / framesPerSecond,
    (bytes - short.bytes) / bytesPerSecond,
  );
  return { kind: "slow_down", afterMs: Math.max(1, Math.ceil(wait * 1_000)) };
}

function refill(allowance: Allowance, now: number): void {
  const seconds = Math.max(0, now - allowance.at) / 1_000;
  const { framesPerSecond, bytesPerSecond } = allowance.rates;
  allowance.at = now;
  allowance.frames = Math.min(
    framesPerSecond * burstSeconds,
    allowance.frames + framesPerSecond * seconds,
  );
  allowance.bytes = Math.min(
    bytesPerSecond * burstSeconds,
    allowance.bytes + bytesPerSecond * seconds,
  );
}
