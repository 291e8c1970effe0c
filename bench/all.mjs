// Runs every benchmark, one after the other, and writes docs/benchmarks.md with one table of ratios, and the plots beside
// it. Usage: bench/all [NAME ...]; needs ./mvnw package. With names only those are measured again, and the rows of the
// others stay as they were in bench/target. Exit status 1 when a goal is missed, 2 for a name there is not.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { cpus, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plotSvg } from "./plot.mjs";
import { digits } from "./report.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const docs = join(here, "../docs/");

/** In this order; a name without an ending is a shell script. */
const benchmarks = [
  "relay-send.mjs",
  "relay-push.mjs",
  "relay-catch-up.mjs",
  "relay-memory.mjs",
  "relay-frames.mjs",
  "relay-sizes.mjs",
  "login-timing.mjs",
  "gitblobs-local.mjs",
  "gitblobs-relay.mjs",
  "relayctl-start",
  "migrate",
  "up",
];

const names = benchmarks.map((file) => file.replace(".mjs", ""));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`bench/all: no benchmark ${unknown.join(", ")}; there are ${names.join(", ")}`);
  process.exit(2);
}
const chosen = benchmarks.filter((_, at) => wanted.length === 0 || wanted.includes(names[at]));
const folder = mkdtempSync(join(tmpdir(), "gitblobs-bench-"));
const failed = [];
mkdirSync(join(docs, "plots"), { recursive: true });

/** What each benchmark came to when it was last run here. */
const kept = join(here, "target/rows.json");
mkdirSync(join(here, "target"), { recursive: true });
const results = existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : {};
const isWhole = benchmarks.every((name) => chosen.includes(name) || name in results);

/** The lines that a benchmark has noted. */
function notesIn(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** Writes the plots and gives back the page, of what has been measured so far. */
function pageOf() {
  const notes = benchmarks.flatMap((name) => results[name]?.notes ?? []);
  const days = Object.values(results)
    .map(({ day }) => day)
    .toSorted();
  const [first, last] = [days[0], days.at(-1)];
  const rows = notes
    .filter((note) => note.plot === undefined)
    .map((row) => {
      const peer =
        row.peer === undefined ? "" : `${digits(row.peer)} ${row.unit} (${row.peerName})`;
      const result = `${digits(row.ratio)}${row.ratio === undefined ? "" : " x"}`;
      return `| ${row.what} | ${digits(row.ours)} ${row.unit} | ${peer} | ${result} | ${row.aim}${row.met ? "" : " **missed**"} |`;
    });
  const missed = notes
    .filter((row) => row.met === false && row.lift !== undefined)
    .map(({ what, lift }) => `- **${what}**: ${lift}`);
  const pointsOf = (plot) => notes.filter((note) => note.plot === plot);
  const plots = [];
  const [frames] = pointsOf("relay-frames");
  if (frames !== undefined) {
    plots.push([
      "relay-frames",
      {
        title: "Relay throughput against frame size",
        x: "messages of 1 KiB in a frame",
        y: "messages a second",
        lines: [{ name: "one hub, one reader", points: frames.points }],
      },
    ]);
  }
  const sync = pointsOf("sync-sizes");
  for (const what of new Set(sync.map((note) => note.what))) {
    const own = sync.filter((note) => note.what === what);
    plots.push([
      `sync-${what}`,
      {
        title: `First ${what} against the number of objects`,
        x: "objects of 1 KiB",
        y: "seconds, whole process",
        lines: own.map(({ name, points }) => ({ name, points })),
      },
    ]);
  }
  for (const [name, plot] of plots) writeFileSync(join(docs, `plots/${name}.svg`), plotSvg(plot));

  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()}`;
  const page = `# Benchmarks

Measured ${first === last ? `on ${last}` : `from ${first} to ${last}`} by \`bench/all\` on one machine (${machine}), ours and the peer in the same run. Machines
differ and so do their days: look at the ratios. Where a goal is missed the table says so.

| what | ours | peer | ratio | goal |
|---|---|---|---|---|
${rows.join("\n")}

${missed.length === 0 ? "" : `## What stands in the way of what is missed\n\n${missed.join("\n")}\n\n`}${plots.map(([name, { title }]) => `![${title}](plots/${name}.svg)`).join("\n\n")}
`;
  return page;
}

for (const name of chosen) {
  console.log(`\n== ${name}`);
  const command = name.endsWith(".mjs") ? [process.execPath, join(here, name)] : [join(here, name)];
  const file = join(folder, name);
  const { status } = spawnSync(command[0], command.slice(1), {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, BENCH_ROWS: file },
  });
  if (status !== 0) failed.push(name);
  results[name] = { day: new Date().toISOString().slice(0, 10), notes: notesIn(file) };
  // After each, so that what was measured is not lost with what comes after it.
  writeFileSync(kept, JSON.stringify(results));
  if (isWhole) writeFileSync(join(docs, "benchmarks.md"), pageOf());
}
if (!isWhole) console.log(pageOf());
rmSync(folder, { recursive: true });
console.log(failed.length === 0 ? "all goals are met" : `missed or failed: ${failed.join(", ")}`);
process.exit(failed.length === 0 ? 0 : 1);
