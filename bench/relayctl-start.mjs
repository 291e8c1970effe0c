// The measuring part of bench/relayctl-start.
import { spawnSync } from "node:child_process";
import { jvmStart, report } from "./report.mjs";

const RUNS = 11;
const [root, node] = process.argv.slice(2);

/** The median time of a command as a whole process, in milliseconds. */
function median(program, ...words) {
  const millis = Array.from({ length: RUNS }, () => {
    const begin = performance.now();
    const { status } = spawnSync(program, words, {
      stdio: "ignore",
      env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
    });
    if (status !== 0) throw new Error(`${program} ${words} ended with ${status}`);
    return performance.now() - begin;
  });
  return millis.sort((a, b) => a - b)[Math.floor(RUNS / 2)];
}

const relayctl = `${root}/relayctl`;
const wrangler = `${root}/node_modules/wrangler/bin/wrangler.js`;
const start = { unit: "ms", better: "lower" };
const rows = ["--version", "--help"].flatMap((word) => {
  const ours = median(relayctl, word);
  return [
    {
      ...start,
      what: `relayctl ${word}`,
      ours,
      goal: 200,
      lift: jvmStart,
    },
    {
      ...start,
      what: `${word}, beside wrangler`,
      ours,
      peer: median(node, wrangler, word),
      peerName: "wrangler",
      goal: 1,
    },
  ];
});
rows.push({ ...start, what: "relayctl migrate lint", ours: median(relayctl, "migrate", "lint") });
report("starting relayctl", rows);
