import { TestRunner } from "vitest";

/** The switches that the instrumented sources read: one object for the whole isolate, Durable Objects included. */
const switches = (globalThis.__stryker__ ??= {});

/** How long a test may take under a mutant, beyond what it took without: a machine has other work too. */
const patience = { times: 5, plusMs: 1_500 };

/**
 * Runs the tests of a file as usual, noting which mutants each reaches, and then again with one mutant switched on at a
 * time, as the ledger asks. The isolate lives on, so each failure is followed by the same test without the mutant: if
 * that fails too, the mutant has left something behind, and the ledger is told that the verdict is not sound.
 */
export default class MutationRunner extends TestRunner {
  #tests = new Map();
  #reading = [];
  #heard = 0;

  async #ask(path, body) {
    const response = await fetch(`${this.injectValue("ledger")}/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return response.json();
  }

  /** Says now and then that tests still come to an end. */
  async #beat() {
    if (Date.now() - this.#heard < 5_000) return;
    this.#heard = Date.now();
    await this.#ask("beat", {});
  }

  /** Modules that only a Durable Object needs are read here, so that no test seems to be their only user. */
  async onBeforeCollect() {
    await this.moduleRunner.import(this.injectValue("main"));
  }

  /** What was reached so far runs once, when its module is read: no switch changes it afterwards. */
  onCollected() {
    this.#reading = Object.keys(switches.mutantCoverage?.static ?? {});
  }

  onBeforeTryTask(test, attempt) {
    switches.currentTestId = test.id;
    return super.onBeforeTryTask(test, attempt);
  }

  async onAfterRunTask(test) {
    await super.onAfterRunTask(test);
    switches.currentTestId = undefined;
    await this.#beat();
    const { state, duration, errors } = test.result;
    this.#tests.set(test.id, { test, state, ms: duration, error: errors?.[0]?.message });
  }

  async onAfterRunFiles(files) {
    await super.onAfterRunFiles(files);
    const reached = switches.mutantCoverage?.perTest ?? {};
    // One that fails by itself, as a claim about time may on a busy machine, says nothing about a mutant.
    const sound = [...this.#tests].filter(([, { state }]) => state !== "fail");
    const failing = [...this.#tests.values()].filter(({ state }) => state === "fail");
    const broken = files.flatMap((file) => file.result?.errors ?? [])[0]?.message;
    let order = await this.#ask("read", {
      failure: broken,
      failing: failing.map(({ test, error }) => `${test.name}: ${error}`),
      reading: this.#reading,
      tests: sound.map(([id, { ms }]) => ({ id, ms, reached: reached[id] ?? {} })),
    });
    while (order.mutant !== undefined) {
      order = await this.#ask("verdict", await this.#try(order));
    }
  }

  async #try({ mutant, tests }) {
    for (const { id, hits } of tests) {
      switches.hitCount = 0;
      switches.hitLimit = hits * 100 + 1_000;
      switches.activeMutant = mutant;
      const outcome = await this.#attempt(id);
      switches.activeMutant = undefined;
      switches.hitCount = undefined;
      if (outcome === "passed") continue;
      const sound = (await this.#attempt(id)) === "passed";
      return { mutant, outcome, sound, by: this.#tests.get(id).test.name };
    }
    return { mutant, outcome: "survived", sound: true };
  }

  async #attempt(id) {
    await this.#beat();
    const { test, ms } = this.#tests.get(id);
    const { promise: late, resolve } = Promise.withResolvers();
    const timer = setTimeout(() => resolve("timeout"), ms * patience.times + patience.plusMs);
    const outcome = await Promise.race([late, runOnce(test)]);
    clearTimeout(timer);
    return outcome;
  }
}

async function runOnce(test) {
  try {
    for (const suite of suitesOf(test)) {
      for (const hook of TestRunner.getSuiteHooks(suite).beforeEach)
        await hook(test.context, suite);
    }
    await TestRunner.getTestFn(test)();
    return "passed";
  } catch {
    return "killed";
  }
}

/** The suites around a test, outermost first. */
function suitesOf({ suite, file }) {
  return suite === undefined ? [file] : [...suitesOf(suite), suite];
}
