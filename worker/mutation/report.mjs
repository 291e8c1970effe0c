/** What came of the mutants: counts, the score, and those that no test noticed. */
export function resultOf(mutants) {
  const counts = { killed: 0, timeout: 0, survived: 0, "no coverage": 0, static: 0 };
  const alive = [];
  for (const mutant of mutants) {
    const status =
      mutant.status ?? (mutant.reached ? "survived" : mutant.reading ? "static" : "no coverage");
    counts[status] += 1;
    if (status === "survived" || status === "no coverage") alive.push({ ...mutant, status });
  }
  const dead = counts.killed + counts.timeout;
  return { counts, alive, score: dead / (dead + alive.length) };
}

/** One line for each mutant that no test noticed, by place. */
export function linesOf(alive) {
  return alive
    .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
    .map(({ file, line, column, mutator, replacement, status }) => {
      const text = replacement.replace(/\s+/gu, " ").slice(0, 100);
      return `${file}:${line}:${column}  ${status}  ${mutator}  ${text}`;
    });
}
