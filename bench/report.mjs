// How every benchmark tells its results: a table for people, exit status 1 when a goal is missed, and, where BENCH_ROWS
// names a file, one JSON line per row for `bench/all`. Shell scripts call it as `node bench/report.mjs TITLE JSON_ROWS`.
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Row
 * @property {string} what is measured
 * @property {number} ours
 * @property {number=} peer measured in the same run on the same machine
 * @property {string=} peerName
 * @property {string} unit
 * @property {"higher" | "lower"} better
 * @property {number=} goal for the ratio ours/peer, or for `ours` where there is no peer
 * @property {string=} lift what stands between it and its goal, told where that is missed
 */

/** What stands between the commands written in Java and a start in no time. */
export const jvmStart =
  "the start of a JVM and picocli's reflection; a compiled cache (JEP 483, from JDK 24) would save most of it.";

/** A row with its ratio, its goal in words, and whether it is met; a row without a goal always is. */
export function judge(row) {
  const { ours, peer, better, goal } = row;
  const ratio = peer === undefined ? undefined : ours / peer;
  const value = ratio ?? ours;
  const met = goal === undefined || (better === "higher" ? value >= goal : value <= goal);
  const sign = better === "higher" ? "at least" : "at most";
  const of = ratio === undefined ? ` ${row.unit}` : " x";
  return { ...row, ratio, met, aim: goal === undefined ? "" : `${sign} ${goal}${of}` };
}

/** A number with as many digits as say something. */
export function digits(value) {
  if (value === undefined) return "";
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString("en");
  return value.toFixed(size >= 10 ? 1 : 2);
}

/**
 * Prints the rows, notes them, and sets the exit status.
 *
 * @param {string} title
 * @param {readonly Row[]} rows
 */
export function report(title, rows) {
  const judged = rows.map(judge);
  console.log(title);
  console.table(
    Object.fromEntries(
      judged.map((row) => [
        row.what,
        {
          ours: `${digits(row.ours)} ${row.unit}`,
          peer: row.peer === undefined ? "" : `${digits(row.peer)} ${row.unit}`,
          against: row.peerName ?? "",
          ratio: digits(row.ratio),
          goal: row.aim,
          met: row.met ? "yes" : "NO",
        },
      ]),
    ),
  );
  if (judged.some(({ met }) => !met)) process.exitCode = 1;
  const file = process.env.BENCH_ROWS;
  if (file === undefined) return;
  for (const row of judged) appendFileSync(file, `${JSON.stringify({ title, ...row })}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  report(process.argv[2], JSON.parse(process.argv[3]));
}
