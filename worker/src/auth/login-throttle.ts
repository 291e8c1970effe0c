import type { Network } from "../http/network.ts";
import { RelayError } from "../http/problem.ts";
import { digestOf } from "./digest.ts";
import {
  clearAttempts,
  readBlock,
  refundAttempt,
  reserveAttempt,
  reserveIfPreviousDid,
  type AttemptRule,
} from "./login-attempt-table.ts";

const minute = 60_000;

/** Guesses at one account from one network. From elsewhere the owner still gets in: nobody can lock an account. */
export const accountRule: AttemptRule = {
  freeFailures: 10,
  firstWaitMs: 30_000,
  maxWaitMs: 15 * minute,
  memoryMs: 15 * minute,
};

/** Guesses at any accounts from one network. */
export const networkRule: AttemptRule = {
  freeFailures: 50,
  firstWaitMs: 30_000,
  maxWaitMs: 15 * minute,
  memoryMs: 15 * minute,
};

/** An attempt that counts as failed until it is settled. */
export interface Attempt {
  /** Statements that take the failure back: to run together with what a right password leads to. */
  readonly forgive: readonly D1PreparedStatement[];
}

/**
 * Lets a password be tried, or not: exact, also for many tries at once.
 *
 * @throws RelayError `login_throttled` with the time to wait
 */
export async function beginAttempt(
  db: D1Database,
  username: string,
  network: Network,
  now: number,
): Promise<Attempt> {
  const account = await digestOf(`account\n${username.toLowerCase()}\n${network.limitKey}`);
  const place = await digestOf(`network\n${network.limitKey}`);
  // An account that has to wait costs its network nothing: one broken client locks nobody else out. A network that has
  // to wait makes no rows of the names it goes on to guess.
  const [byAccount, byNetwork, networkBlock, accountBlock] = await db.batch<{
    failures?: number;
    blocked_until?: number;
  }>([
    reserveAttempt(db, account, place, accountRule, now),
    reserveIfPreviousDid(db, place, networkRule, now),
    readBlock(db, place),
    readBlock(db, account),
  ]);
  const refused = [byNetwork, byAccount].some((result) => result?.results.length !== 1);
  if (refused) {
    const blocks = [networkBlock, accountBlock].map(
      (block) => block?.results[0]?.blocked_until ?? 0,
    );
    const retryAfterSeconds = Math.max(1, Math.ceil((Math.max(...blocks) - now) / 1000));
    throw new RelayError("login_throttled", { retryAfterSeconds });
  }
  return { forgive: [clearAttempts(db, account), refundAttempt(db, place)] };
}
