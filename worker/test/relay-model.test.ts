import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startSession, startStory } from "./device.ts";
import { checkObjects, checkStore } from "./relay-model-checks.ts";
import { Client, expire, kinds, type Action } from "./relay-model.ts";
import seeds from "./relay-model-seeds.json" with { type: "json" };

/** Operations sent and faults made in one run of the tests; `MODEL_STEPS=1000000` for the long one. */
const steps = Number(env.MODEL_STEPS);
/** The same stories each time, so that a change is judged by itself; `EXPLORE=1` looks for others. */
const seed = env.EXPLORE === "1" ? {} : { seed: 20_261_130 };
const devicesPerUser = 3;
const clients = 2 * devicesPerUser;

const kind = fc.oneof(
  ...Object.keys(kinds).map((name) => {
    const chosen = name as Action["kind"];
    return { weight: kinds[chosen], arbitrary: fc.constant(chosen) };
  }),
);
const action = fc.record({ kind, who: fc.nat(clients - 1), n: fc.nat(1_000_000) });
const seldom = (max: number) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(max) },
  );
/** Actions done at once, without waiting for answers; then perhaps a session ends, something expires, or time passes. */
const round = fc.record({
  actions: fc.array(action, { minLength: 1, maxLength: 80, size: "max" }),
  revoked: seldom(clients - 1),
  expires: seldom(1_000_000),
  outlasts: seldom(clients - 1),
});
const rounds = fc.array(round, { minLength: 1, maxLength: 40, size: "max" });
type Round = typeof round extends fc.Arbitrary<infer R> ? R : never;

async function play(rounds: readonly Round[]): Promise<readonly Client[]> {
  const stories = [await startStory(), await startStory()];
  const everybody: Client[] = [];
  for (const [user, { relay, person, store }] of stories.entries()) {
    const expired = new Set<string>();
    for (let i = 0; i < devicesPerUser; i++) {
      const name = `device${i}`;
      const own = await startSession(relay, person.user, name);
      everybody.push(new Client(relay, name, store, `canary-${user}`, expired, own));
    }
  }
  for (const { actions, revoked, expires, outlasts } of rounds) {
    for (const one of actions) await everybody[one.who]?.act(one);
    if (revoked !== undefined) await everybody[revoked]?.revoke();
    for (const client of everybody) await client.catchUp();
    const owner = expires === undefined ? undefined : everybody[expires % clients];
    if (owner !== undefined && expires !== undefined) await expire(owner, expires);
    if (outlasts !== undefined) await everybody[outlasts]?.outlast();
  }
  // What one sent again while it caught up reaches those who had caught up before it.
  for (const client of everybody) await client.catchUp();
  for (const [user, { person, store }] of stories.entries()) {
    const own = everybody.filter((client) => client.canary === `canary-${user}`);
    await checkStore(own, person, store);
    if (own[0] !== undefined) await checkObjects(own[0]);
  }
  for (const client of everybody) client.device?.socket.close(1000);
  return everybody;
}

describe("any interleaving of pushes, notes, reads, renewals, cuts, repeats, sleeps, crashes, expiries and revocations", () => {
  it.each(seeds)(
    "that failed once holds now: seed $seed",
    { timeout: 300_000 },
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
    let delivered = 0;
    const started = Date.now();
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        if (Math.min(done, delivered) >= steps) return;
        for (const client of await play(all)) {
          done += client.steps;
          delivered += client.delivered;
        }
      }),
      { ...seed, numRuns: steps, endOnFailure: true, skipAllAfterTimeLimit: steps * 15 },
    );
    const seconds = Math.round((Date.now() - started) / 1_000);
    console.log(`${done} steps and ${delivered} deliveries, none foreign, in ${seconds} s`);
    expect(Math.min(done, delivered)).toBeGreaterThanOrEqual(steps);
  });
});
