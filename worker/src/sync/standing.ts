import type { Push, Send } from "@gitblobs/protocol";
import type { OutcomeRow } from "./event-table.ts";

/** What a push of a group found when its turn came. */
export interface Standing {
  /** Where its ref stood; null if there was none. */
  readonly stood: string | null;
  /** Refs of the store. */
  readonly refs: number;
}

/**
 * What each operation of a group found when its turn came, by its place. The rows tell only where the refs stand behind
 * the whole group, and by then a ref may be back where a refused push wanted it. So the group is walked backwards: each
 * push that it published is taken back, and what is left is what those before it found.
 *
 * @param head where the store stood before the group: an event with no greater seq was there already.
 */
export function standingsOf(
  ops: readonly (Push | Send)[],
  rows: ReadonlyMap<number, OutcomeRow>,
  head: number,
): readonly Standing[] {
  const published = publishedIn(rows, head);
  const stands = new Map<string, string | null>();
  let refs = rows.values().next().value?.refs ?? 0;
  return ops
    .map((op, i) => ({ op, i }))
    .toReversed()
    .map(({ op, i }): Standing => {
      if (op.op !== "push") return { stood: null, refs };
      if (!stands.has(op.ref)) stands.set(op.ref, rows.get(i)?.current ?? null);
      if (published.has(i)) {
        stands.set(op.ref, op.old);
        refs += Number(op.old !== null) - Number(op.new !== null);
      }
      return { stood: stands.get(op.ref) ?? null, refs };
    })
    .toReversed();
}

/** The places of those that made an event in this group: of those with the same mid, the first. */
function publishedIn(rows: ReadonlyMap<number, OutcomeRow>, head: number): ReadonlySet<number> {
  const places = new Map<number, number>();
  for (const [i, { seq }] of [...rows].toSorted(([a], [b]) => a - b)) {
    if (seq != null && seq > head && !places.has(seq)) places.set(seq, i);
  }
  return new Set(places.values());
}
