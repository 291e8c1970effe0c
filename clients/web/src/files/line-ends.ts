import { diffArrays } from "diff";

interface Line {
  readonly text: string;
  /** Empty for the last line when nothing ends it. */
  readonly end: string;
}

/** Longer comparisons are given up; then all lines get the end that most of them had. */
const TIMEOUT_MS = 1_500;

/**
 * Gives an edited text the line ends of the original, which a text area turns into LF: a line keeps its own, also when
 * it was changed; a new one gets the end that most lines have.
 */
export function withLineEnds(original: string, edited: string): string {
  if (!original.includes("\r")) return edited;
  const before = linesOf(original);
  const after = linesOf(edited);
  const usual = mostUsed(before);
  const kept = keptEnds(before, after);
  return after
    .map(({ text, end }, at) => text + (end === "" ? "" : (kept.get(at) ?? usual)))
    .join("");
}

function keptEnds(before: readonly Line[], after: readonly Line[]): Map<number, string> {
  const texts = (lines: readonly Line[]) => lines.map(({ text }) => text);
  const parts = diffArrays(texts(before), texts(after), { timeout: TIMEOUT_MS }) ?? [];
  const kept = new Map<number, string>();
  const keep = (left: number, right: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const end = before[left + i]?.end ?? "";
      if (end !== "") kept.set(right + i, end);
    }
  };
  let [left, right] = [0, 0];
  /** Lines just taken away: those put in their place are the same lines, changed. */
  let replaced = 0;
  for (const { added, removed, value } of parts) {
    if (added) keep(left - replaced, right, Math.min(replaced, value.length));
    else if (!removed) keep(left, right, value.length);
    replaced = removed ? value.length : 0;
    if (!added) left += value.length;
    if (!removed) right += value.length;
  }
  return kept;
}

function linesOf(text: string): Line[] {
  return [...text.matchAll(/(?<text>[^\r\n]*)(?<end>\r\n|\n|\r|$)/gu)]
    .map(({ groups }) => ({ text: groups?.["text"] ?? "", end: groups?.["end"] ?? "" }))
    .filter(({ text: line, end }) => line !== "" || end !== "");
}

function mostUsed(lines: readonly Line[]): string {
  const counts = new Map<string, number>();
  for (const { end } of lines) if (end !== "") counts.set(end, (counts.get(end) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "\n";
}
