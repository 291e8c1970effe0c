import type { Env } from "../env.ts";

/**
 * What is counted of a sender: frames and bytes that it sends, statements and rows that its work takes of the database,
 * and bytes it is answered.
 */
const measures = ["frames", "bytes", "statements", "rows", "answered"] as const;
type Measure = (typeof measures)[number];

/** How much a second a sender may use of what is counted of it (PROTOCOL.md 9). */
export type Rates = Readonly<Partial<Record<Measure, number>>>;

/** What a sender may still use: a bucket for each of its rates, which fill with time. */
export interface Allowance {
  readonly rates: Rates;
  readonly left: Partial<Record<Measure, number>>;
  at: number;
  /** Frames refused, less those that passed since. */
  refused: number;
}

/** The rates of a deployment. */
export interface AllRates {
  /** Of one socket. */
  readonly socket: Rates & { readonly frames: number; readonly bytes: number };
  /** Of one user, over all sockets and requests to a store. */
  readonly user: Required<Rates>;
}

/** All sockets and requests of a user together may send this many times what one socket may. */
const socketsWorth = 4;

/** The rates of a deployment: the `FLOOD_...` variables, where they are set. */
export function readRates(env: Env): AllRates {
  const frames = Number(env.FLOOD_FRAMES_PER_SECOND ?? "") || 500;
  const bytes = Number(env.FLOOD_BYTES_PER_SECOND ?? "") || 16_777_216;
  return {
    socket: { frames, bytes },
    user: {
      frames: frames * socketsWorth,
      bytes: bytes * socketsWorth,
      // One D1 does about as much in a second when it does nothing else: a batch takes it some milliseconds.
      statements: Number(env.FLOOD_STATEMENTS_PER_SECOND ?? "") || 2_000,
      // A page of 500 events reads 1,500, a frame of a thousand pushes writes 7,000.
      rows: Number(env.FLOOD_ROWS_PER_SECOND ?? "") || 50_000,
      answered: Number(env.FLOOD_ANSWERED_BYTES_PER_SECOND ?? "") || 33_554_432,
    },
  };
}

/** Bursts are this many seconds' worth. */
const burstSeconds = 4;
/** A client that goes on through this many refusals is closed. */
const patience = 100;

/** A full allowance. */
export function freshAllowance(rates: Rates, now: number): Allowance {
  const left: Allowance["left"] = {};
  for (const measure of measures) left[measure] = (rates[measure] ?? 0) * burstSeconds;
  return { rates, left, at: now, refused: 0 };
}

/** What becomes of a frame. */
export type Verdict =
  | { readonly kind: "pass" }
  | { readonly kind: "slow_down"; readonly afterMs: number }
  | { readonly kind: "close" };

/**
 * Takes one frame out of all allowances; out of none if one of them does not suffice, or was overdrawn by the work that
 * came before it.
 */
export function takeFrame(allowances: readonly Allowance[], bytes: number, now: number): Verdict {
  const frame = { frames: 1, bytes };
  for (const one of allowances) {
    const afterMs = waitFor(one, frame, now);
    if (afterMs === 0) continue;
    one.refused += 1;
    return one.refused > patience ? { kind: "close" } : { kind: "slow_down", afterMs };
  }
  for (const one of allowances) {
    spend(one, frame, now);
    one.refused = Math.max(0, one.refused - 1);
  }
  return { kind: "pass" };
}

/** Milliseconds until an allowance has so much of each measure, and owes nothing of any; 0 if it is so now. */
export function waitFor(allowance: Allowance, wanted: Rates, now: number): number {
  refill(allowance, now);
  let seconds = 0;
  for (const measure of measures) {
    const perSecond = allowance.rates[measure];
    if (perSecond === undefined) continue;
    const short = (wanted[measure] ?? 0) - (allowance.left[measure] ?? 0);
    seconds = Math.max(seconds, short / perSecond);
  }
  return seconds === 0 ? 0 : Math.max(1, Math.ceil(seconds * 1_000));
}

/**
 * Takes what was used out of an allowance. What work costs is known when it is done: the allowance may be overdrawn by
 * it, and then nothing passes until that is made up for.
 */
export function spend(allowance: Allowance, used: Rates, now: number): void {
  refill(allowance, now);
  for (const measure of measures) {
    if (used[measure] === undefined) continue;
    allowance.left[measure] = (allowance.left[measure] ?? 0) - used[measure];
  }
}

function refill(allowance: Allowance, now: number): void {
  const seconds = Math.max(0, now - allowance.at) / 1_000;
  allowance.at = now;
  for (const measure of measures) {
    const perSecond = allowance.rates[measure];
    if (perSecond === undefined) continue;
    const left = (allowance.left[measure] ?? 0) + perSecond * seconds;
    allowance.left[measure] = Math.min(perSecond * burstSeconds, left);
  }
}
