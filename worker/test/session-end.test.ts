import { describe, expect, it } from "vitest";
import { guardUpgrade } from "../src/auth/upgrade-guard.ts";
import { hashPassword, verifyPassword } from "../src/auth/password-hash.ts";
import { findUser } from "../src/auth/user-table.ts";
import { createKeyFinder } from "../src/auth/keyring.ts";
import { createTokenVerifier } from "../src/auth/session-guard.ts";
import { sessionIdleMs, sessionLifeMs } from "../src/auth/grant.ts";
import { beforeBatch } from "./faulty.ts";
import { addSession, addUser, ask, logIn, password, startSession, textOf } from "./people.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

const me = (relay: TestRelay, token: string) => ask(relay, "GET", "/me", { token });

describe("sessions end", () => {
  it("on logout: the same token is refused on the next request, its sockets are closed (7.4.1)", async () => {
    const relay = startRelay();
    const { access, refresh, user, id } = await addSession(relay);
    expect((await ask(relay, "POST", "/logout", { token: access, body: {} })).status).toBe(204);
    expect((await me(relay, access)).body["code"]).toBe("session_ended");
    const body = { refresh_token: refresh };
    expect((await ask(relay, "POST", "/refresh", { body })).body["code"]).toBe("session_ended");
    expect(relay.closed).toEqual([{ userId: user.id, sessionId: id, code: 4401 }]);
  });

  it("all of them on logout of all, and only the user's own", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    const mine = [await startSession(relay, user, "a"), await startSession(relay, user, "b")];
    const other = await addSession(relay);
    await ask(relay, "POST", "/logout", { token: mine[0]?.access ?? "", body: { all: true } });
    for (const { access } of mine) {
      expect((await me(relay, access)).status).toBe(401);
    }
    expect((await me(relay, other.access)).status).toBe(200);
    expect(relay.closed).toHaveLength(2);
  });

  it("idle and absolute expiry refuse access tokens too (7.3.1, 7.3.2)", async () => {
    for (const life of [sessionIdleMs, sessionLifeMs]) {
      const relay = startRelay();
      const { access, id } = await addSession(relay);
      await relay.env.DB.prepare(
        "UPDATE sessions SET idle_expires_at = ?2, expires_at = ?3 WHERE id = ?1",
      )
        .bind(
          id,
          relay.now() + (life === sessionIdleMs ? 60_000 : life),
          relay.now() + (life === sessionLifeMs ? 60_000 : life),
        )
        .run();
      relay.advance(59_000);
      expect((await me(relay, access)).status).toBe(200);
      relay.advance(2000);
      expect((await me(relay, access)).body["code"]).toBe("session_ended");
    }
  });

  it("are listed for and ended by their user (7.5.2)", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    const phone = await startSession(relay, user, "phone");
    relay.advance(1);
    const laptop = await startSession(relay, user, "laptop");
    const list = await ask(relay, "GET", "/sessions", { token: laptop.access });
    expect(list.body["sessions"]).toMatchObject([
      { id: laptop.id, device: "laptop", current: true },
      { id: phone.id, device: "phone", current: false },
    ]);
    const ended = await ask(relay, "DELETE", `/sessions/${phone.id}`, { token: laptop.access });
    expect(ended.status).toBe(204);
    expect((await me(relay, phone.access)).status).toBe(401);
  });

  it("of others look like ones that do not exist (8.2.2, 8.4.1)", async () => {
    const relay = startRelay();
    const [mine, foreign] = [await addSession(relay), await addSession(relay)];
    const random = `ses_${"Ab1".repeat(7)}x`;
    const strip = (text: string) => text.replace(/"request_id":"[^"]*"/u, "");
    const [real, none] = [
      await ask(relay, "DELETE", `/sessions/${foreign.id}`, { token: mine.access }),
      await ask(relay, "DELETE", `/sessions/${random}`, { token: mine.access }),
    ];
    expect(real.status).toBe(404);
    expect(strip(real.text)).toBe(strip(none.text));
    expect((await me(relay, foreign.access)).status).toBe(200);
  });
});

describe("PUT /password", () => {
  const fresh = "a brand new sentence to remember";
  const change = (relay: TestRelay, token: string, current: string, next = fresh) =>
    ask(relay, "PUT", "/password", {
      token,
      body: { current_password: current, new_password: next },
    });

  it("needs the current one, and ends the other sessions (6.2.2, 6.2.3, 7.4.3)", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    const [here, there] = [
      await startSession(relay, user, "a"),
      await startSession(relay, user, "b"),
    ];
    expect((await change(relay, here.access, "guess")).body["code"]).toBe("wrong_password");
    expect((await me(relay, there.access)).status).toBe(200);
    expect((await change(relay, here.access, password)).status).toBe(204);
    expect((await me(relay, here.access)).status).toBe(200);
    expect((await me(relay, there.access)).status).toBe(401);
    expect(relay.closed).toEqual([{ userId: user.id, sessionId: there.id, code: 4401 }]);
    expect((await logIn(relay, user.username, fresh, "c")).status).toBe(200);
    expect((await logIn(relay, user.username, password, "c")).status).toBe(401);
  });

  it.each([
    ["the password", null],
    ["a one-time password", 86_400_000],
  ])("of 100 at once with %s exactly one wins and ends the others (2.3.4)", async (_, life) => {
    const relay = startRelay();
    // A cheap hash: this is about who wins.
    const cost = { ln: 8, r: 8, p: 1 };
    const user = await addUser(relay, {
      password_hash: hashPassword(password, relay.env.PASSWORD_PEPPER, relay.world, cost),
      password_expires_at: life === null ? null : relay.now() + life,
    });
    const sessions = [await startSession(relay, user, "a"), await startSession(relay, user, "b")];
    const tokens = sessions.map(({ access }) => access);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        change(relay, tokens[index % 2] ?? "", password, `a new sentence, number ${index}`),
      ),
    );
    const won = answers.findIndex(({ status }) => status === 204);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThan(90);
    expect((await me(relay, tokens[won % 2] ?? "")).status).toBe(200);
    expect((await me(relay, tokens[(won + 1) % 2] ?? "")).status).toBe(401);
    const stored = (await findUser(relay.env.DB, user.id))?.password_hash ?? "";
    const pepper = relay.env.PASSWORD_PEPPER;
    expect(verifyPassword(`a new sentence, number ${won}`, stored, pepper).matches).toBe(true);
  });

  it("that changes nothing ends no session", async () => {
    const relay = startRelay();
    const user = await addUser(relay);
    const [here, there] = [
      await startSession(relay, user, "a"),
      await startSession(relay, user, "b"),
    ];
    // Between the check of the password and its change somebody else changes it.
    const DB = beforeBatch(relay.env.DB, "UPDATE users SET password_hash = ?3", () =>
      relay.env.DB.prepare("UPDATE users SET password_hash = 'other' WHERE id = ?1")
        .bind(user.id)
        .run(),
    );
    const answer = await change(startRelay({ DB }), here.access, password);
    expect([answer.status, answer.body["code"]]).toEqual([403, "wrong_password"]);
    expect((await me(relay, there.access)).status).toBe(200);
  });

  it("refuses weak ones and says why", async () => {
    const relay = startRelay();
    const { access } = await addSession(relay);
    const answer = await change(relay, access, password, "passwordpassword");
    expect(answer.status).toBe(422);
    expect(answer.body["detail"]).toMatch(/common/u);
  });

  it("is all that a one-time password is good for (6.4.1)", async () => {
    const relay = startRelay();
    const user = await addUser(relay, { password_expires_at: relay.now() + 86_400_000 });
    const token = textOf(await logIn(relay, user.username), "access_token");
    expect((await ask(relay, "GET", "/sessions", { token })).body["code"]).toBe(
      "password_change_required",
    );
    expect((await me(relay, token)).status).toBe(200);
    expect((await change(relay, token, password)).status).toBe(204);
    expect((await ask(relay, "GET", "/sessions", { token })).status).toBe(200);
  });

  it("is no longer possible a day after the one-time password was made (6.4.1)", async () => {
    const relay = startRelay();
    const user = await addUser(relay, { password_expires_at: relay.now() + 1000 });
    const session = await startSession(relay, user);
    relay.advance(1001);
    expect((await logIn(relay, user.username)).body["code"]).toBe("password_expired");
    expect((await me(relay, session.access)).body["code"]).toBe("session_ended");
  });
});

describe("a socket's ticket", () => {
  const origin = "https://app.example.com";
  const protocols = (ticket: string) => ({ "sec-websocket-protocol": `gbr.v1, ticket.${ticket}` });
  const redeem = (relay: TestRelay, headers: Readonly<Record<string, string>>) => {
    const request = new Request("https://relay.test/ws?store=x", { headers });
    const verify = createTokenVerifier(relay.world, createKeyFinder(relay.world));
    return guardUpgrade(request, relay.env, relay.world, verify);
  };
  const buy = async (relay: TestRelay, token: string, from = origin) =>
    textOf(
      await ask(relay, "POST", "/ws/ticket", { token, body: {}, headers: { origin: from } }),
      "ticket",
    );

  it("opens one socket, and of 100 uses at once exactly one (2.3.4)", async () => {
    const relay = startRelay();
    const { access, user } = await addSession(relay);
    const ticket = await buy(relay, access);
    const uses = await Promise.allSettled(
      Array.from({ length: 100 }, () => redeem(relay, { origin, ...protocols(ticket) })),
    );
    const won = uses.filter((use) => use.status === "fulfilled");
    expect(won).toHaveLength(1);
    expect(won[0]?.value.userId).toBe(user.id);
  });

  it("is refused after 30 s, from another origin, without origin, and after logout (4.4.4)", async () => {
    const relay = startRelay();
    const { access } = await addSession(relay);
    const late = await buy(relay, access);
    relay.advance(30_000);
    await expect(redeem(relay, { origin, ...protocols(late) })).rejects.toThrow();

    const own = "https://relay.test";
    const elsewhere = await buy(relay, access);
    await expect(redeem(relay, { origin: own, ...protocols(elsewhere) })).rejects.toThrow();
    const bare = await buy(relay, access);
    await expect(redeem(relay, protocols(bare))).rejects.toThrow();

    const orphan = await buy(relay, access);
    await ask(relay, "POST", "/logout", { token: access, body: {} });
    await expect(redeem(relay, { origin, ...protocols(orphan) })).rejects.toThrow();
  });

  it("is given only to a live session (4.4.3), and is no access token (9.2.2)", async () => {
    const relay = startRelay();
    const { access } = await addSession(relay);
    const ticket = await buy(relay, access);
    expect((await ask(relay, "POST", "/ws/ticket", { body: {} })).status).toBe(401);
    expect((await me(relay, ticket)).status).toBe(401);
  });

  it.each(["null", "https://evil.example", "https://app.example.com.evil.example"])(
    "cannot be used by a page of %s, nor can a token (4.4.2)",
    async (foreign) => {
      const relay = startRelay();
      const { access } = await addSession(relay);
      const ticket = await buy(relay, access);
      await expect(redeem(relay, { origin: foreign, ...protocols(ticket) })).rejects.toMatchObject({
        code: "origin_refused",
      });
      const bearer = { origin: foreign, authorization: `Bearer ${access}` };
      await expect(redeem(relay, bearer)).rejects.toMatchObject({ code: "origin_refused" });
    },
  );

  it("is not needed with a bearer token and no origin (4.4.2)", async () => {
    const relay = startRelay();
    const { access, id } = await addSession(relay);
    expect((await redeem(relay, { authorization: `Bearer ${access}` })).sessionId).toBe(id);
  });
});
