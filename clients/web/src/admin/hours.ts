/** How many hours the plots of actions look back. */
export const HOURS = 24;
const HOUR_MS = 3_600_000;

/** Counts moments by the hour, the oldest of the last 24 first. What lies outside of them counts nowhere. */
export function binByHour(times: readonly number[], now: number): number[] {
  const bins = Array.from({ length: HOURS }, () => 0);
  for (const time of times) {
    const at = HOURS - 1 - Math.floor((now - time) / HOUR_MS);
    if (at >= 0 && at < HOURS) bins[at] = (bins[at] ?? 0) + 1;
  }
  return bins;
}

/** A page of entries, newest first; `next` leads to older ones. */
interface Page<T> {
  readonly entries: readonly T[];
  readonly next?: string | undefined;
}

/** A relay with more actions a day is not looked through to the end. */
const MAX_PAGES = 50;

/** All entries of the last 24 hours, however many pages that takes, and whether that was all. */
export async function readLastDay<T extends { readonly at: number }>(
  readPage: (before: string | undefined) => Promise<Page<T>>,
  now: number,
): Promise<{ readonly entries: readonly T[]; readonly isWhole: boolean }> {
  const since = now - HOURS * HOUR_MS;
  const entries: T[] = [];
  let before: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await readPage(before);
    entries.push(...page.entries);
    before = page.next;
    const oldest = page.entries.at(-1)?.at ?? 0;
    if (before === undefined || oldest < since)
      return { entries: entries.filter(({ at }) => at >= since), isWhole: true };
  }
  return { entries, isWhole: false };
}
