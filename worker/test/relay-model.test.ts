import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startSession, startStory } from "./device.ts";
import { Client, checkObjects, checkStore, rest, type Action } from "./relay-model.ts";
import seeds from "./relay-model-seeds.json" with { type: "json" };

/** Operations sent in one run of the tests; `MODEL_STEPS=1000000` for the long one. */
const steps = Number(Reflect.get(env, "MODEL_STEPS") ?? 100_000);
const devicesPerUser = 3;

/** Cuts are rare, as each costs a whole login's worth of checks; everything else is cheap. */
const kind = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Action["kind"]>("push") },
  { weight: 2, arbitrary: fc.constant<Action["kind"]>("stale") },
  { weight: 4, arbitrary: fc.constant<Action["kind"]>("repeat") },
  { weight: 4, arbitrary: fc.constant<Action["kind"]>("note") },
  { weight: 6, arbitrary: fc.constant<Action["kind"]>("say") },
  { weight: 2, arbitrary: fc.constant<Action["kind"]>("read") },
  { weight: 1, arbitrary: fc.constant<Action["kind"]>("drop") },
);
const clients = 2 * devicesPerUser;
const action = fc.record({ kind, who: fc.nat(clients - 1), n: fc.nat(1_000_000) });
/** Actions done at once, without waiting for answers; then perhaps the hubs sleep, or a session ends. */
const round = fc.record({
  actions: fc.array(action, { minLength: 1, maxLength: 80, size: "max" }),
  sleeps: fc.boolean(),
  revoked: fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(clients - 1) },
  ),
});
const rounds = fc.array(round, { minLength: 1, maxLength: 40, size: "max" });
type Round = typeof round extends fc.Arbitrary<infer R> ? R : never;

async function play(rounds: readonly Round[]): Promise<number> {
  const stories = [await startStory(), await startStory()];
  const everybody: Client[] = [];
  for (const [user, { relay, person, store }] of stories.entries()) {
    for (let i = 0; i < devicesPerUser; i++) {
      const name = `device${i}`;
      const own = await startSession(relay, person.user, name);
      everybody.push(new Client(relay, name, store, `canary-${user}`, own));
    }
  }
  for (const { actions, sleeps, revoked } of rounds) {
    for (const one of actions) await everybody[one.who]?.act(one);
    if (revoked !== undefined)
      await everybody[revoked]?.act({ kind: "revoke", who: revoked, n: 0 });
    if (sleeps) for (const { person, store } of stories) await rest(person, store);
    for (const client of everybody) await client.catchUp();
  }
  for (const [user, { person, store }] of stories.entries()) {
    const own = everybody.filter((client) => client.canary === `canary-${user}`);
    await checkStore(own, person, store);
    if (own[0] !== undefined) await checkObjects(own[0]);
  }
  for (const client of everybody) client.device?.socket.close(1000);
  return everybody.reduce((sum, client) => sum + client.sent, 0);
}

describe("any interleaving of pushes, notes, reads, cuts, repeats, sleeps and revocations", () => {
  it.each(seeds)(
    "that failed once holds now: seed $seed",
    { timeout: 60_000 },
    async ({ seed, path }) => {
      await fc.assert(
        fc.asyncProperty(rounds, async (all) => {
          await play(all);
        }),
        { seed, path, numRuns: 1, endOnFailure: true },
      );
    },
  );

  it(`keeps every promise in ${steps} steps`, { timeout: steps * 20 }, async () => {
    let done = 0;
    const started = Date.now();
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        if (done < steps) done += await play(all);
      }),
      { numRuns: steps, endOnFailure: true, skipAllAfterTimeLimit: steps * 15 },
    );
    console.log(`${done} steps in ${Math.round((Date.now() - started) / 1_000)} s`);
    expect(done).toBeGreaterThanOrEqual(steps);
  });
});
