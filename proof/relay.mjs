// A relay of the proof's own: the built bundle in workerd, on a folder that survives kill -9.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { login, register } from "../bench/relay-client.mjs";
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
  relay.register = (name) => register(relay, name);
  try {
    return await measure(relay);
  } finally {
    await relay.stop().catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
}
