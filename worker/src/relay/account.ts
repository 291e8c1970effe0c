import type { WorkMeter } from "../sync/metered-database.ts";
import { freshAllowance, spend, type Allowance, type Rates } from "./flood.ts";

/**
 * What one user takes of a hub, over all sockets and requests: rates that fill with time, and what is held for the user
 * right now. A user who is above it is told to wait; nobody else is.
 */
export interface Account {
  readonly allowance: Allowance;
  /** Bytes of frames that are not handled and of writes that are not committed. */
  heldBytes: number;
  /** Reads that were asked for and not answered. */
  reads: number;
}

/** Bytes of frames and uncommitted writes held for a user, and for a hub: with what they become, a part of its 128 MB. */
export const maxHeldBytes = 25_165_824;

/** Reads of a user that may wait, over all sockets and requests. */
export const maxUserReads = 64;

/** An account that nothing was taken of. */
export const openAccount = (rates: Rates, now: number): Account => ({
  allowance: freshAllowance(rates, now),
  heldBytes: 0,
  reads: 0,
});

/** The account of a user. */
export function accountOf(
  accounts: Map<string, Account>,
  user: string,
  rates: Rates,
  now: number,
): Account {
  const known = accounts.get(user);
  if (known !== undefined) return known;
  const account = openAccount(rates, now);
  accounts.set(user, account);
  return account;
}

/** Charges work of the database to an account. */
export const meterOf =
  (account: Account, now: () => number): WorkMeter =>
  (used) => {
    spend(account.allowance, used, now());
  };
