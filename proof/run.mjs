// Measures what the relay promises and prints one table. See `tools/prove --help`.
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { figures } from "./figures.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    long: { type: "boolean" },
    write: { type: "boolean" },
    ci: { type: "boolean" },
    resume: { type: "string" },
    help: { type: "boolean" },
  },
});

const help = `Usage: tools/prove [--long] [--write] [--resume FILE] [R1 R2 ...]

Measures the reliability figures R1 to R36, or those named, on this machine. Needs ./mvnw package.
  --long    the full size of each (an hour and more); else a short form of each (some minutes)
  --write   also write the table to docs/proof.md
  --ci      leave out what the test suites have shown already, and do not fail for a slow machine
  --resume FILE  keep each figure in FILE, and take those that an earlier run has left there
SOAK_MINUTES=N sets how long R23 runs. Exit status 1 when a target is missed.`;

function page(rows) {
  const commit = execFileSync("git", ["-C", root, "rev-parse", "--short=12", "HEAD"], {
    encoding: "utf8",
  }).trim();
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()}`;
  const lines = rows.map(
    ({ id, claim, target, figure, met, seconds }) =>
      `| ${id} | ${claim} | ${target} | ${met ? "" : "**missed:** "}${figure} | ${seconds.toFixed(0)} s |`,
  );
  const left = figures.map(({ id }) => id).filter((id) => !rows.some((row) => row.id === id));
  return `# Proof

Reliability figures of version ${version}, commit ${commit}, measured on ${new Date().toISOString().slice(0, 10)} by
\`tools/prove${values.long ? " --long" : ""} --write\`${values.long ? "" : ", in the short form of each,"} on one machine: ${machine}; relay, database
and clients share it. Every figure is a program in [proof/](../proof/) or a test suite; CI runs the short form of each.

| # | what | target | measured | took |
|---|---|---|---|---|
${lines.join("\n")}
${left.length === 0 ? "" : `\nNot measured this time: ${left.join(", ")}.\n`}`;
}

/** What an earlier run has measured. */
function keptRows() {
  if (values.resume === undefined || !existsSync(values.resume)) return [];
  const lines = readFileSync(values.resume, "utf8").trim().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

async function measureAll(chosen) {
  const rows = [];
  const known = new Map();
  const kept = new Map(keptRows().map((row) => [row.id, row]));
  for (const one of chosen) {
    const before = kept.get(one.id);
    if (before !== undefined) {
      rows.push(before);
      continue;
    }
    const started = performance.now();
    if (!known.has(one.id)) {
      const results = await one.measure(values.long === true);
      for (const [id, result] of Object.entries(results)) known.set(id, result);
    }
    const row = { ...one, ...known.get(one.id), seconds: (performance.now() - started) / 1_000 };
    rows.push(row);
    if (values.resume !== undefined) appendFileSync(values.resume, `${JSON.stringify(row)}\n`);
    console.log(
      `${row.id.padEnd(4)}${row.met ? "ok    " : "MISSED"} ${row.claim}: ${row.figure} (target ${row.target})`,
    );
  }
  return rows;
}

if (values.help) console.log(help);
else {
  const chosen = figures
    .filter(({ id }) => positionals.length === 0 || positionals.includes(id))
    .filter(({ isSuite }) => !(values.ci && isSuite));
  const rows = await measureAll(chosen);
  if (values.write) writeFileSync(`${root}docs/proof.md`, page(rows));
  const missed = rows.filter(({ met, isTimed }) => !met && !(values.ci && isTimed)).length;
  console.log(`proof: ${rows.length - missed} passed, ${missed} failed`);
  process.exit(missed === 0 ? 0 : 1);
}
