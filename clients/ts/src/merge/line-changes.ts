import { diffIndices } from "node-diff3";

/** Lines of the base, from one to before another, that became lines of a side. */
export interface LineChange {
  readonly baseFrom: number;
  readonly baseTo: number;
  readonly sideFrom: number;
  readonly sideTo: number;
}

type Span = LineChange;

/**
 * The longest common subsequence costs the product of both lengths. Where no line is there only once, and both are
 * longer than that, the stretch counts as wholly changed.
 */
const MAX_PRODUCT = 4_000_000;

/**
 * What one side changed, in order; between two changes is at least one line that stayed. Equal beginnings and ends are
 * left out first, then lines that are there once on both sides hold the rest together, so that the cost is that of
 * what differs.
 */
export function lineChanges(base: readonly number[], side: readonly number[]): LineChange[] {
  const whole = { baseFrom: 0, baseTo: base.length, sideFrom: 0, sideTo: side.length };
  const changes: LineChange[] = [];
  const open: Span[] = [whole];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const rest = withoutEqualEnds(base, side, span);
    if (rest.baseFrom === rest.baseTo && rest.sideFrom === rest.sideTo) continue;
    const anchors = anchorsIn(base, side, rest);
    if (anchors.length > 0) open.push(...between(anchors, rest).reverse());
    else changes.push(...plainChanges(base, side, rest));
  }
  return joined(changes);
}

function withoutEqualEnds(base: readonly number[], side: readonly number[], span: Span): Span {
  let { baseFrom, baseTo, sideFrom, sideTo } = span;
  while (baseFrom < baseTo && sideFrom < sideTo && base[baseFrom] === side[sideFrom]) {
    baseFrom++;
    sideFrom++;
  }
  while (baseFrom < baseTo && sideFrom < sideTo && base[baseTo - 1] === side[sideTo - 1]) {
    baseTo--;
    sideTo--;
  }
  return { baseFrom, baseTo, sideFrom, sideTo };
}

type Anchor = readonly [base: number, side: number];

/** The longest row of lines that are there once on both sides and in the same order. */
function anchorsIn(base: readonly number[], side: readonly number[], span: Span): Anchor[] {
  const inBase = placesOfSingles(base, span.baseFrom, span.baseTo);
  const inSide = placesOfSingles(side, span.sideFrom, span.sideTo);
  const pairs: Anchor[] = [];
  for (const [line, at] of inBase) {
    const there = inSide.get(line);
    if (at >= 0 && there !== undefined && there >= 0) pairs.push([at, there]);
  }
  return longestRising(pairs);
}

/** Where each line is; -1 for one that is there more than once. In the order of first places. */
function placesOfSingles(lines: readonly number[], from: number, to: number): Map<number, number> {
  const places = new Map<number, number>();
  for (let at = from; at < to; at++) {
    const line = lines[at] ?? -1;
    places.set(line, places.has(line) ? -1 : at);
  }
  return places;
}

/** Patience sorting: pairs come in the base's order, and those whose side rises too are taken. */
function longestRising(pairs: readonly Anchor[]): Anchor[] {
  const tops: number[] = [];
  const before: number[] = [];
  for (const [index, [, side]] of pairs.entries()) {
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tops[middle] ?? 0]?.[1] ?? 0) < side) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : (tops[low - 1] ?? -1);
    tops[low] = index;
  }
  const rising: Anchor[] = [];
  for (let at = tops.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) rising.push(pair);
  }
  return rising.reverse();
}

function between(anchors: readonly Anchor[], span: Span): Span[] {
  const spans: Span[] = [];
  let { baseFrom, sideFrom } = span;
  for (const [base, side] of anchors) {
    spans.push({ baseFrom, baseTo: base, sideFrom, sideTo: side });
    [baseFrom, sideFrom] = [base + 1, side + 1];
  }
  spans.push({ baseFrom, baseTo: span.baseTo, sideFrom, sideTo: span.sideTo });
  return spans;
}

function plainChanges(base: readonly number[], side: readonly number[], span: Span): LineChange[] {
  const { baseFrom, baseTo, sideFrom, sideTo } = span;
  const product = (baseTo - baseFrom) * (sideTo - sideFrom);
  if (product === 0 || product > MAX_PRODUCT) return [span];
  const before = base.slice(baseFrom, baseTo);
  const after = side.slice(sideFrom, sideTo);
  return diffIndices(before, after).map(({ buffer1: [at, length], buffer2: [there, count] }) => ({
    baseFrom: baseFrom + at,
    baseTo: baseFrom + at + length,
    sideFrom: sideFrom + there,
    sideTo: sideFrom + there + count,
  }));
}

/** Changes that touch are one. */
function joined(changes: readonly LineChange[]): LineChange[] {
  const apart: LineChange[] = [];
  for (const change of changes) {
    const last = apart.at(-1);
    if (last?.baseTo === change.baseFrom && last.sideTo === change.sideFrom)
      apart.splice(-1, 1, { ...last, baseTo: change.baseTo, sideTo: change.sideTo });
    else apart.push(change);
  }
  return apart;
}
