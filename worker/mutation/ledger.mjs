/** Where each mutant stands, and what a slot is to do next; knows nothing of processes. */
export class Ledger {
  /** By id: `{...mutant, status, by, reached, reading}`; no status means that it is still alive. */
  mutants = new Map();
  #inFlight = new Map();
  #first = new Map();

  constructor(mutants) {
    for (const mutant of mutants) this.mutants.set(mutant.id, { ...mutant, reached: false });
  }

  /** Takes what a file's tests do without a mutant, and gives the first order: empty if there is nothing to try. */
  read(slot, job, { failure, reading, tests }) {
    if (failure !== undefined) throw new Error(`fails without any mutant: ${job.file}: ${failure}`);
    for (const id of reading) this.#note(id, "reading");
    job.covering = coveringOf(tests);
    for (const id of job.covering.keys()) this.#note(id, "reached");
    job.left = [...job.covering.keys()].filter((id) => this.#isOpen(id) && !job.tried.has(id));
    const suspect = this.#first.get(job.file);
    if (suspect !== undefined) job.left.unshift(suspect);
    return this.#order(slot, job, true);
  }

  /** Takes how a mutant came out, and gives the next order; an unsound file has to be begun anew. */
  verdict(slot, job, { mutant, outcome, sound, by }) {
    const wasFirst = this.#inFlight.get(slot)?.first === true;
    this.#inFlight.delete(slot);
    if (outcome === "survived" || sound || wasFirst) {
      job.tried.add(mutant);
      this.#first.delete(job.file);
      if (outcome !== "survived") this.#settle(mutant, outcome, by);
    } else {
      this.#first.set(job.file, mutant);
    }
    job.again = !sound;
    return sound ? this.#order(slot, job, false) : {};
  }

  /** How many are still alive. */
  get open() {
    return this.mutants
      .values()
      .filter(({ status }) => status === undefined)
      .toArray().length;
  }

  /** Whether a slot has a mutant switched on. */
  isTrying(slot) {
    return this.#inFlight.has(slot);
  }

  /** A slot that does not answer any more: what it was trying never ends. */
  hung(slot, job) {
    const trying = this.#inFlight.get(slot)?.mutant;
    this.#inFlight.delete(slot);
    if (trying === undefined) throw new Error(`${job.file} does not end, without any mutant`);
    this.#settle(trying, "timeout", job.file);
    job.again = true;
  }

  #order(slot, job, first) {
    const busy = new Set([...this.#inFlight.values()].map(({ mutant }) => mutant));
    // What another slot is trying comes last: it may well be dead by then.
    job.left = job.left.filter((id) => this.#isOpen(id));
    const at = Math.max(
      job.left.findIndex((id) => !busy.has(id)),
      0,
    );
    const [mutant] = job.left.splice(at, 1);
    if (mutant === undefined) return {};
    this.#inFlight.set(slot, { mutant, first });
    return { mutant, tests: job.covering.get(mutant) };
  }

  #isOpen(id) {
    const mutant = this.mutants.get(id);
    return mutant !== undefined && mutant.status === undefined;
  }

  #settle(id, status, by) {
    Object.assign(this.mutants.get(id), { status, by });
  }

  #note(id, what) {
    const mutant = this.mutants.get(id);
    if (mutant !== undefined) mutant[what] = true;
  }
}

/** A mutant that so many quick tests of a file do not notice is left to the next file: at worst the score is too low. */
const testsPerFile = 25;

/** The quickest tests that reach each mutant, quickest first. */
function coveringOf(tests) {
  const covering = new Map();
  for (const { id, reached } of tests.toSorted((a, b) => a.ms - b.ms)) {
    for (const [mutant, hits] of Object.entries(reached)) {
      const before = covering.get(mutant) ?? [];
      if (before.length < testsPerFile) covering.set(mutant, [...before, { id, hits }]);
    }
  }
  return covering;
}
