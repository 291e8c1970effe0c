import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { realWorld, type World } from "../world.ts";
import {
  createKeyFinder,
  planRewrap,
  planRotation,
  readRing,
  ringCacheMs,
  signingKey,
} from "./keyring.ts";

const start = 1_700_000_000_000;
const life = { emergency: false, tokenLifeMs: 900_000 };

let now = start;
let reads = 0;
const world: World = { ...realWorld, now: () => now };
/** The same database, which counts how often the ring is read. */
const counting = {
  ...env,
  DB: {
    prepare: (sql: string) => {
      reads += 1;
      return env.DB.prepare(sql);
    },
  } as unknown as D1Database,
};

beforeEach(async () => {
  now = start;
  await env.DB.exec("DELETE FROM signing_keys");
  reads = 0;
});

const rotate = async (options = life) => {
  const plan = await planRotation(env, world, options);
  await env.DB.batch([...plan.statements]);
  return plan;
};

describe("the ring of keys", () => {
  it("gets its first key when one is needed, and no other", async () => {
    expect((await readRing(env, world)).state).toBe("none");
    const key = await signingKey(env, world);
    expect(key.secret).toHaveLength(32);
    expect(key.kid).toMatch(/^[\w-]{12}$/u);
    expect((await signingKey(env, world)).kid).toBe(key.kid);
    expect(await readRing(env, world)).toMatchObject({ state: "ok", keys: [{ kid: key.kid }] });
  });

  it("cannot be read with another secret, and then nothing is signed", async () => {
    await signingKey(env, world);
    const other = { ...env, JWT_SECRET: "z".repeat(43), JWT_SECRET_PREVIOUS: "" };
    expect((await readRing(other, world)).state).toBe("unreadable");
    await expect(signingKey(other, world)).rejects.toMatchObject({ code: "keys_unavailable" });
    expect(await planRewrap(other, world)).toMatchObject({ rewrapped: 0, unreadable: 1 });
  });

  it("is wrapped anew with a new secret, by the one before", async () => {
    const { kid } = await signingKey(env, world);
    const next = { ...env, JWT_SECRET: "z".repeat(43), JWT_SECRET_PREVIOUS: env.JWT_SECRET };
    expect((await readRing(next, world)).state).toBe("rewrap_needed");
    const plan = await planRewrap(next, world);
    expect(plan).toMatchObject({ rewrapped: 1, unreadable: 0 });
    await env.DB.batch([...plan.statements]);
    expect(await readRing({ ...next, JWT_SECRET_PREVIOUS: "" }, world)).toMatchObject({
      state: "ok",
      keys: [{ kid }],
    });
    expect(await planRewrap(next, world)).toMatchObject({ rewrapped: 0, unreadable: 0 });
  });
});

describe("a rotation", () => {
  it("signs at once where no key signs yet", async () => {
    expect(await rotate()).toMatchObject({ signFrom: start, retireAt: start + 900_000 });
  });

  it("signs when every isolate knows the key, and the old one verifies its last token", async () => {
    const { kid: old } = await signingKey(env, world);
    const plan = await rotate();
    expect(plan).toMatchObject({
      signFrom: start + ringCacheMs,
      retireAt: start + ringCacheMs + 900_000,
    });
    now = plan.signFrom - 1;
    expect((await signingKey(env, world)).kid).toBe(old);
    now = plan.signFrom;
    expect((await signingKey(env, world)).kid).toBe(plan.kid);
    expect((await readRing(env, world)).views.map(({ use }) => use)).toEqual([
      "signing",
      "verifying",
    ]);
  });

  it("in an emergency signs at once, and the old keys are dead", async () => {
    await signingKey(env, world);
    const plan = await rotate({ ...life, emergency: true });
    expect(plan).toMatchObject({ signFrom: start, retireAt: start });
    expect((await readRing(env, world)).keys.map(({ kid }) => kid)).toEqual([plan.kid]);
  });

  it("waits also where another rotation waits", async () => {
    await signingKey(env, world);
    await rotate();
    expect(await rotate()).toMatchObject({ signFrom: start + ringCacheMs });
  });
});

describe("finding a key", () => {
  it("reads the ring once in a minute for the keys it knows", async () => {
    const { kid } = await signingKey(env, world);
    const find = createKeyFinder(world);
    expect((await find(counting, kid))?.kid).toBe(kid);
    now += ringCacheMs - 1;
    expect((await find(counting, kid))?.kid).toBe(kid);
    expect(reads).toBe(1);
    now += 1;
    await find(counting, kid);
    expect(reads).toBe(2);
  });

  it("reads again for a key it does not know, and so finds a new one at once", async () => {
    const { kid } = await signingKey(env, world);
    const find = createKeyFinder(world);
    await find(counting, kid);
    const plan = await rotate();
    expect((await find(counting, plan.kid))?.kid).toBe(plan.kid);
    expect(reads).toBe(2);
  });

  it("reads five times a second at most for keys that nobody knows", async () => {
    const find = createKeyFinder(world);
    for (let n = 0; n < 9; n += 1) expect(await find(counting, "nobody's key")).toBeUndefined();
    expect(reads).toBe(5);
    now += 1_000;
    await find(counting, "nobody's key");
    expect(reads).toBe(6);
  });

  it("gives no key once it has retired, though it is remembered", async () => {
    const { kid } = await signingKey(env, world);
    const plan = await rotate({ emergency: false, tokenLifeMs: 0 });
    const find = createKeyFinder(world);
    now = plan.retireAt - 1;
    expect((await find(counting, kid))?.kid).toBe(kid);
    now = plan.retireAt;
    expect(await find(counting, kid)).toBeUndefined();
    expect(reads).toBe(1);
  });
});
