import { createHash } from "node:crypto";

/**
 * A share of the mutants, the same for the same seed. Where a mutant stands in its file does not matter, only what it
 * does to which line: an edit further up changes nothing for it.
 */
export function sampleOf(mutants, share, seed) {
  return namesOf(mutants)
    .map(({ mutant, name }) => ({ mutant, rank: digestOf([seed, ...name]) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, Math.ceil(mutants.length * share))
    .map(({ mutant }) => mutant);
}

const digestOf = (name) => createHash("sha256").update(JSON.stringify(name)).digest("hex");

/** What each mutant does to which line; those that do the same to lines that read the same are counted. */
function namesOf(mutants) {
  const counts = new Map();
  return mutants
    .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
    .map((mutant) => {
      const { file, text, mutator, replacement } = mutant;
      const same = JSON.stringify([file, text, mutator, replacement]);
      const count = counts.get(same) ?? 0;
      counts.set(same, count + 1);
      return { mutant, name: [file, text, mutator, replacement, count] };
    });
}
