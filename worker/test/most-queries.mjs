/** Tells at the end of a run how many queries of D1 the hungriest invocation asked, and in which test. */
export default class MostQueries {
  #most = { queries: 0, test: "" };

  onTestCaseResult(test) {
    const { mostQueries: queries = 0 } = test.meta();
    if (queries > this.#most.queries) this.#most = { queries, test: test.fullName };
  }

  onTestRunEnd() {
    const { queries, test } = this.#most;
    process.stdout.write(
      `\nThe most D1 queries of one invocation: ${queries} of the 1,000 allowed (${test}).\n`,
    );
  }
}
