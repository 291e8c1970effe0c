import { describe, expect, it } from "vitest";
import { maxSessionsPerUser } from "../src/auth/grant.ts";
import { findUser } from "../src/auth/user-table.ts";
import { hashPassword } from "../src/auth/password-hash.ts";
import { toBase64Url } from "../src/encoding.ts";
import { beginAttempt } from "../src/auth/login-throttle.ts";
import { addUser, ask, logIn, password, startSession, textOf } from "./people.ts";
import { startRelay } from "./test-relay.ts";

const wrong = "not the right password";

describe("POST /login", () => {
  it("gives an access token that works and a refresh token of 256 random bits (7.2.3)", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    const answer = await logIn(relay, user.username);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 900 });
    expect(textOf(answer, "refresh_token")).toMatch(/^gbr_[\w-]{43}\.[\w-]{43}$/u);
    const me = await ask(relay, "GET", "/me", { token: textOf(answer, "access_token") });
    expect(me.body).toMatchObject({ user: { id: user.id }, session: { device: "laptop" } });
  });

  it("answers unknown user and wrong password with the same words (6.3.8)", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    const [known, unknown] = [
      await logIn(relay, user.username, wrong),
      await logIn(relay, "nobody", wrong),
    ];
    const strip = (text: string) => text.replace(/"request_id":"[^"]*"/u, "");
    expect(known.status).toBe(401);
    expect(unknown.status).toBe(known.status);
    expect(strip(unknown.text)).toBe(strip(known.text));
  });

  it("throttles after 10 failures, but not the owner at another network (6.3.1)", async () => {
    const relay = startRelay();
    // A cheap hash: this test is about counting.
    const cost = { ln: 10, r: 8, p: 1 };
    const hash = hashPassword(password, relay.env.PASSWORD_PEPPER, relay.world, cost);
    const user = await addUser(relay, { password_hash: hash });
    for (let failure = 0; failure < 10; failure += 1) {
      expect((await logIn(relay, user.username, wrong)).status).toBe(401);
    }
    const throttled = await logIn(relay, user.username);
    expect(throttled.status).toBe(429);
    expect(throttled.body["code"]).toBe("login_throttled");
    expect(Number(throttled.headers.get("retry-after"))).toBeGreaterThan(0);

    const body = { username: user.username, password, device: "phone" };
    const headers = { "cf-connecting-ip": "198.51.100.7" };
    expect((await ask(relay, "POST", "/login", { body, headers })).status).toBe(200);

    relay.advance(Number(throttled.headers.get("retry-after")) * 1000);
    expect((await logIn(relay, user.username)).status).toBe(200);
  });

  it("counts failures exactly when they come all at once", async () => {
    const relay = startRelay();
    const network = { limitKey: "192.0.2.1", prefix: "192.0.2.0/24" };
    const tries = Array.from({ length: 100 }, () =>
      beginAttempt(relay.env.DB, "somebody", network, relay.now()).then(
        () => true,
        () => false,
      ),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(10);
  });

  it("charges a network nothing for an account that has to wait: a broken client locks nobody out", async () => {
    const relay = startRelay();
    const { env } = relay;
    const network = { limitKey: "192.0.2.2", prefix: "192.0.2.0/24" };
    const attempt = (name: string) => beginAttempt(env.DB, name, network, relay.now());
    for (let attempts = 0; attempts < 200; attempts += 1) {
      await attempt("broken-client").catch(() => undefined);
    }
    await expect(attempt("broken-client")).rejects.toMatchObject({ code: "login_throttled" });
    await expect(attempt("neighbour")).resolves.toBeDefined();
  });

  it("keeps no row of names that a network guesses while it has to wait", async () => {
    const relay = startRelay();
    const { env } = relay;
    const network = { limitKey: "192.0.2.3", prefix: "192.0.2.0/24" };
    const rows = () => env.DB.prepare("SELECT count(*) AS n FROM login_attempts").first("n");
    const guess = (name: string) => beginAttempt(env.DB, name, network, relay.now());
    for (let index = 0; index < 50; index += 1) await guess(`guessed-${index}`);
    const before = await rows();
    for (let index = 50; index < 100; index += 1) {
      await expect(guess(`guessed-${index}`)).rejects.toMatchObject({ code: "login_throttled" });
    }
    expect(await rows()).toBe(before);
  });

  it("throttles a network after 50 failures, doubling the wait up to 15 minutes", async () => {
    const relay = startRelay();
    const { env } = relay;
    const network = { limitKey: "192.0.2.4", prefix: "192.0.2.0/24" };
    const guess = (name: string, at: number) => beginAttempt(env.DB, name, network, at);
    for (let index = 0; index < 50; index += 1) await guess(`many-${index}`, relay.now());
    const waits: number[] = [];
    let at = relay.now();
    for (let index = 0; index < 8; index += 1) {
      const refusal = await guess(`more-${index}`, at).catch((error: unknown) => error);
      const { details } = refusal as { details: { retryAfterSeconds: number } };
      waits.push(details.retryAfterSeconds);
      at += details.retryAfterSeconds * 1000;
      await guess(`again-${index}`, at);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it("takes no more logins than it can hash, and says when to come again", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => logIn(relay, user.username, password, `d${index}`)),
    );
    const busy = answers.filter((answer) => answer.status === 503);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(4);
    expect(busy).toHaveLength(4);
    expect(busy[0]?.headers.get("retry-after")).toBe("1");
  });

  it("starts a new session and ends the device's old one (7.2.4)", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    const old = await startSession(relay, user);
    const answer = await logIn(relay, user.username);
    expect(answer.status).toBe(200);
    expect((await ask(relay, "GET", "/me", { token: old.access })).body["code"]).toBe(
      "session_ended",
    );
    expect(relay.closed).toContainEqual({ userId: user.id, sessionId: old.id, code: 4401 });
  });

  it("ends the oldest session beyond the most a user may have (2.1.3)", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    const oldest = await startSession(relay, user, "device 0");
    for (let index = 1; index < maxSessionsPerUser; index += 1) {
      relay.advance(1);
      await startSession(relay, user, `device ${index}`);
    }
    relay.advance(1);
    const answer = await logIn(relay, user.username, password, "one more");
    const list = await ask(relay, "GET", "/sessions", { token: textOf(answer, "access_token") });
    expect(list.body["sessions"]).toHaveLength(maxSessionsPerUser);
    expect((await ask(relay, "GET", "/me", { token: oldest.access })).status).toBe(401);
  });

  it("tells the owner of a disabled account, and nobody else", async () => {
    const relay = startRelay();
    const user = await addUser(relay, { disabled_at: 1 });
    expect((await logIn(relay, user.username)).body["code"]).toBe("account_disabled");
    expect((await logIn(relay, user.username, wrong)).body["code"]).toBe("invalid_credentials");
  });

  it("hashes again with the present cost when the stored hash has another (11.2.2)", async () => {
    const relay = startRelay();
    const cost = { ln: 14, r: 8, p: 5 };
    const old = hashPassword(password, relay.env.PASSWORD_PEPPER, relay.world, cost);
    const user = await addUser(relay, { password_hash: old });
    expect((await logIn(relay, user.username)).status).toBe(200);
    const stored = await findUser(relay.env.DB, user.id);
    expect(stored?.password_hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3,/u);
    expect((await logIn(relay, user.username)).status).toBe(200);
  });

  it("renews an outdated hash for many logins at once and refuses none of them", async () => {
    const relay = startRelay();
    const cost = { ln: 10, r: 8, p: 1 };
    const old = hashPassword(password, relay.env.PASSWORD_PEPPER, relay.world, cost);
    const user = await addUser(relay, { password_hash: old });
    const answers = await Promise.all(
      ["a", "b", "c"].map((device) => logIn(relay, user.username, password, device)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("cannot be used with a copy of the database under another pepper", async () => {
    const relay = startRelay({
      PASSWORD_PEPPER: toBase64Url(crypto.getRandomValues(new Uint8Array(32))),
    });
    const elsewhere = startRelay();
    const user = await addUser(elsewhere);
    expect((await logIn(relay, user.username)).body["code"]).toBe("invalid_credentials");
  });
});
