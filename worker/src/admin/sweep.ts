import type { Sweepable } from "../sweepable.ts";
import { noteCleanup } from "./chore-table.ts";

/** Rows removed by one statement: far below what one D1 statement may take. */
const sliceRows = 500;
/** Slices of one call, over all tables: 20,000 rows in at most 40 statements, which even the free plan allows. */
const maxSlices = 40;

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
  sweepables: readonly Sweepable[],
  now: number,
): Promise<SweepResult> {
  const counts = await db.batch<{ n: number }>(sweepables.map((one) => one.count(db, now)));
  const expired = Object.fromEntries(
    sweepables.map(({ name }, index) => [name, counts[index]?.results[0]?.n ?? 0]),
  );
  return { expired, more: false };
}

/** Removes what expired, slice by slice; stopping half-way leaves nothing wrong, as no reader sees expired rows. */
export async function sweep(
  db: D1Database,
  sweepables: readonly Sweepable[],
  now: number,
): Promise<SweepResult> {
  const expired: Record<string, number> = {};
  let slices = 0;
  let more = false;
  for (const sweepable of sweepables) {
    let removed = sliceRows;
    while (removed >= sliceRows && slices < maxSlices) {
      // Counted by what comes back: 'changes' would count what triggers did as well.
      removed = (await sweepable.remove(db, now, sliceRows).all()).results.length;
      expired[sweepable.name] = (expired[sweepable.name] ?? 0) + removed;
      slices += 1;
    }
    more ||= removed >= sliceRows;
  }
  if (!more) {
    await noteCleanup(db, now).run();
  }
  return { expired, more };
}
