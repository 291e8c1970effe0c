import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { instrumentRooms } from "./instrument.mjs";
import { Ledger } from "./ledger.mjs";
import { linesOf, resultOf } from "./report.mjs";
import { sampleOf } from "./sample.mjs";
import { runSlots } from "./slots.mjs";

const worker = fileURLToPath(new URL("..", import.meta.url));
const leastScore = 0.85;

/** Too slow to be run again and again, or about other rooms or the sources themselves. */
const leftOut =
  /relay-model|relay-tenants|relay-catch-up|source|security-table|route-matrix|web|health/u;
/** Slow ones come last: what others kill they need not try. */
const slow = /keys|login|session-end|log|input|faults|large-objects|real-hubs|admin/u;

const { values } = parseArgs({
  options: {
    share: { type: "string", default: "0.08" },
    // Always the same share, so that a change is judged by what it changes; another seed tries others.
    seed: { type: "string", default: "gitblobs" },
    only: { type: "string", default: "" },
    slots: { type: "string", default: "4" },
    json: { type: "string" },
  },
});
const { seed } = values;

const began = Date.now();
const { sources, mutants } = await instrumentRooms();
const inQuestion = mutants.filter(({ file }) => file.includes(values.only));
const sample = sampleOf(inQuestion, Number(values.share), seed);
const ledger = new Ledger(sample);
const folder = mkdtempSync(`${tmpdir()}/mutation-`);
try {
  writeFileSync(`${folder}/sources.json`, JSON.stringify(sources));
  const jobs = testFiles().map((file) => ({ file, tried: new Set() }));
  await runSlots(ledger, Number(values.slots), `${folder}/sources.json`, () => jobs.shift());
} finally {
  rmSync(folder, { recursive: true });
}

const { counts, alive, score } = resultOf(ledger.mutants.values());
if (values.json) writeFileSync(values.json, JSON.stringify([...ledger.mutants.values()]));
for (const line of linesOf(alive)) console.log(line);
const seconds = Math.round((Date.now() - began) / 1000);
console.log(
  `${sample.length} of ${inQuestion.length} mutants (seed ${seed}) in ${seconds} s:`,
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(", "),
);
console.log(`${(score * 100).toFixed(1)} % noticed; at least ${leastScore * 100} % has to be.`);
process.exitCode = score >= leastScore ? 0 : 1;

function testFiles() {
  return ["src", "test"]
    .flatMap((room) =>
      readdirSync(`${worker}${room}`, { recursive: true }).map(
        (name) => `${worker}${room}/${name}`,
      ),
    )
    .filter((name) => name.endsWith(".test.ts") && !leftOut.test(name.slice(worker.length)))
    .toSorted((a, b) => slow.test(a) - slow.test(b) || a.localeCompare(b));
}
