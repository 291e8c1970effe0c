/** Tells at the end of a run how many queries of D1 the hungriest invocation asked, in which test, and what tests measured. */
export default class MostQueries {
  #most = { queries: 0, test: "" };
  #figures = [];

  onTestCaseResult(test) {
    const { mostQueries: queries = 0, figure } = test.meta();
    if (figure !== undefined) this.#figures.push(figure);
    if (queries > this.#most.queries) this.#most = { queries, test: test.fullName };
  }

  onTestRunEnd() {
    const { queries, test } = this.#most;
    process.stdout.write(
      `\nThe most D1 queries of one invocation: ${queries} of the 1,000 allowed (${test}).\n`,
    );
    for (const figure of this.#figures) process.stdout.write(`${figure}\n`);
  }
}
