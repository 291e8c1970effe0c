import { describe, expect, it } from "vitest";
import { addSession, addUser, ask, logIn, textOf } from "./people.ts";
import { faulty, messages } from "./faulty.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

const operate = (relay: TestRelay, method: string, path: string, body?: unknown) =>
  ask(relay, method, path, {
    token: relay.env.ADMIN_TOKEN,
    ...(body === undefined ? {} : { body }),
  });

/** A way to use the relay that reads and writes the database. */
interface Scenario {
  readonly name: string;
  readonly act: (relay: TestRelay, prepared: Prepared) => Promise<{ status: number; text: string }>;
  /** What an admin's action is called in the audit log, and whether it has taken effect (a query with user and session). */
  readonly audited?: { readonly action: string; readonly effect: string };
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
    name: "an end of a session",
    act: (relay, { access: token, id }) => ask(relay, "DELETE", `/sessions/${id}`, { token }),
  },
  {
    name: "an admin's end of a session",
    act: (relay, { user, id }) =>
      operate(relay, "DELETE", `/admin/users/${user.id}/sessions/${id}`),
    audited: {
      action: "user.session_ended",
      effect: "SELECT revoked_at IS NOT NULL AND ?1 <> '' AS done FROM sessions WHERE id = ?2",
    },
  },
  {
    name: "an admin's end of all sessions",
    act: (relay, { user }) => operate(relay, "DELETE", `/admin/users/${user.id}/sessions`),
    audited: {
      action: "user.sessions_ended",
      effect: "SELECT revoked_at IS NOT NULL AND ?1 <> '' AS done FROM sessions WHERE id = ?2",
    },
  },
  {
    name: "disable",
    act: (relay, { user }) => operate(relay, "POST", `/admin/users/${user.id}/disable`, {}),
    audited: {
      action: "user.disabled",
      effect:
        "SELECT disabled_at IS NOT NULL AND (SELECT revoked_at FROM sessions WHERE id = ?2) IS NOT NULL AS done FROM users WHERE id = ?1",
    },
  },
  {
    name: "a change of role",
    act: (relay, { user }) =>
      operate(relay, "PUT", `/admin/users/${user.id}/role`, { role: "admin" }),
    audited: {
      action: "user.role_changed",
      effect: "SELECT role = 'admin' AND ?2 <> '' AS done FROM users WHERE id = ?1",
    },
  },
  {
    name: "a removal",
    act: (relay, { user }) => operate(relay, "DELETE", `/admin/users/${user.id}`),
    audited: {
      action: "user.removed",
      effect: "SELECT count(*) = 0 AND ?2 <> '' AS done FROM users WHERE id = ?1",
    },
  },
  {
    name: "rotate",
    act: (relay) => operate(relay, "POST", "/admin/keys/rotate", {}),
  },
  {
    name: "rewrap",
    act: (relay) => operate(relay, "POST", "/admin/keys/rewrap", {}),
  },
];

/** Whether an action took effect, and whether the audit log says so. */
async function traceOf(db: D1Database, { user, id }: Prepared, scenario: Scenario) {
  if (scenario.audited === undefined) return undefined;
  const { action, effect } = scenario.audited;
  const done = await db.prepare(effect).bind(user.id, id).first<number>("done");
  const entries = await db
    .prepare("SELECT count(*) AS n FROM audit_log WHERE action = ?1 AND target IN (?2, ?3)")
    .bind(action, user.id, id)
    .first<number>("n");
  return { done, entries };
}

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
          const trace = await traceOf(good.env.DB, prepared, scenario);
          expect(trace ?? { done: 1, entries: 1 }).toEqual({ done: 1, entries: 1 });
          return;
        }
        expect([at, answer.status]).toEqual([at, 503]);
        expect(answer.text).toContain('"code":"database_unavailable"');
        expect(answer.text.replace(/"request_id":"[^"]*"/u, "")).not.toMatch(
          /access_token|ticket"|D1|Network|stack|SELECT/u,
        );
        expect(bad.log.at(-1)).toMatchObject({ event: "unavailable", outcome: "failed" });
        const { done, entries } = (await traceOf(good.env.DB, prepared, scenario)) ?? {};
        // Done and said, or neither: never one without the other.
        expect([at, done]).toEqual([at, entries]);
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

describe("an answer that is lost", () => {
  const ending: readonly [string, (relay: TestRelay, who: Prepared) => Promise<unknown>][] = [
    ["logout", (relay, { access: token }) => ask(relay, "POST", "/logout", { token, body: {} })],
    [
      "logout of all",
      (relay, { access: token }) => ask(relay, "POST", "/logout", { token, body: { all: true } }),
    ],
    [
      "the end of an own session",
      (relay, { access: token, id }) => ask(relay, "DELETE", `/sessions/${id}`, { token }),
    ],
    [
      "the end of one by an admin",
      (relay, { user, id }) => operate(relay, "DELETE", `/admin/users/${user.id}/sessions/${id}`),
    ],
    [
      "the end of all by an admin",
      (relay, { user }) => operate(relay, "DELETE", `/admin/users/${user.id}/sessions`),
    ],
    [
      "disabling",
      (relay, { user }) => operate(relay, "POST", `/admin/users/${user.id}/disable`, {}),
    ],
    ["removal", (relay, { user }) => operate(relay, "DELETE", `/admin/users/${user.id}`)],
  ];

  it.each(ending)("of %s leaves no socket of an ended session open", async (_, act) => {
    for (let at = 0; at < 12; at += 1) {
      const good = startRelay();
      const prepared = await addSession(good);
      const { database, wasHit } = faulty(good.env.DB, at, "after");
      const bad = startRelay({ DB: database });
      await act(bad, prepared);
      if (!wasHit()) return;
      const row = await good.env.DB.prepare("SELECT revoked_at FROM sessions WHERE id = ?1")
        .bind(prepared.id)
        .first<{ revoked_at: number | null }>();
      const ended = row?.revoked_at !== null;
      const told = bad.closed.some(
        ({ userId, sessionId }) =>
          userId === prepared.user.id && (sessionId ?? prepared.id) === prepared.id,
      );
      expect([at, ended && !told]).toEqual([at, false]);
    }
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

  it("leaves the beginning of a removal in the audit log when the rest fails", async () => {
    const relay = startRelay({}, { eraseUserData: () => Promise.reject(new Error("overloaded")) });
    const user = await addUser(relay);
    const token = relay.env.ADMIN_TOKEN;
    const actions = async () => {
      const { results } = await relay.env.DB.prepare(
        "SELECT action FROM audit_log WHERE target = ?1 ORDER BY id",
      )
        .bind(user.id)
        .all<{ action: string }>();
      return results.map(({ action }) => action);
    };
    await ask(relay, "DELETE", `/admin/users/${user.id}`, { token });
    expect(await actions()).toEqual(["user.removal_begun"]);
    await ask(startRelay(), "DELETE", `/admin/users/${user.id}`, { token });
    expect(await actions()).toEqual(["user.removal_begun", "user.removal_begun", "user.removed"]);
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
