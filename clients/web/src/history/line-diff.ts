import { diffArrays } from "diff";

/** One row of two texts side by side; a side is undefined where it has no line. */
export interface DiffRow {
  readonly kind: "same" | "changed";
  readonly left?: Line;
  readonly right?: Line;
}

export interface Line {
  readonly number: number;
  readonly text: string;
}

/** A stretch of equal lines that is folded away. */
export interface Fold {
  readonly kind: "fold";
  readonly count: number;
}

/** Equal lines kept around a change. */
const CONTEXT = 3;
/** A comparison that takes longer is shown as wholly changed. */
const TIMEOUT_MS = 1_500;

/** Compares two texts line by line. */
export function diffLines(left: string, right: string): DiffRow[] {
  const [before, after] = [splitLines(left), splitLines(right)];
  const parts = diffArrays(before, after, { timeout: TIMEOUT_MS }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  const rows: DiffRow[] = [];
  let [leftNumber, rightNumber] = [1, 1];
  let removed: Line[] = [];
  let added: Line[] = [];
  const flush = () => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) {
      const [l, r] = [removed[i], added[i]];
      rows.push({ kind: "changed", ...(l ? { left: l } : {}), ...(r ? { right: r } : {}) });
    }
    [removed, added] = [[], []];
  };
  for (const part of parts) {
    if (!part.removed && !part.added) flush();
    for (const text of part.value) {
      if (part.removed) removed.push({ number: leftNumber++, text });
      else if (part.added) added.push({ number: rightNumber++, text });
      else {
        const [l, r] = [leftNumber++, rightNumber++];
        rows.push({ kind: "same", left: { number: l, text }, right: { number: r, text } });
      }
    }
  }
  flush();
  return rows;
}

function splitLines(text: string): string[] {
  const lines = text.split(/\r?\n/u);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Folds long stretches of equal lines away. */
export function foldSame(rows: readonly DiffRow[]): (DiffRow | Fold)[] {
  const isNear = rows.map(() => false);
  for (const [at, row] of rows.entries()) {
    if (row.kind === "same") continue;
    for (let i = at - CONTEXT; i <= at + CONTEXT; i++) if (i in isNear) isNear[i] = true;
  }
  const folded: (DiffRow | Fold)[] = [];
  for (let at = 0; at < rows.length;) {
    const row = rows[at];
    if (row !== undefined && isNear[at] === true) {
      folded.push(row);
      at++;
      continue;
    }
    const next = isNear.indexOf(true, at);
    const end = next === -1 ? rows.length : next;
    folded.push({ kind: "fold", count: end - at });
    at = end;
  }
  return folded;
}
