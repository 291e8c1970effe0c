// A relay of the proof's own: the built bundle in workerd, on a folder that survives kill -9.
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
