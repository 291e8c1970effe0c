// A relay of the proof's own: the built bundle in workerd, on a folder that survives kill -9.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { login } from "../bench/relay-client.mjs";
import { noFloodLimits, startRelay } from "../bench/start-relay.mjs";

/** Runs `measure(relay)` on an empty relay and removes it, however that ends. */
export async function onRelay(measure, overrides = {}) {
  const folder = await mkdtemp(join(tmpdir(), "gitblobs-proof-"));
  const options = { folder, overrides: { ...noFloodLimits, ...overrides } };
  const relay = await startRelay(options);
  const { secrets } = relay;
  relay.restart = async () => {
    await relay.stop().catch(() => {});
    Object.assign(relay, await startRelay({ ...options, secrets }));
  };
  relay.logIn = (name) => login(relay, name);
  try {
    return await measure(relay);
  } finally {
    await relay.stop().catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
}

/** The workerd processes that this process has started. */
export function workerds() {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/u))
    .filter(([, parent, name]) => Number(parent) === process.pid && name.startsWith("workerd"))
    .map(([pid]) => Number(pid));
}

/** Resident memory of workerd in MiB. */
export function residentMiB() {
  const kib = workerds().map((pid) =>
    Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0),
  );
  return kib.reduce((sum, one) => sum + one, 0) / 1_024;
}

/** One JSON request. */
export async function call(url, method, path, token, body, headers = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** The value below which that share of the values lies. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
