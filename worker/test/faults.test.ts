import { describe, expect, it } from "vitest";
import { addSession, addUser, ask, logIn, textOf } from "./people.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

type When = "before" | "after";

/** Messages as D1 sends them. */
const messages = [
  "D1_ERROR: Network connection lost.",
  "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
  "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
  "Network connection lost.",
  "D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.",
];

/**
 * The database, failing at the call number `at` (from 0): before it takes effect, or after, so that the answer is lost.
 * Every way to run a statement counts as a call.
 */
function faulty(db: D1Database, at: number, when: When, message = messages[0]): FaultyDatabase {
  let calls = 0;
  let hit = false;
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    const fails = calls++ === at;
    hit ||= fails;
    if (fails && when === "before") {
      throw new Error(message);
    }
    const result = await work();
    if (fails) {
      throw new Error(message);
    }
    return result;
  };
  const real = new WeakMap<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const proxy = new Proxy(statement, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") {
          return value;
        }
        const call = (...values: unknown[]): unknown => Reflect.apply(value, target, values);
        if (name === "bind") {
          return (...values: unknown[]) => wrap(target.bind(...values));
        }
        return (...values: unknown[]) => run(() => Promise.resolve(call(...values)));
      },
    });
    real.set(proxy, statement);
    return proxy;
  };
  const database = new Proxy(db, {
    get(target, name) {
      if (name === "prepare") {
        return (sql: string) => wrap(target.prepare(sql));
      }
      if (name === "batch") {
        return (statements: D1PreparedStatement[]) =>
          run(() => target.batch(statements.map((one) => real.get(one) ?? one)));
      }
      return Reflect.get(target, name) as unknown;
    },
  });
  return { database, wasHit: () => hit };
}

interface FaultyDatabase {
  readonly database: D1Database;
  readonly wasHit: () => boolean;
}

/** A way to use the relay that reads and writes the database. */
interface Scenario {
  readonly name: string;
  readonly act: (relay: TestRelay, prepared: Prepared) => Promise<{ status: number; text: string }>;
}

type Prepared = Awaited<ReturnType<typeof addSession>>;

const scenarios: readonly Scenario[] = [
  { name: "login", act: (relay, { user }) => logIn(relay, user.username) },
  {
    name: "refresh",
    act: (relay, { refresh }) =>
      ask(relay, "POST", "/refresh", { body: { refresh_token: refresh } }),
  },
  { name: "me", act: (relay, { access }) => ask(relay, "GET", "/me", { token: access }) },
  {
    name: "logout",
    act: (relay, { access }) => ask(relay, "POST", "/logout", { token: access, body: {} }),
  },
  {
    name: "ticket",
    act: (relay, { access }) => ask(relay, "POST", "/ws/ticket", { token: access, body: {} }),
  },
  {
    name: "disable",
    act: (relay, { user }) =>
      ask(relay, "POST", `/admin/users/${user.id}/disable`, {
        token: relay.env.ADMIN_TOKEN,
        body: {},
      }),
  },
  {
    name: "rotate",
    act: (relay) =>
      ask(relay, "POST", "/admin/keys/rotate", { token: relay.env.ADMIN_TOKEN, body: {} }),
  },
];

describe("a database that fails", () => {
  it.each(
    scenarios.flatMap((one) => [
      ["before", one.name, one] as const,
      ["after", one.name, one] as const,
    ]),
  )(
    "%s a statement of %s takes effect gives 503 and lets nobody in (16.5.2, 16.5.3)",
    async (when, _, scenario) => {
      for (let at = 0; at < 12; at += 1) {
        const good = startRelay();
        const prepared = await addSession(good);
        const { database, wasHit } = faulty(good.env.DB, at, when);
        const bad = startRelay({ DB: database });
        const answer = await scenario.act(bad, prepared);
        if (!wasHit()) {
          expect(answer.status).toBeLessThan(300);
          expect(at).toBeGreaterThan(0);
          return;
        }
        expect([at, answer.status]).toEqual([at, 503]);
        expect(answer.text).toContain('"code":"database_unavailable"');
        expect(answer.text.replace(/"request_id":"[^"]*"/u, "")).not.toMatch(
          /access_token|ticket"|D1|Network|stack|SELECT/u,
        );
        expect(bad.log.at(-1)).toMatchObject({ event: "unavailable", outcome: "failed" });
      }
      throw new Error("more statements than this test breaks");
    },
  );

  it.each(messages)("with %j is unavailable, not broken", async (message) => {
    const good = startRelay();
    const { access } = await addSession(good);
    const { database } = faulty(good.env.DB, 0, "before", message);
    const answer = await ask(startRelay({ DB: database }), "GET", "/me", { token: access });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
  });

  it("loses no session when the reply to a refresh is lost: the client asks again and gets it", async () => {
    const good = startRelay();
    const { refresh } = await addSession(good);
    const body = { refresh_token: refresh };
    const { database } = faulty(good.env.DB, 1, "after");
    const lost = await ask(startRelay({ DB: database }), "POST", "/refresh", { body });
    expect(lost.status).toBe(503);
    good.advance(1000);
    const again = await ask(good, "POST", "/refresh", { body });
    expect(again.status).toBe(200);
    const token = textOf(again, "access_token");
    expect((await ask(good, "GET", "/me", { token })).status).toBe(200);
  });

  it("leaves nothing half done: of a batch all or nothing counts (2.3.3)", async () => {
    const relay = startRelay();
    const { user } = await addSession(relay);
    const before = await relay.env.DB.prepare("SELECT count(*) AS n FROM audit_log").first("n");
    await expect(
      relay.env.DB.batch([
        relay.env.DB.prepare("UPDATE users SET disabled_at = 1 WHERE id = ?1").bind(user.id),
        relay.env.DB.prepare("INSERT INTO audit_log (at) VALUES (1)"),
      ]),
    ).rejects.toThrow();
    const row = await relay.env.DB.prepare("SELECT disabled_at FROM users WHERE id = ?1")
      .bind(user.id)
      .first("disabled_at");
    expect(row).toBeNull();
    expect(await relay.env.DB.prepare("SELECT count(*) AS n FROM audit_log").first("n")).toBe(
      before,
    );
  });
});

describe("a hub that cannot be reached", () => {
  it("does not undo the end of a session, and the log says so", async () => {
    const relay = startRelay({}, { closeSockets: () => Promise.reject(new Error("overloaded")) });
    const { access } = await addSession(relay);
    expect((await ask(relay, "POST", "/logout", { token: access, body: {} })).status).toBe(204);
    expect((await ask(relay, "GET", "/me", { token: access })).status).toBe(401);
    expect(relay.log.some((line) => line["sockets_not_closed"] === 1)).toBe(true);
  });

  it("stops the removal of a user, who stays disabled, until it is asked for again", async () => {
    const relay = startRelay({}, { eraseUserData: () => Promise.reject(new Error("overloaded")) });
    const user = await addUser(relay);
    const token = relay.env.ADMIN_TOKEN;
    const failed = await ask(relay, "DELETE", `/admin/users/${user.id}`, { token });
    expect(failed.status).toBe(500);
    const shown = await ask(relay, "GET", `/admin/users/${user.id}`, { token });
    expect(shown.body["disabled"]).toBe(true);
    const again = await ask(startRelay(), "DELETE", `/admin/users/${user.id}`, { token });
    expect(again.status).toBe(204);
  });
});

describe("a relay that is not configured", () => {
  it.each(["JWT_SECRET", "PASSWORD_PEPPER", "ADMIN_TOKEN"] as const)(
    "completely (%s is missing) lets nobody in",
    async (name) => {
      const good = startRelay();
      const { access, user } = await addSession(good);
      const relay = startRelay({ [name]: "" });
      for (const answer of [
        await logIn(relay, user.username),
        await ask(relay, "GET", "/me", { token: access }),
        await ask(relay, "GET", "/admin/stats", { token: "" }),
        await ask(relay, "GET", "/admin/stats", { token: good.env.ADMIN_TOKEN }),
      ]) {
        expect([answer.status, answer.body["code"]]).toEqual([503, "misconfigured"]);
      }
    },
  );
});
