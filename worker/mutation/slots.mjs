import { fork } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("slot.mjs", import.meta.url));
/** A slot that was not heard of for so long while it tries a mutant is in a loop that no test ends. */
const silenceMs = 90_000;
/** To start Vitest and read a file may take longer on a machine that has other work. */
const startMs = 600_000;

/** Runs jobs in `count` processes, each with a Vitest of its own, until `nextJob` has none left. */
export async function runSlots(ledger, count, sourcesFile, nextJob) {
  const slots = Array.from({ length: count }, (_, number) => ({ number, heard: Date.now() }));
  let fail;
  const failed = new Promise((_, reject) => (fail = reject));
  const server = createServer((request, response) => {
    answer(ledger, slots, request).then(
      (order) => response.end(JSON.stringify(order)),
      (error) => {
        response.writeHead(500).end("{}");
        fail(error);
      },
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${server.address().port}`;
  const watch = setInterval(() => {
    for (const slot of slots) {
      const patienceMs = ledger.isTrying(slot) ? silenceMs : startMs;
      if (slot.job !== undefined && Date.now() - slot.heard > patienceMs) {
        slot.hung = true;
        end(slot);
      }
    }
  }, 1_000);
  try {
    await Promise.race([
      failed,
      Promise.all(slots.map((slot) => work(ledger, slot, base, sourcesFile, nextJob))),
    ]);
    await Promise.all(slots.map(leave));
  } finally {
    clearInterval(watch);
    for (const slot of slots) end(slot);
    server.close();
  }
}

async function work(ledger, slot, base, sourcesFile, nextJob) {
  for (let job = nextJob(); job !== undefined; job = nextJob()) {
    do {
      job.again = false;
      slot.job = job;
      slot.heard = Date.now();
      slot.hung = false;
      await run(slot, base, sourcesFile, job.file);
      slot.job = undefined;
      if (slot.hung) ledger.hung(slot, job);
      else if (job.covering === undefined) throw new Error(`${job.file} was not run`);
    } while (job.again);
    console.error(`${ledger.open} left after ${job.file.split("/").at(-1)}`);
  }
}

async function run(slot, base, sourcesFile, file) {
  if (slot.process === undefined) {
    const args = [`${base}/${slot.number}`, sourcesFile];
    // A group of its own: workerd goes with it.
    slot.process = fork(script, args, { detached: true, silent: true });
    slot.process.stdout.resume();
    slot.process.stderr.resume();
    const ended = once(slot.process, "exit").then(() => {
      throw new Error("Vitest did not start; any test of the Worker says why");
    });
    await Promise.race([once(slot.process, "message"), ended]);
    slot.process.removeAllListeners();
  }
  const child = slot.process;
  child.send(file);
  const { promise: gone, resolve } = Promise.withResolvers();
  child.once("exit", resolve);
  child.once("message", resolve);
  await gone;
  child.removeAllListeners();
  if (child.exitCode !== null || child.signalCode !== null) slot.process = undefined;
  if (slot.process === undefined && !slot.hung) throw new Error(`the slot of ${file} is gone`);
}

/** Lets a slot that is done close its Vitest. */
async function leave(slot) {
  if (slot.process === undefined) return;
  const gone = once(slot.process, "exit");
  slot.process.disconnect();
  await gone;
  slot.process = undefined;
}

function end(slot) {
  if (slot.process?.pid === undefined) return;
  try {
    process.kill(-slot.process.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

async function answer(ledger, slots, request) {
  const [, number, what] = request.url.split("/");
  const slot = slots[number];
  slot.heard = Date.now();
  const body = JSON.parse((await request.toArray()).join(""));
  if (what === "beat") return {};
  for (const test of body.failing ?? []) console.error(`left out, fails by itself: ${test}`);
  return what === "read" ? ledger.read(slot, slot.job, body) : ledger.verdict(slot, slot.job, body);
}
