// Whole processes of gitblobs and git, timed, in a folder with settings of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./relay-client.mjs";

const folder = mkdtempSync(join(tmpdir(), "gitblobs-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const gitconfig = join(folder, "gitconfig");
writeFileSync(
  gitconfig,
  "[user]\nname = a\nemail = a@example.org\n[init]\ndefaultBranch = main\n[gc]\nauto = 0\n[http]\npostBuffer = 67108864\n",
);

export const gitblobs = fileURLToPath(new URL("../gitblobs", import.meta.url));

/** What the programs are told by their environment: nothing of the user's own settings. */
export const env = {
  ...process.env,
  XDG_CONFIG_HOME: join(folder, "config"),
  GIT_CONFIG_GLOBAL: gitconfig,
};

/** A path in the folder, which is removed in the end. */
export const at = (...names) => join(folder, ...names);

/** Runs a program to its end; gives back what it printed. */
export function run(program, args, { cwd = folder, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    let out = "";
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (out += data));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("close", (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${program} ${args.join(" ")}: ${out}`)),
    );
  });
}

/** How long a job takes. */
export async function seconds(job) {
  const begin = performance.now();
  await job();
  return (performance.now() - begin) / 1_000;
}

/** The median of some runs of a job, each after its preparation. */
export async function medianSeconds(runs, job, prepare = () => undefined) {
  const times = [];
  for (let i = 0; i < runs; i++) {
    await prepare();
    times.push(await seconds(job));
  }
  return median(times);
}
