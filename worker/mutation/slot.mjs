import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createVitest } from "vitest/node";

const [ledger, sourcesFile] = process.argv.slice(2);
const sources = JSON.parse(readFileSync(sourcesFile, "utf8"));
const root = fileURLToPath(new URL("..", import.meta.url));

/** Gives the instrumented text of a file in place of the file. */
const mutated = {
  name: "mutated-sources",
  enforce: "pre",
  load: (id) => sources[id],
};

/** One Vitest for all files this slot is given; each file runs in a workerd of its own. */
const vitest = await createVitest(
  "test",
  {
    root,
    watch: false,
    reporters: [{}],
    runner: fileURLToPath(new URL("runner.mjs", import.meta.url)),
    maxWorkers: 1,
    // The runner has its own patience, test by test.
    testTimeout: 0,
    hookTimeout: 0,
    // What a mutant leaves behind may fail later, on its own.
    dangerouslyIgnoreUnhandledErrors: true,
    onConsoleLog: () => false,
    provide: { ledger, main: `${root}src/index.ts` },
  },
  { plugins: [mutated] },
);

process.on("message", async (file) => {
  const specifications = await vitest.globTestSpecifications([file]);
  await vitest.runTestSpecifications(specifications.filter(({ moduleId }) => moduleId === file));
  process.send("done");
});
process.on("disconnect", async () => {
  await vitest.close();
  process.exit();
});
process.send("ready");
