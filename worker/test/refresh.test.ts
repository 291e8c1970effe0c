import { describe, expect, it } from "vitest";
import { sessionIdleMs, sessionLifeMs } from "../src/auth/grant.ts";
import { addSession, ask, textOf } from "./people.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

const refresh = (relay: TestRelay, token: string) =>
  ask(relay, "POST", "/refresh", { body: { refresh_token: token } });
const me = (relay: TestRelay, token: string) => ask(relay, "GET", "/me", { token });

describe("POST /refresh", () => {
  it("gives new tokens and uses the old one up", async () => {
    const relay = startRelay();
    const session = await addSession(relay);
    const answer = await refresh(relay, session.refresh);
    expect(answer.status).toBe(200);
    expect(textOf(answer, "refresh_token")).not.toBe(session.refresh);
    expect((await me(relay, textOf(answer, "access_token"))).status).toBe(200);
    const atOnce = await refresh(relay, session.refresh);
    expect(atOnce.body).toMatchObject({ status: 409, code: "refresh_raced" });
    relay.advance(30_000);
    const late = await refresh(relay, session.refresh);
    expect(late.body).toMatchObject({ status: 401, code: "refresh_reused" });
    for (const { body } of [atOnce, late]) {
      expect(Object.keys(body).filter((field) => field.endsWith("_token"))).toEqual([]);
    }
  });

  it("lets exactly one of 100 uses at once through (2.3.4)", async () => {
    const relay = startRelay();
    const session = await addSession(relay);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => refresh(relay, session.refresh)),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.body["code"] === "refresh_raced")).toHaveLength(99);
    const winner = answers.find((answer) => answer.status === 200);
    expect(winner && (await me(relay, textOf(winner, "access_token"))).status).toBe(200);
  });

  it("repeats the very same successor when the reply was lost", async () => {
    const relay = startRelay();
    const session = await addSession(relay);
    const first = await refresh(relay, session.refresh);
    relay.advance(29_000);
    const second = await refresh(relay, session.refresh);
    expect(second.status).toBe(200);
    expect(second.body["refresh_token"]).toBe(first.body["refresh_token"]);
  });

  it("ends the session when an old token is used after the grace", async () => {
    const relay = startRelay();
    const session = await addSession(relay);
    const next = await refresh(relay, session.refresh);
    relay.advance(30_000);
    expect((await refresh(relay, session.refresh)).body["code"]).toBe("refresh_reused");
    expect((await me(relay, textOf(next, "access_token"))).body["code"]).toBe("session_ended");
    expect((await refresh(relay, textOf(next, "refresh_token"))).status).toBe(401);
    expect(relay.closed).toContainEqual({
      userId: session.user.id,
      sessionId: session.id,
      code: 4401,
    });
  });

  it("ends the session when a token from before the last is used, even at once", async () => {
    const relay = startRelay();
    const session = await addSession(relay);
    const second = await refresh(relay, session.refresh);
    await refresh(relay, textOf(second, "refresh_token"));
    expect((await refresh(relay, session.refresh)).body["code"]).toBe("refresh_reused");
  });

  it.each(["", "gbr_", "x".repeat(91), `gbr_${"A".repeat(43)}.${"A".repeat(43)}`])(
    "refuses %j without ending anything",
    async (token) => {
      const relay = startRelay();
      const session = await addSession(relay);
      const answer = await refresh(relay, token);
      expect([400, 401]).toContain(answer.status);
      expect((await me(relay, session.access)).status).toBe(200);
    },
  );

  it("refuses a session one second after it was idle for too long (7.3.1)", async () => {
    const relay = startRelay();
    const session = await addSession(relay);
    relay.advance(sessionIdleMs + 1000);
    expect((await refresh(relay, session.refresh)).body["code"]).toBe("session_ended");
  });

  it("refuses a session one second after its whole life, however busy it was (7.3.2)", async () => {
    const relay = startRelay();
    const session = await addSession(relay);
    let token = session.refresh;
    for (let days = 0; days < 30; days += 6) {
      token = textOf(await refresh(relay, token), "refresh_token");
      relay.advance(sessionLifeMs / 5);
    }
    relay.advance(1000);
    expect((await refresh(relay, token)).body["code"]).toBe("session_ended");
  });

  it("keeps of tokens only digests (7.2.3)", async () => {
    const relay = startRelay();
    const session = await addSession(relay);
    const next = textOf(await refresh(relay, session.refresh), "refresh_token");
    const row = await relay.env.DB.prepare("SELECT * FROM sessions WHERE id = ?1")
      .bind(session.id)
      .first();
    const stored = JSON.stringify(row);
    for (const part of [...session.refresh.slice(4).split("."), ...next.slice(4).split(".")]) {
      expect(stored).not.toContain(part);
    }
  });
});
