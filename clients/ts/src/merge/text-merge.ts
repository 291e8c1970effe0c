import { lineChanges, type LineChange } from "./line-changes.ts";
import { linesOf, numbered } from "./lines.ts";

/** A stretch of a merged text: lines that are decided, or lines that both sides changed, each in its own way. */
export type MergePart =
  | { readonly kind: "merged"; readonly text: string }
  | {
      readonly kind: "overlap";
      /** What the common ancestor has there; empty where both sides added. */
      readonly base: string;
      readonly ours: string;
      readonly theirs: string;
    };

/** One text made of three, in order; without an overlap nothing is left to decide. */
export interface TextMerge {
  readonly parts: readonly MergePart[];
  readonly overlaps: number;
}

/**
 * Merges two texts that came from one, line by line. A line is compared whole, with what ends it. Changes that touch, with
 * no line of the base between them, overlap, as for git; the same change on both sides is made once.
 *
 * @example
 * ```ts
 * const { parts, overlaps } = mergeText("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n");
 * if (overlaps === 0) console.log(mergedText(parts)); // A, b, C
 * ```
 */
export function mergeText(base: string, ours: string, theirs: string): TextMerge {
  const lines = { base: linesOf(base), ours: linesOf(ours), theirs: linesOf(theirs) };
  const [before = [], left = [], right = []] = numbered(lines.base, lines.ours, lines.theirs);
  const sides: Sides = { ours: lineChanges(before, left), theirs: lineChanges(before, right) };
  const parts: MergePart[] = [];
  const merged = (text: string) => {
    const last = parts.at(-1);
    if (text === "") return;
    if (last?.kind === "merged") parts.splice(-1, 1, { kind: "merged", text: last.text + text });
    else parts.push({ kind: "merged", text });
  };
  let at = 0;
  for (const region of regionsOf(sides)) {
    merged(cut(lines.base, at, region.from));
    at = region.to;
    const was = cut(lines.base, region.from, region.to);
    const here = region.ours.length === 0 ? was : became(lines.ours, region.ours, region);
    const there = region.theirs.length === 0 ? was : became(lines.theirs, region.theirs, region);
    if (here === there || region.theirs.length === 0) merged(here);
    else if (region.ours.length === 0) merged(there);
    else parts.push({ kind: "overlap", base: was, ours: here, theirs: there });
  }
  merged(cut(lines.base, at, lines.base.length));
  return { parts, overlaps: parts.filter(({ kind }) => kind === "overlap").length };
}

/** The text of a merge; where both sides changed lines, those of the side that is named. */
export function mergedText(parts: readonly MergePart[], side: "ours" | "theirs" = "ours"): string {
  return parts.map((part) => (part.kind === "merged" ? part.text : part[side])).join("");
}

interface Sides {
  readonly ours: readonly LineChange[];
  readonly theirs: readonly LineChange[];
}

/** Lines of the base that changes cover which overlap or touch, and those changes. */
interface Region extends Sides {
  readonly from: number;
  readonly to: number;
}

function regionsOf({ ours, theirs }: Sides): Region[] {
  const all = [
    ...ours.map((change) => ({ change, side: "ours" as const })),
    ...theirs.map((change) => ({ change, side: "theirs" as const })),
  ].sort((a, b) => a.change.baseFrom - b.change.baseFrom);
  const regions: (Region & { ours: LineChange[]; theirs: LineChange[] })[] = [];
  for (const { change, side } of all) {
    const { baseFrom: from, baseTo: to } = change;
    const last = regions.at(-1);
    const region = last === undefined || from > last.to ? { from, to, ours: [], theirs: [] } : last;
    if (region === last) regions.pop();
    const wider = { ...region, to: Math.max(region.to, to) };
    wider[side].push(change);
    regions.push(wider);
  }
  return regions;
}

const cut = (lines: readonly string[], from: number, to: number) => lines.slice(from, to).join("");

/** What a side made of a region: its changes, and the lines around them that it left as they were. */
function became(lines: readonly string[], changes: readonly LineChange[], region: Region): string {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return "";
  const from = first.sideFrom - (first.baseFrom - region.from);
  return cut(lines, from, last.sideTo + (region.to - last.baseTo));
}
