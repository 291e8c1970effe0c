// Figures that the project's own test suites measure: each is one suite in its short or long form, which has to pass.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command in a folder of the project; its output, and whether it ended well. */
async function run(folder, command, variables = {}) {
  const child = spawn("sh", ["-c", command], {
    cwd: `${root}${folder}`,
    env: { ...process.env, ...variables, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const [status] = await once(child, "exit");
  return { output, isGreen: status === 0 };
}

const first = (text, pattern) => pattern.exec(text)?.[0].trim() ?? "no figure in the output";
const vitest = (file) => `npx vitest run ${file}`;
const passed = /Tests {2}\d+ passed.*/u;

/** kill -9 of workerd in the middle of pushes. */
export async function kills(isLong) {
  const command = "node --test --test-reporter=spec faults/kill.test.mjs";
  const { output, isGreen } = await run("worker", command, { KILLS: isLong ? "200" : "10" });
  const figure = first(output, /\d+ pushes acknowledged.*/u);
  return { R1: { figure: `0 lost, 0 doubled: ${figure}`, met: isGreen } };
}

/** Any interleaving of what devices do, with expiry and sleep, against a plain model. */
export async function model(isLong) {
  const { output, isGreen } = await run("worker", vitest("test/relay-model.test.ts"), {
    MODEL_STEPS: isLong ? "1000000" : "20000",
    EXPLORE: isLong ? "1" : "",
  });
  const figure = first(output, /\d+ steps and \d+ deliveries.*/u);
  return {
    R5: { figure: `0 reads of expired data in ${figure}`, met: isGreen },
    R20: { figure: `${figure}, kept seeds green`, met: isGreen },
  };
}

/** Forged and stale tokens of every kind. */
export async function forgedTokens() {
  const { output, isGreen } = await run("worker", vitest("test/tokens.test.ts"));
  return { R14: { figure: `0 accepted; ${first(output, passed)}`, met: isGreen } };
}

/** Whether the time of a refused login tells that the user exists. */
export async function loginTiming(isLong) {
  const tries = isLong ? 400 : 60;
  const { output } = await run(".", `node bench/login-timing.mjs ${tries}`);
  const figure = first(output, /median of the differences.*/u);
  const apart = Math.abs(Number(/round: (-?[\d.]+) ms/u.exec(output)?.[1] ?? Number.NaN));
  return { R16: { figure: `${figure}, ${tries} tries`, met: apart < 5 } };
}

/** A database that fails before and after its commits. */
export async function databaseFaults() {
  const { output, isGreen } = await run(
    "worker",
    vitest("test/faults.test.ts test/relay-races.test.ts"),
  );
  return { R17: { figure: `0 wrong answers; ${first(output, passed)}`, met: isGreen } };
}

/** A migration run killed at each of its steps. */
export async function migrationKills() {
  const tests = "-Dtest='*Kill*Test' -Dit.test='*Kill*IT' -Dsurefire.failIfNoSpecifiedTests=false";
  const { output, isGreen } = await run(
    ".",
    `./mvnw -B -ntp -Pfull -Dskip.npm -pl ops-cli -am ${tests} -Dfailsafe.failIfNoSpecifiedTests=false verify`,
  );
  const runs = [...output.matchAll(/Tests run: (\d+).*-- in .*Kill/gu)];
  const count = runs.reduce((sum, [, n]) => sum + Number(n), 0);
  return {
    R18: { figure: `all kill points recovered, ${count} tests`, met: isGreen && count > 0 },
  };
}

/** Faults put into the code of the wire's codec on purpose: how many the tests notice. */
export async function mutations() {
  const { output, isGreen } = await run(
    ".",
    "./mvnw -B -ntp -Dskip.npm -Pmutation -pl protocol/java test-compile org.pitest:pitest-maven:mutationCoverage",
  );
  const score = /Generated (\d+) mutations Killed (\d+) \((\d+)%\)/u.exec(output);
  const figure = score === null ? "no score" : `${score[3]} % of ${score[1]} mutants killed`;
  return { R21: { figure: `${figure} (protocol)`, met: isGreen && Number(score?.[3]) >= 85 } };
}

/** Secrets of known text, looked for in all that is logged. */
export async function canaries() {
  const { output, isGreen } = await run("worker", vitest("test/log.test.ts"));
  return { R22: { figure: `0 found; ${first(output, passed)}`, met: isGreen } };
}

/** A database put back to a bookmark, and an export brought into another one. */
export async function restoreDrill() {
  const { output, isGreen } = await run(
    ".",
    "./mvnw -B -ntp -Pfull -Dskip.npm -pl e2e -am -Dit.test=RestoreDrillIT -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false verify",
  );
  const time = /Time elapsed: ([\d.]+ s) -- in .*RestoreDrillIT/u.exec(output)?.[1] ?? "?";
  return {
    R24: { figure: `rows and hashes equal; both drills with their relay in ${time}`, met: isGreen },
  };
}

/** Queries that one request or frame asks of D1. */
export async function queries(isLong) {
  const some = "test/bounded-work.test.ts test/hostile-maximum.test.ts test/one-session.test.ts";
  const { output, isGreen } = await run("worker", isLong ? "npx vitest run" : vitest(some));
  const [, most] = /one invocation: (\d+) of/u.exec(output) ?? [];
  const figure = first(output, /\d+ of the 1,000 allowed.*/u);
  return { R27: { figure, met: isGreen && Number(most) <= 50 } };
}

/** What D1 bills for a push, and for a hub of which nobody wants anything. */
export async function billedRows() {
  const { output, isGreen } = await run("worker", vitest("test/bounded-work.test.ts"));
  const figure = `${first(output, /Billed rows of .*/u)} ${first(output, /Rows read by .*/u)}`;
  const [, written, gone] = /objects: (\d+), and (\d+) when/u.exec(output) ?? [];
  return { R29: { figure, met: isGreen && Number(written) + Number(gone) <= 12 } };
}

/** A store that is pushed to every day for three times its time to live, then cloned. */
export async function renewal() {
  const { output, isGreen } = await run("worker", vitest("test/relay-renewal.test.ts"));
  return { R30: { figure: `whole; ${first(output, passed)}`, met: isGreen } };
}

/** Random schemas and migrations: what the lint lets pass against what really happens. */
export async function lint(isLong) {
  const cases = isLong ? "-Dlint.cases=100000" : "";
  const { output, isGreen } = await run(
    ".",
    `./mvnw -B -ntp -Dskip.npm -pl ops-cli -am ${cases} -Dtest=LintPropertyTest -Dsurefire.failIfNoSpecifiedTests=false test`,
  );
  const figure = first(output, /\d[\d,]* migrations.*/u);
  return { R32: { figure: `0 losses passed: ${figure}`, met: isGreen } };
}

/** Pairs of calls on one script of the local Cloudflare at once. */
export async function concurrentChanges() {
  const { output, isGreen } = await run(
    ".",
    "./mvnw -B -ntp -Dskip.npm -pl cloudflare-local -am -Dtest=ConcurrentChangesTest -Dsurefire.failIfNoSpecifiedTests=false test",
  );
  const figure = first(output, /Tests run: \d+(?=.*ConcurrentChangesTest)/u);
  return { R35: { figure: `0 of 10,000 pairs undone; ${figure}`, met: isGreen } };
}

/** A device that reconnects while another one pushes, each time: whether it has the push and says so rightly. */
export async function reconnects(isLong) {
  const crossings = isLong ? 100_000 : 200;
  const { output, isGreen } = await run(
    "clients/ts",
    `${vitest("test/real-relay.test.ts")} -t "came back"`,
    { CROSSINGS: `${crossings}` },
  );
  const figure = `${isGreen ? 0 : "some"} of ${crossings.toLocaleString("en")} reconnects that crossed a push`;
  return { R33: { figure: `${figure}; ${first(output, passed)}`, met: isGreen } };
}
