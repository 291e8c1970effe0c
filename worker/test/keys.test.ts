import { describe, expect, it } from "vitest";
import { accessTokenSeconds } from "../src/auth/access-token.ts";
import { readRing, ringCacheMs } from "../src/auth/keyring.ts";
import { toBase64Url } from "../src/encoding.ts";
import { addSession, ask, textOf } from "./people.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

const secret = () => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
const operate = (relay: TestRelay, path: string, body: unknown) =>
  ask(relay, "POST", path, { token: relay.env.ADMIN_TOKEN, body });
const me = (relay: TestRelay, token: string) => ask(relay, "GET", "/me", { token });

/** Every test begins with an empty ring. */
async function startWithoutKeys(overrides: Parameters<typeof startRelay>[0] = {}) {
  const relay = startRelay(overrides);
  await relay.env.DB.prepare("DELETE FROM signing_keys").run();
  return relay;
}

async function refresh(relay: TestRelay, token: string) {
  const answer = await ask(relay, "POST", "/refresh", { body: { refresh_token: token } });
  return {
    answer,
    access: textOf(answer, "access_token"),
    refresh: textOf(answer, "refresh_token"),
  };
}

describe("the keyring", () => {
  it("makes its first key at the first login, one only, however many come at once", async () => {
    const relay = await startWithoutKeys();
    const sessions = await Promise.all(Array.from({ length: 20 }, () => addSession(relay)));
    const keys = await relay.env.DB.prepare("SELECT count(*) AS n FROM signing_keys").first("n");
    expect(keys).toBe(1);
    for (const { access } of sessions) {
      expect((await me(relay, access)).status).toBe(200);
    }
  });

  it("signs though its clock went back to before the first key, with the same key on every isolate", async () => {
    const relay = await startWithoutKeys();
    const other = startRelay();
    const first = await addSession(relay);
    await operate(relay, "/admin/keys/rotate", {});
    for (const isolate of [relay, other]) isolate.advance(-86_400_000);
    const next = await refresh(relay, first.refresh);
    expect(next.answer.status).toBe(200);
    expect((await me(relay, next.access)).status).toBe(200);
    expect((await me(other, next.access)).status).toBe(200);
    const list = await ask(relay, "GET", "/admin/keys", { token: relay.env.ADMIN_TOKEN });
    expect(list.body["keys"]).toMatchObject([{ use: "next" }, { use: "signing" }]);
  });

  it("keeps keys only wrapped, bound to their row and environment", async () => {
    const relay = await startWithoutKeys();
    await addSession(relay);
    const [key] = (await readRing(relay.env, relay.world)).keys;
    const dump = JSON.stringify(
      (await relay.env.DB.prepare("SELECT * FROM signing_keys").all()).results,
    );
    expect(dump).not.toContain(toBase64Url(key?.secret ?? new Uint8Array(32)));
    expect((await readRing({ ...relay.env, ENVIRONMENT: "prod" }, relay.world)).state).toBe(
      "unreadable",
    );
    await relay.env.DB.prepare("UPDATE signing_keys SET kid = 'AAAAAAAAAAAA'").run();
    expect((await readRing(relay.env, relay.world)).state).toBe("unreadable");
  });

  it("rotates twice and is rewrapped under 50 live sessions: no request refused, no login forced", async () => {
    const first = secret();
    const second = secret();
    // Two isolates each, with rings of their own, before, during and after the change of JWT_SECRET.
    const deploy = (secrets: Parameters<typeof startRelay>[0]) => [
      startRelay(secrets),
      startRelay(secrets),
    ];
    const before = await startWithoutKeys({ JWT_SECRET: first });
    const sessions = await Promise.all(Array.from({ length: 50 }, () => addSession(before)));
    let running: readonly TestRelay[] = [before, startRelay({ JWT_SECRET: first })];
    let tokens = sessions.map(({ access, refresh: next }) => ({ access, refresh: next }));
    let passed = 0;
    const refused: unknown[] = [];
    const anyOf = (index: number) => running[index % running.length] ?? before;
    const useAll = async () => {
      const answers = await Promise.all(
        tokens.map(({ access }, index) => me(anyOf(index + tokens.length), access)),
      );
      refused.push(...answers.filter(({ status }) => status !== 200).map(({ text }) => text));
    };
    const pass = async (ms: number) => {
      passed += ms;
      for (const relay of running) relay.advance(ms);
      await useAll();
    };
    const change = (secrets: Parameters<typeof startRelay>[0]) => {
      running = deploy(secrets);
      for (const relay of running) relay.advance(passed);
    };
    /** The admin's call and everybody's requests, at once. */
    const underLoad = async (path: string) => {
      const [answer] = await Promise.all([operate(anyOf(0), path, {}), useAll()]);
      expect(answer.status).toBe(200);
      return answer.body;
    };
    await underLoad("/admin/keys/rotate");
    await pass(ringCacheMs);
    tokens = await Promise.all(tokens.map((token, index) => refresh(anyOf(index), token.refresh)));
    change({ JWT_SECRET: second, JWT_SECRET_PREVIOUS: first });
    await underLoad("/admin/keys/rotate");
    expect(await underLoad("/admin/keys/rewrap")).toEqual({ rewrapped: 2, unreadable: 0 });
    await pass(ringCacheMs + 1000);
    tokens = await Promise.all(tokens.map((token, index) => refresh(anyOf(index), token.refresh)));
    change({ JWT_SECRET: second });
    await useAll();
    await pass(accessTokenSeconds * 1000 - 61_000);
    expect(refused).toEqual([]);
    const kids = new Set(tokens.map(({ access }) => access.split(".")[0]));
    expect(kids.size).toBe(1);
  });

  it("retires a key when the last token it signed has expired", async () => {
    const relay = await startWithoutKeys();
    const { access } = await addSession(relay);
    const rotated = await operate(relay, "/admin/keys/rotate", {});
    const until = Number(rotated.body["old_keys_verify_until"]);
    expect(until - relay.now()).toBeGreaterThan(accessTokenSeconds * 1000 + ringCacheMs - 5000);
    expect((await me(relay, access)).status).toBe(200);
    relay.advance(until - relay.now() + 1);
    const list = await ask(relay, "GET", "/admin/keys", { token: relay.env.ADMIN_TOKEN });
    expect(list.body["keys"]).toMatchObject([{ kid: rotated.body["kid"], use: "signing" }]);
    expect(JSON.stringify(list.body)).not.toContain("wrapped_key");
  });

  it("in an emergency refuses old tokens at once everywhere, and refresh still works", async () => {
    const relay = await startWithoutKeys();
    const other = startRelay();
    const { access, refresh: token } = await addSession(relay);
    expect((await me(other, access)).status).toBe(200);
    await operate(relay, "/admin/keys/rotate", { emergency: true });
    expect((await me(relay, access)).status).toBe(401);
    expect((await me(other, access)).status).toBe(401);
    expect(relay.closedEverything()).toBe(1);
    const next = await refresh(other, token);
    expect((await me(other, next.access)).status).toBe(200);
    expect((await me(relay, next.access)).status).toBe(200);
  });

  it("in an emergency ends every session when asked to", async () => {
    const relay = await startWithoutKeys();
    const { refresh: token } = await addSession(relay);
    const rotated = await operate(relay, "/admin/keys/rotate", {
      emergency: true,
      end_sessions: true,
    });
    expect(Number(rotated.body["sessions_ended"])).toBeGreaterThan(0);
    const answer = await ask(relay, "POST", "/refresh", { body: { refresh_token: token } });
    expect(answer.body["code"]).toBe("session_ended");
  });

  it("follows a change of JWT_SECRET with the previous one at hand, then without", async () => {
    const before = await startWithoutKeys({ JWT_SECRET: secret() });
    const { access } = await addSession(before);
    const present = secret();
    const both = startRelay({ JWT_SECRET: present, JWT_SECRET_PREVIOUS: before.env.JWT_SECRET });
    expect((await ask(both, "GET", "/health")).body).toMatchObject({
      status: "ok",
      keys: "rewrap_needed",
    });
    expect((await me(both, access)).status).toBe(200);
    expect((await operate(both, "/admin/keys/rewrap", {})).body).toEqual({
      rewrapped: 1,
      unreadable: 0,
    });
    const after = startRelay({ JWT_SECRET: present, JWT_SECRET_PREVIOUS: "" });
    expect((await ask(after, "GET", "/health")).body).toMatchObject({ status: "ok", keys: "ok" });
    expect((await me(after, access)).status).toBe(200);
  });

  it("says so and lets nobody in when JWT_SECRET was lost, until an emergency rotation", async () => {
    const before = await startWithoutKeys({ JWT_SECRET: secret() });
    const { access, refresh: token } = await addSession(before);
    const after = startRelay({ JWT_SECRET: secret() });
    const health = await ask(after, "GET", "/health");
    expect([health.status, health.body["keys"]]).toEqual([503, "unreadable"]);
    expect((await me(after, access)).status).toBe(401);
    const refused = await ask(after, "POST", "/refresh", { body: { refresh_token: token } });
    expect([refused.status, refused.body["code"]]).toEqual([503, "keys_unavailable"]);
    await operate(after, "/admin/keys/rotate", { emergency: true });
    after.advance(1000);
    const answer = await ask(after, "POST", "/refresh", { body: { refresh_token: token } });
    expect((await me(after, textOf(answer, "access_token"))).status).toBe(200);
  });

  it.each(["", "A", "not base64url!", "AAAA"])(
    "says unreadable of a key whose wrapping is %j, and fails no request",
    async (wrapped) => {
      const relay = await startWithoutKeys();
      const { access } = await addSession(relay);
      await relay.env.DB.prepare("UPDATE signing_keys SET wrapped_key = ?1").bind(wrapped).run();
      const health = await ask(relay, "GET", "/health");
      expect([health.status, health.body["keys"]]).toEqual([503, "unreadable"]);
      expect((await me(startRelay(), access)).status).toBe(401);
      expect((await operate(relay, "/admin/keys/rewrap", {})).status).toBe(200);
    },
  );

  it("reads the database for unknown key ids a few times a second at most", async () => {
    const relay = await startWithoutKeys();
    const { access } = await addSession(relay);
    await me(relay, access);
    const { verifyAccessToken } = await import("../src/auth/access-token.ts");
    const { createKeyFinder } = await import("../src/auth/keyring.ts");
    const frozen = { ...relay.world, now: () => 1_800_000_000_000 };
    let reads = 0;
    const DB: D1Database = new Proxy(relay.env.DB, {
      get: (target, name) => {
        reads += name === "prepare" ? 1 : 0;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function"
          ? (...given: unknown[]): unknown => Reflect.apply(value, target, given)
          : value;
      },
    });
    const find = createKeyFinder(frozen);
    for (let index = 0; index < 100; index += 1) {
      const header = btoa(
        JSON.stringify({
          alg: "HS256",
          typ: "at+jwt",
          kid: `unknown${String(index).padStart(5, "0")}`,
        }),
      ).replaceAll("=", "");
      const forged = [header, ...access.split(".").slice(1)].join(".");
      await expect(verifyAccessToken({ ...relay.env, DB }, frozen, find, forged)).rejects.toThrow();
    }
    expect(reads).toBeLessThanOrEqual(6);
    expect(reads).toBeGreaterThan(0);
  });
});
