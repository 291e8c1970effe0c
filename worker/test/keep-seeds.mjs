import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("relay-model-seeds.json", import.meta.url);

/** Keeps the seed of each run of the model that failed, so that the next run begins with it. */
export default class KeepSeeds {
  onTestCaseResult(test) {
    if (!test.module.moduleId.endsWith("relay-model.test.ts")) return;
    for (const { message } of test.result().errors ?? []) {
      const [, seed, path] = /seed: (-?\d+), path: "([\d:]+)"/u.exec(message) ?? [];
      if (seed === undefined) continue;
      const seeds = JSON.parse(readFileSync(file, "utf8"));
      if (seeds.some((one) => one.seed === Number(seed) && one.path === path)) continue;
      writeFileSync(file, `${JSON.stringify([...seeds, { seed: Number(seed), path }], null, 2)}\n`);
    }
  }
}
