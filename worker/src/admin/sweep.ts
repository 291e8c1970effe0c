import { isInvocationSpent } from "../http/platform-error.ts";
import type { Sweep, Sweepable } from "../sweepable.ts";
import { noteCleanup } from "./chore-table.ts";

/** Rows removed by one statement: far below what one D1 statement may take. */
const sliceRows = 500;
/** Rows that one bookkeeping statement brings up to date; what is left is looked at again next time. */
const bookRows = 5_000;
/** Slices of one request, over all tables: 20,000 rows, in as many queries as even the free plan allows. */
export const requestSlices = 40;
/** Slices of the hourly run: as many as the paid plan allows; on the free plan the platform says when it is enough. */
export const hourlySlices = 900;

/** What a sweep found or removed. */
export interface SweepResult {
  /** Rows per table. */
  readonly expired: Readonly<Record<string, number>>;
  /** There was more than one call removes. */
  readonly more: boolean;
}

/** Counts what a sweep would remove. */
export async function countExpired(
  db: D1Database,
  { kinds }: Sweep,
  now: number,
): Promise<SweepResult> {
  const counts = await db.batch<{ n: number }>(kinds.map((one) => one.count(db, now)));
  const expired = Object.fromEntries(
    kinds.map(({ name }, index) => [name, counts[index]?.results[0]?.n ?? 0]),
  );
  return { expired, more: false };
}

/**
 * Removes what expired, a slice of every table in turn, so that a full one holds back no other. Stopping half-way leaves
 * nothing wrong, as no reader sees expired rows. `begin` is done together with the first slices.
 */
export async function sweep(
  db: D1Database,
  { kinds, books }: Sweep,
  now: number,
  maxSlices: number,
  begin: readonly D1PreparedStatement[] = [],
): Promise<SweepResult> {
  const expired: Record<string, number> = Object.fromEntries(kinds.map(({ name }) => [name, 0]));
  let left = maxSlices;
  let waiting = kinds;
  let before = begin;
  while (waiting.length > 0 && left > 0) {
    const round = waiting.slice(0, left);
    const removed = await removeSlices(db, round, now, before);
    if (removed === undefined) {
      return { expired, more: true };
    }
    for (const [index, { name }] of round.entries()) {
      expired[name] = (expired[name] ?? 0) + (removed[index] ?? 0);
    }
    left -= round.length;
    before = [];
    const full = round.filter((_, index) => (removed[index] ?? 0) >= sliceRows);
    waiting = [...waiting.slice(round.length), ...full];
  }
  if (waiting.length === 0) {
    await db.batch([...books.map((keep) => keep(db, now, bookRows)), noteCleanup(db, now)]);
  }
  return { expired, more: waiting.length > 0 };
}

/** Rows removed of each table; undefined when the platform allows this invocation no more queries. */
async function removeSlices(
  db: D1Database,
  round: readonly Sweepable[],
  now: number,
  before: readonly D1PreparedStatement[],
): Promise<readonly number[] | undefined> {
  try {
    const removals = round.map((one) => one.remove(db, now, sliceRows));
    const results = await db.batch([...before, ...removals]);
    // Counted by what comes back: 'changes' would count what triggers did as well.
    return results.slice(before.length).map((result) => result.results.length);
  } catch (error) {
    if (before.length === 0 && isInvocationSpent(error)) {
      return undefined;
    }
    throw error;
  }
}
