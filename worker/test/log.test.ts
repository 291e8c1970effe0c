import { describe, expect, it } from "vitest";
import { provide } from "./device.ts";
import { addSession, addUser, ask, logIn, password, textOf } from "./people.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

/** The events a relay logged while `act` ran. */
async function eventsOf(
  relay: TestRelay,
  act: () => Promise<unknown>,
): Promise<readonly unknown[]> {
  const before = relay.log.length;
  await act();
  return relay.log.slice(before).map((line) => line["event"]);
}

const broken: D1Database = new Proxy(startRelay().env.DB, {
  get() {
    throw new TypeError("nobody expected this");
  },
});

describe("the log", () => {
  it("has one line per request: when, who, where from, what, how it ended (16.2.1, 16.2.2, 16.2.4)", async () => {
    const relay = startRelay();
    const { access, user, id } = await addSession(relay);
    const headers = { "cf-connecting-ip": "203.0.113.77" };
    const answer = await ask(relay, "GET", "/me", { token: access, headers });
    const line = relay.log.at(-1);
    expect(line).toMatchObject({
      event: "request",
      request_id: answer.headers.get("x-request-id"),
      method: "GET",
      route: "/me",
      status: 200,
      outcome: "ok",
      actor: `user:${user.id}`,
      sid8: id.slice(4, 12),
      ip_prefix: "203.0.113.0/24",
    });
    expect(line?.["ts"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
    expect(JSON.stringify(line)).not.toContain("203.0.113.77");
  });

  it("tells no ordinary request where the share is 0, and every security event (16.3)", async () => {
    const relay = startRelay({ LOG_SHARE: "0" });
    const told = (act: () => Promise<unknown>) => eventsOf(relay, act);
    const { access: token, user } = await addSession(relay);
    const login = () => logIn(relay, user.username, password, "x");
    expect(await told(login)).toEqual(["login_succeeded"]);
    expect(await told(() => ask(relay, "GET", "/me", { token }))).toEqual([]);
    expect(await told(() => ask(relay, "GET", "/me"))).toEqual(["authentication_failed"]);
    expect(await told(() => ask(relay, "GET", "/admin/stats", { token }))).toEqual([
      "access_refused",
    ]);
    expect(await told(() => ask(relay, "POST", "/logout", { token, body: {} }))).toEqual([
      "request",
    ]);
  });

  it("tells the share of ordinary requests that it is told to, and says so", async () => {
    const relay = startRelay({ LOG_SHARE: "0.5" });
    for (let asked = 0; asked < 64; asked++) await ask(relay, "GET", "/health");
    expect(relay.log.length).toBeGreaterThan(8);
    expect(relay.log.length).toBeLessThan(56);
    expect(relay.log.every((line) => line["share"] === 0.5)).toBe(true);
  });

  it("tells all where the share makes no sense", async () => {
    const relay = startRelay({ LOG_SHARE: "all" });
    await ask(relay, "GET", "/health");
    expect(relay.log.at(-1)).toMatchObject({ event: "request", route: "/health" });
    expect(relay.log.at(-1)).not.toHaveProperty("share");
  });

  it("shortens IPv6 to its /64", async () => {
    const relay = startRelay();
    for (const address of ["2001:db8::1", "2001:0db8:0:0:1:2:3:4"]) {
      await ask(relay, "GET", "/health", { headers: { "cf-connecting-ip": address } });
      expect(relay.log.at(-1)).toMatchObject({ ip_prefix: "2001:db8:0:0::/64" });
    }
  });

  it("has exactly one event for each security event (16.3.1-16.3.4)", async () => {
    const relay = startRelay();
    const { access, user } = await addSession(relay);
    const login = () => logIn(relay, user.username, password, "x");
    expect(await eventsOf(relay, login)).toEqual(["login_succeeded"]);
    expect(relay.log.at(-1)).toMatchObject({ actor: `user:${user.id}`, status: 200 });
    const wrong = () => logIn(relay, user.username, "wrong password");
    expect(await eventsOf(relay, wrong)).toEqual(["authentication_failed"]);
    expect(relay.log.at(-1)).toMatchObject({ code: "invalid_credentials" });
    const admin = () => ask(relay, "GET", "/admin/stats", { token: access });
    expect(await eventsOf(relay, admin)).toEqual(["access_refused"]);
    const bad = () => ask(relay, "POST", "/logout", { token: access, body: { nonsense: 1 } });
    expect(await eventsOf(relay, bad)).toEqual(["input_refused"]);
    const full = startRelay({ IP_LIMIT: { limit: () => Promise.resolve({ success: false }) } });
    expect(await eventsOf(full, () => ask(full, "GET", "/health"))).toEqual(["limit_reached"]);
    const failing = startRelay({ DB: broken });
    const stats = () => ask(failing, "GET", "/admin/stats", { token: failing.env.ADMIN_TOKEN });
    expect(await eventsOf(failing, stats)).toEqual(["unexpected_error"]);
    expect(failing.log.at(-1)?.["error"]).toContain("nobody expected this");
  });

  it("tells whose login was refused where there is an account, and of no other (16.3.1)", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    await logIn(relay, user.username, "wrong password");
    expect(relay.log.at(-1)).toMatchObject({ account: user.id, actor: "anonymous" });
    await logIn(relay, "nobody-at-all", "wrong password");
    expect(relay.log.at(-1)).not.toHaveProperty("account");
    const off = await addUser(relay, { disabled_at: 1 });
    await logIn(relay, off.username);
    expect(relay.log.at(-1)).toMatchObject({
      event: "access_refused",
      code: "account_disabled",
      actor: `user:${off.id}`,
    });
  });

  it("tells who opened a socket, and which were refused (16.3.1, 16.3.2)", async () => {
    const relay = startRelay();
    const person = await addSession(relay);
    const { access, user, id } = person;
    await provide(relay, person, "logged");
    const open = (token: string, protocol: string) =>
      relay.fetch("/ws?store=logged", {
        headers: {
          upgrade: "websocket",
          authorization: `Bearer ${token}`,
          "sec-websocket-protocol": protocol,
        },
      });
    const opened = await open(access, "gbr.v1");
    expect(opened.status).toBe(101);
    expect(relay.log.at(-1)).toMatchObject({
      event: "request",
      route: "/ws",
      status: 101,
      outcome: "ok",
      actor: `user:${user.id}`,
      sid8: id.slice(4, 12),
      request_id: expect.any(String) as string,
    });
    expect((await open("a.b.c", "gbr.v1")).status).toBe(401);
    expect(relay.log.at(-1)).toMatchObject({ event: "authentication_failed", route: "/ws" });
    expect((await open(access, "gbr.v9")).status).toBe(426);
    expect(relay.log.at(-1)).toMatchObject({ event: "input_refused", code: "upgrade_required" });
    opened.webSocket?.accept();
    opened.webSocket?.close(1000);
  });

  it.each([
    ["a line break", 'x\r\n{"event":"login_succeeded"}'],
    ["terminal commands", "x\u001b[2K\u001b[1A"],
    ["Unicode line ends", "x\u2028y\u2029z\u0085"],
    ["a lone surrogate", "x\ud800"],
  ])("cannot be forged by a name with %s (16.4.1)", async (_, username) => {
    const lines: string[] = [];
    const relay = startRelay();
    relay.onLine((line) => lines.push(line));
    await logIn(relay, username, "some password");
    await relay.fetch(`/${encodeURIComponent(username.toWellFormed())}`, {
      headers: { "user-agent": "x", "x-request-id": "forged" },
    });
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatch(/^\{[\x20-\x7e]*\}$/u);
      expect(line).not.toContain("forged");
    }
  });

  it("names stores by their ids, and never by their names, which are users' own words", async () => {
    const relay = startRelay();
    const lines: string[] = [];
    relay.onLine((line) => lines.push(line));
    const person = await addSession(relay);
    const token = person.access;
    const name = "divorce-papers";
    const made = await ask(relay, "POST", "/stores", { token, body: { name } });
    const store = Number(made.body["id"]);
    await ask(relay, "POST", `/sync/${name}/renew`, { token, body: {} });
    await ask(relay, "GET", `/sync/${name}/events?after=0&epoch=x&id=${store}`, { token });
    await ask(relay, "GET", `/sync/${name}/events?after=0&epoch=x&id=1`, { token });
    const upgrade = { upgrade: "websocket", "sec-websocket-protocol": "gbr.v1" };
    const authorization = `Bearer ${token}`;
    const opened = await relay.fetch(`/ws?store=${name}`, {
      headers: { ...upgrade, authorization },
    });
    opened.webSocket?.accept();
    opened.webSocket?.close(1000);
    await ask(relay, "DELETE", `/stores/${name}`, { token });
    expect(relay.log.filter((line) => line["store"] === store)).toHaveLength(5);
    expect(lines.join()).not.toContain(name);
  });

  it("never holds a secret, whatever path it takes (14.2.1, 16.2.5)", async () => {
    const canary = "canaryCanaryCANARY0123456789abcdefghijklmnop";
    const relay = startRelay();
    const lines: string[] = [];
    relay.onLine((line) => lines.push(line));
    const user = await addUser(relay);
    const login = await logIn(relay, user.username);
    const token = textOf(login, "access_token");
    const refresh = textOf(login, "refresh_token");
    const { ADMIN_TOKEN, JWT_SECRET, PASSWORD_PEPPER } = relay.env;
    const added = await ask(relay, "POST", "/admin/users", {
      token: ADMIN_TOKEN,
      body: { username: "canary" },
    });
    const ticket = await ask(relay, "POST", "/ws/ticket", { token, body: {} });
    const refreshed = await ask(relay, "POST", "/refresh", { body: { refresh_token: refresh } });
    await logIn(relay, user.username, canary);
    await logIn(relay, canary, canary);
    await ask(relay, "GET", "/me", { token: canary });
    await ask(relay, "GET", `/me?token=${canary}`, { token });
    await ask(relay, "GET", `/${canary}`);
    await ask(relay, "POST", "/refresh", { body: { refresh_token: canary } });
    await ask(relay, "POST", "/refresh", { body: { refresh_token: refresh } });
    await ask(relay, "POST", "/login", { body: { [canary]: canary } });
    await ask(relay, "PUT", "/password", {
      token,
      body: { current_password: canary, new_password: `${canary}2` },
    });
    await ask(relay, "GET", "/health", {
      headers: { "sec-websocket-protocol": `ticket.${canary}` },
    });
    const everywhere = {
      "user-agent": canary,
      cookie: `session=${canary}`,
      referer: `https://x.example/${canary}`,
      "x-request-id": canary,
      "gbr-device": canary,
    };
    const upgrade = { upgrade: "websocket", origin: "https://relay.test" };
    await ask(relay, "GET", "/ws?store=x", {
      headers: { ...upgrade, "sec-websocket-protocol": `gbr.v1, ticket.${canary.slice(0, 43)}` },
    });
    await ask(relay, "GET", `/ws?store=${canary}&ticket=${canary}`, { token, headers: upgrade });
    await ask(relay, "GET", `/sync/${canary.toLowerCase()}/events?after=0&epoch=x`, {
      token,
      headers: everywhere,
    });
    await ask(relay, "POST", `/sync/x/push`, {
      token,
      body: { mid: canary, ref: canary, old: null, new: canary },
    });
    await ask(relay, "DELETE", `/stores/${canary.toLowerCase()}`, { token, headers: everywhere });
    await ask(relay, "PATCH", `/login`, { headers: everywhere });
    await ask(relay, "GET", `/admin/users?username=${canary.toLowerCase()}`, {
      token: ADMIN_TOKEN,
      headers: everywhere,
    });
    await ask(relay, "PUT", `/admin/users/${user.id}/role`, {
      token: ADMIN_TOKEN,
      body: { role: canary },
    });
    const failing = startRelay({ DB: broken });
    failing.onLine((line) => lines.push(line));
    await logIn(failing, canary, canary);
    const secrets = [
      canary,
      canary.slice(0, 43),
      canary.toLowerCase(),
      password,
      token,
      token.split(".")[2] ?? "",
      refresh.slice(4),
      refresh.split(".")[1] ?? "",
      textOf(refreshed, "refresh_token").split(".")[1] ?? "",
      textOf(ticket, "ticket"),
      textOf(added, "one_time_password"),
      ADMIN_TOKEN,
      JWT_SECRET,
      PASSWORD_PEPPER,
      user.password_hash,
    ];
    expect(lines.length).toBeGreaterThan(14);
    for (const secret of secrets) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  });
});

describe("answers", () => {
  it("never hold a password hash (15.3.1)", async () => {
    const relay = startRelay();
    const token = relay.env.ADMIN_TOKEN;
    const { user, access } = await addSession(relay);
    const answers = [
      await logIn(relay, user.username),
      await ask(relay, "GET", "/me", { token: access }),
      await ask(relay, "GET", "/admin/users", { token }),
      await ask(relay, "GET", `/admin/users/${user.id}`, { token }),
      await ask(relay, "POST", `/admin/users/${user.id}/reset-password`, { token, body: {} }),
      await ask(relay, "GET", `/admin/users/${user.id}/sessions`, { token }),
    ];
    for (const { text, status } of answers) {
      expect(status).toBeLessThan(500);
      expect(text).not.toMatch(/scrypt|password_hash|token_hash|session_version|wrapped_key/u);
    }
    const shown = await ask(relay, "GET", `/admin/users/${user.id}`, { token });
    expect(Object.keys(shown.body).sort()).toEqual([
      "created_at",
      "disabled",
      "id",
      "password_must_change",
      "role",
      "username",
    ]);
  });
});
