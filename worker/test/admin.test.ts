import { describe, expect, it } from "vitest";
import { findUser } from "../src/auth/user-table.ts";
import { countSockets, insertStore } from "../src/sync/store-table.ts";
import { beforeBatch } from "./faulty.ts";
import { addSession, addUser, ask, logIn, startSession, textOf } from "./people.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

const operate = (relay: TestRelay, method: string, path: string, body?: unknown) =>
  ask(relay, method, path, {
    token: relay.env.ADMIN_TOKEN,
    ...(body === undefined ? {} : { body }),
  });

const me = (relay: TestRelay, token: string) => ask(relay, "GET", "/me", { token });

async function auditActions(relay: TestRelay): Promise<readonly { action: string }[]> {
  const { results } = await relay.env.DB.prepare(
    "SELECT action, target FROM audit_log ORDER BY id",
  ).all<{ action: string }>();
  return results;
}

describe("admins", () => {
  it("make the first admin with ADMIN_TOKEN; there is no account before (6.3.2)", async () => {
    const relay = startRelay();
    const before = await relay.env.DB.prepare("SELECT count(*) AS n FROM users").first("n");
    expect(before).toBe(0);
    const added = await operate(relay, "POST", "/admin/users", {
      username: "first",
      role: "admin",
    });
    expect(added.status).toBe(201);
    expect(Number(added.body["password_expires_at"]) - relay.now()).toBe(24 * 3600 * 1000);
    const oneTime = textOf(added, "one_time_password");
    // 24 characters of base64url are 144 bits (6.4.1).
    expect(oneTime.replaceAll(".", "")).toMatch(/^[\w-]{24}$/u);
    const login = await logIn(relay, "first", oneTime);
    expect(login.body["user"]).toMatchObject({ role: "admin", password_must_change: true });
  });

  it("cannot choose anybody's password (6.4.6)", async () => {
    const relay = startRelay();
    const body = { username: "chosen", password: "a password of my choice" };
    expect((await operate(relay, "POST", "/admin/users", body)).status).toBe(400);
    const { id } = await addUser(relay);
    const reset = await operate(relay, "POST", `/admin/users/${id}/reset-password`, {
      password: "x",
    });
    expect(reset.status).toBe(400);
  });

  it("are told when a name is taken", async () => {
    const relay = startRelay();
    await addUser(relay, { username: "taken" });
    const added = await operate(relay, "POST", "/admin/users", { username: "taken" });
    expect([added.status, added.body["code"]]).toEqual([409, "username_taken"]);
  });

  it("list users page by page, each once", async () => {
    const relay = startRelay();
    for (const name of ["page-a", "page-b", "page-c"]) {
      await addUser(relay, { username: name });
    }
    const seen: string[] = [];
    let after = "";
    do {
      const page = await operate(relay, "GET", `/admin/users?limit=1${after}`);
      const [user] = page.body["users"] as readonly { username: string }[];
      seen.push(user?.username ?? "");
      after = page.body["next"] === undefined ? "" : `&after=${textOf(page, "next")}`;
    } while (after !== "");
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(["page-a", "page-b", "page-c"]));
    const found = await operate(relay, "GET", "/admin/users?username=page-b");
    expect(found.body["users"]).toMatchObject([{ username: "page-b" }]);
  });

  it("disable a user: sessions dead at once, sockets closed, no login (7.4.2)", async () => {
    const relay = startRelay();
    const { access, user, refresh } = await addSession(relay);
    const disabled = await operate(relay, "POST", `/admin/users/${user.id}/disable`, {});
    expect(disabled.body).toMatchObject({ disabled: true });
    expect((await me(relay, access)).body["code"]).toBe("session_ended");
    expect(
      (await ask(relay, "POST", "/refresh", { body: { refresh_token: refresh } })).status,
    ).toBe(401);
    expect(relay.closed).toEqual([{ userId: user.id, code: 4403 }]);
    await operate(relay, "POST", `/admin/users/${user.id}/enable`, {});
    expect((await me(relay, access)).status).toBe(401);
    expect((await logIn(relay, user.username)).status).toBe(200);
  });

  it("reset a password: sessions end, the old one is worth nothing (7.4.3)", async () => {
    const relay = startRelay();
    const { access, user } = await addSession(relay);
    const reset = await operate(relay, "POST", `/admin/users/${user.id}/reset-password`, {});
    expect((await me(relay, access)).status).toBe(401);
    expect((await logIn(relay, user.username)).status).toBe(401);
    expect((await logIn(relay, user.username, textOf(reset, "one_time_password"))).status).toBe(
      200,
    );
  });

  it("get no one-time password for a user who is removed meanwhile", async () => {
    const relay = startRelay();
    const { id } = await addUser(relay);
    const DB = beforeBatch(relay.env.DB, "UPDATE users SET password_hash = ?2", () =>
      relay.env.DB.prepare("DELETE FROM users WHERE id = ?1").bind(id).run(),
    );
    const other = startRelay({ DB });
    const reset = await operate(other, "POST", `/admin/users/${id}/reset-password`, {});
    expect([reset.status, reset.body["code"]]).toEqual([404, "not_found"]);
  });

  it("end one or all sessions of a user (7.4.5)", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    const [one, two, three] = [
      await startSession(relay, user, "1"),
      await startSession(relay, user, "2"),
      await startSession(relay, user, "3"),
    ];
    const path = `/admin/users/${user.id}/sessions`;
    expect((await operate(relay, "DELETE", `${path}/${one.id}`)).status).toBe(204);
    expect((await operate(relay, "DELETE", `${path}/${one.id}`)).status).toBe(404);
    expect((await me(relay, one.access)).status).toBe(401);
    expect((await me(relay, two.access)).status).toBe(200);
    expect((await operate(relay, "DELETE", path)).body).toEqual({ ended: 2 });
    expect((await me(relay, three.access)).status).toBe(401);
    expect((await operate(relay, "GET", path)).body).toEqual({ sessions: [] });
  });

  it("remove a user with sessions, data and sockets in one call", async () => {
    const relay = startRelay();
    const { user, access } = await addSession(relay);
    expect((await operate(relay, "DELETE", `/admin/users/${user.id}`)).status).toBe(204);
    expect(await findUser(relay.env.DB, user.id)).toBeNull();
    expect((await me(relay, access)).status).toBe(401);
    expect(relay.closed).toEqual([{ userId: user.id, code: 4403 }]);
    expect(relay.erased).toEqual([user.id]);
    expect((await operate(relay, "DELETE", `/admin/users/${user.id}`)).status).toBe(404);
  });

  it("lose their power with the very next request when their role is taken (8.3.2)", async () => {
    const relay = startRelay();
    await addUser(relay, { role: "admin" });
    const { access, user, refresh } = await addSession(relay, { role: "admin" });
    expect((await ask(relay, "GET", "/admin/stats", { token: access })).status).toBe(200);
    await operate(relay, "PUT", `/admin/users/${user.id}/role`, { role: "user" });
    expect((await ask(relay, "GET", "/admin/stats", { token: access })).status).toBe(401);
    const next = await ask(relay, "POST", "/refresh", { body: { refresh_token: refresh } });
    const token = textOf(next, "access_token");
    expect((await ask(relay, "GET", "/admin/stats", { token })).status).toBe(403);
  });
});

describe("the last admin", () => {
  async function onlyAdmin(relay: TestRelay) {
    await relay.env.DB.prepare("DELETE FROM users").run();
    return addUser(relay, { role: "admin" });
  }

  it("cannot be disabled, removed or demoted", async () => {
    const relay = startRelay();
    const { id } = await onlyAdmin(relay);
    const tries = [
      await operate(relay, "POST", `/admin/users/${id}/disable`, {}),
      await operate(relay, "DELETE", `/admin/users/${id}`),
      await operate(relay, "PUT", `/admin/users/${id}/role`, { role: "user" }),
    ];
    for (const answer of tries) {
      expect([answer.status, answer.body["code"]]).toEqual([409, "last_admin"]);
    }
    expect(await findUser(relay.env.DB, id)).toMatchObject({ role: "admin", disabled_at: null });
  });

  it("is not thought replaced by one whose one-time password has expired", async () => {
    const relay = startRelay();
    const { id } = await onlyAdmin(relay);
    await addUser(relay, { role: "admin", password_expires_at: relay.now() - 1 });
    const disabled = await operate(relay, "POST", `/admin/users/${id}/disable`, {});
    expect([disabled.status, disabled.body["code"]]).toEqual([409, "last_admin"]);
    await addUser(relay, { role: "admin", password_expires_at: relay.now() + 1 });
    expect((await operate(relay, "POST", `/admin/users/${id}/disable`, {})).status).toBe(200);
  });

  it("stays when two admins remove each other at once", async () => {
    const relay = startRelay();
    const first = await onlyAdmin(relay);
    const second = await addUser(relay, { role: "admin" });
    const answers = await Promise.all(
      [first, second].map(({ id }) => operate(relay, "DELETE", `/admin/users/${id}`)),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([204, 409]);
  });
});

describe("the audit log", () => {
  it("has one entry for each action that took effect, and none for one that did not", async () => {
    const relay = startRelay();
    await relay.env.DB.prepare("DELETE FROM audit_log").run();
    const { user } = await addSession(relay);
    const path = `/admin/users/${user.id}`;
    await operate(relay, "POST", `${path}/enable`, {});
    await operate(relay, "PUT", `${path}/role`, { role: "user" });
    await operate(relay, "DELETE", "/admin/users/usr_AAAAAAAAAAAAAAAAAAAAAA");
    expect(await auditActions(relay)).toEqual([]);
    await operate(relay, "PUT", `${path}/role`, { role: "admin" });
    await operate(relay, "PUT", `${path}/role`, { role: "user" });
    await operate(relay, "POST", `${path}/disable`, {});
    await operate(relay, "POST", `${path}/enable`, {});
    await operate(relay, "DELETE", path);
    await operate(relay, "POST", "/admin/keys/rewrap", {});
    await operate(relay, "POST", "/admin/cleanup", { dry_run: true });
    await operate(relay, "POST", "/admin/cleanup", {});
    expect((await auditActions(relay)).map((entry) => entry.action)).toEqual([
      "user.role_changed",
      "user.role_changed",
      "user.disabled",
      "user.enabled",
      "user.removal_begun",
      "user.removed",
      "keys.rewrapped",
      "cleanup",
    ]);
  });

  it("says who, what, to whom and in which request, page by page", async () => {
    const relay = startRelay();
    const boss = await addSession(relay, { role: "admin" });
    const added = await ask(relay, "POST", "/admin/users", {
      token: boss.access,
      body: { username: "audited" },
    });
    const page = await operate(relay, "GET", "/admin/audit?limit=1");
    expect(page.body["entries"]).toMatchObject([
      {
        actor: `user:${boss.user.id}`,
        action: "user.added",
        detail: { username: "audited", role: "user" },
        request_id: added.headers.get("x-request-id"),
      },
    ]);
    expect(page.text).not.toContain(textOf(added, "one_time_password"));
    await operate(relay, "POST", "/admin/keys/rewrap", {});
    const newest = await operate(relay, "GET", "/admin/audit?limit=1");
    const older = await operate(
      relay,
      "GET",
      `/admin/audit?limit=1&before=${textOf(newest, "next")}`,
    );
    expect(older.body["entries"]).toEqual(page.body["entries"]);
  });
});

describe("cleanup and cron", () => {
  async function expire(relay: TestRelay) {
    const { access, id } = await addSession(relay);
    await ask(relay, "POST", "/ws/ticket", { token: access, body: {} });
    await logIn(relay, "nobody-knows", "wrong password");
    relay.advance(31 * 24 * 3600 * 1000);
    return id;
  }

  it("counts without removing, removes, and then has nothing left (14.2.7)", async () => {
    const relay = startRelay();
    const id = await expire(relay);
    const dry = await operate(relay, "POST", "/admin/cleanup", { dry_run: true });
    const real = await operate(relay, "POST", "/admin/cleanup", {});
    expect(dry.body["expired"]).toEqual(real.body["expired"]);
    expect(real.body["expired"]).toMatchObject({ ws_tickets: expect.any(Number) as number });
    const row = await relay.env.DB.prepare("SELECT 1 FROM sessions WHERE id = ?1").bind(id).first();
    expect(row).toBeNull();
    const again = await operate(relay, "POST", "/admin/cleanup", {});
    expect(Object.values(again.body["expired"] ?? {}).every((count) => count === 0)).toBe(true);
  });

  it("works in slices that one call bounds, and says that there is more", async () => {
    const relay = startRelay();
    await relay.env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20600)
       INSERT INTO login_attempts (bucket, failures, blocked_until, expires_at) SELECT 'x' || i, 1, 0, 1 FROM n`,
    ).run();
    const first = await operate(relay, "POST", "/admin/cleanup", {});
    expect(first.body).toMatchObject({ more: true });
    const second = await operate(relay, "POST", "/admin/cleanup", {});
    expect(second.body).toMatchObject({ more: false });
    const left = await relay.env.DB.prepare(
      "SELECT count(*) AS n FROM login_attempts WHERE bucket LIKE 'x%'",
    ).first("n");
    expect(left).toBe(0);
  });

  it("runs by the hour too, and writes one line about it", async () => {
    const relay = startRelay();
    const id = await expire(relay);
    await relay.scheduled();
    const row = await relay.env.DB.prepare("SELECT 1 FROM sessions WHERE id = ?1").bind(id).first();
    expect(row).toBeNull();
    expect(relay.log.at(-1)).toMatchObject({ event: "swept", outcome: "ok" });
  });
});

describe("figures", () => {
  it("count what is there", async () => {
    const relay = startRelay();
    await relay.env.DB.prepare("DELETE FROM users").run();
    await addSession(relay, { role: "admin" });
    await addUser(relay, { disabled_at: 1 });
    const stats = await operate(relay, "GET", "/admin/stats");
    expect(stats.body).toMatchObject({ users: 2, users_disabled: 1, admins: 1, sessions_live: 1 });
    expect(Number(stats.body["database_bytes"])).toBeGreaterThan(0);
  });

  it("tell what the stores hold and how many sockets are open", async () => {
    const relay = startRelay();
    const db = relay.env.DB;
    const before = (await operate(relay, "GET", "/admin/stats")).body;
    const { user } = await addSession(relay);
    const store = { id: 7_001, userId: user.id, name: "counted", epoch: "0", now: relay.now() };
    await insertStore(db, store, 9);
    await countSockets(db, { id: store.id, userId: user.id }, 3, relay.now()).run();
    await db.batch([
      db
        .prepare(
          `INSERT INTO sync_data (owner_id, store_id, data_type, objects, bytes, list, data, created_at, expires_at)
           VALUES (?1, 7001, 'pack', 1, 5, '[]', 'aGVsbG8=', 1, ?2)`,
        )
        .bind(user.id, relay.now() + 1000),
      db
        .prepare(
          `INSERT INTO events (store_id, seq, owner_id, kind, at, expires_at, by_id, device, mid, weight)
           VALUES (7001, 1, ?1, 'message', 1, ?2, ?1, 'd', 'm', 256)`,
        )
        .bind(user.id, relay.now() + 1000),
    ]);
    const { body } = await operate(relay, "GET", "/admin/stats");
    const grown = (name: string) => Number(body[name]) - Number(before[name]);
    const names = ["stores", "objects", "bytes", "events", "sockets"];
    // Five bytes of data, and what an event counts.
    expect(names.map(grown)).toEqual([1, 1, 5 + 256, 1, 3]);
    expect((await operate(relay, "GET", "/metrics")).text).toContain(
      `gitblobs_stores ${Number(body["stores"])}\n`,
    );
    relay.advance(16 * 60_000);
    const later = await operate(relay, "GET", "/admin/stats");
    expect(Number(body["sockets"]) - Number(later.body["sockets"])).toBe(3);
  });

  it("tell when everything expired was last removed, by the clock or by hand", async () => {
    const relay = startRelay();
    await relay.env.DB.prepare("DELETE FROM chores").run();
    expect((await operate(relay, "GET", "/admin/stats")).body).not.toHaveProperty(
      "last_cleanup_at",
    );
    await relay.scheduled();
    const lastCleanup = async () => (await operate(relay, "GET", "/admin/stats")).body;
    expect(await lastCleanup()).toMatchObject({ last_cleanup_at: relay.now() });
    relay.advance(5_000);
    await operate(relay, "POST", "/admin/cleanup", { dry_run: true });
    expect(await lastCleanup()).toMatchObject({ last_cleanup_at: relay.now() - 5_000 });
    await operate(relay, "POST", "/admin/cleanup", {});
    expect(await lastCleanup()).toMatchObject({ last_cleanup_at: relay.now() });
    expect((await operate(relay, "GET", "/metrics")).text).toContain(
      `gitblobs_last_cleanup_timestamp_seconds ${Math.floor(relay.now() / 1000)}\n`,
    );
  });

  it("come in Prometheus' format, each with help and type", async () => {
    const relay = startRelay();
    await ask(relay, "GET", "/health");
    const { text, headers } = await operate(relay, "GET", "/metrics");
    expect(headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(text).toMatch(/^gitblobs_users \d+$/mu);
    expect(text).toContain(
      'gitblobs_isolate_requests_total{method="GET",route="/health",status="200"} 1',
    );
    const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    for (const line of samples) {
      expect(line).toMatch(/^[a-z_]+(?:\{(?:[a-z_]+="[^"]*",?)+\})? \d+$/u);
      expect(text).toContain(`# TYPE ${/^[a-z_]+/u.exec(line)?.[0] ?? ""} `);
    }
  });
});
