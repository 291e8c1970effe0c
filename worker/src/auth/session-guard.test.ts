import { describe, expect, it } from "vitest";
import { addSession, ask } from "../../test/people.ts";
import { startRelay } from "../../test/test-relay.ts";
import { bearerToken, liveSession } from "./session-guard.ts";
import type { SessionRow } from "./session-table.ts";

const row: SessionRow = {
  id: "ses_x",
  user_id: "usr_x",
  device: "laptop",
  token_hash: "t",
  previous_token_hash: null,
  sealed_successor: null,
  rotated_at: null,
  idle_expires_at: 2_000,
  expires_at: 3_000,
  revoked_at: null,
  username: "ada",
  role: "admin",
  session_version: 1,
  disabled_at: null,
  password_expires_at: null,
  user_created_at: 0,
};
const ended = (change: Partial<SessionRow>, now = 1_000) => {
  expect(() => liveSession({ ...row, ...change }, now)).toThrow(
    expect.objectContaining({ code: "session_ended" }),
  );
};

describe("a session", () => {
  it("is what its row says while it lives", () => {
    expect(liveSession(row, 1_999)).toEqual({
      userId: "usr_x",
      sessionId: "ses_x",
      username: "ada",
      role: "admin",
      device: "laptop",
      expiresAt: 3_000,
      passwordMustChange: false,
    });
  });

  it("is over in the very moment it expires, or was idle for too long", () => {
    ended({}, 2_000);
    ended({ idle_expires_at: 9_000 }, 3_000);
    expect(liveSession({ ...row, idle_expires_at: 9_000 }, 2_999).sessionId).toBe("ses_x");
  });

  it("is over once it was revoked or its user disabled", () => {
    ended({ revoked_at: 1 });
    ended({ disabled_at: 1 });
  });

  it("of a one-time password must change it, and is over with it", () => {
    const once = { ...row, password_expires_at: 1_500 };
    expect(liveSession(once, 1_499).passwordMustChange).toBe(true);
    ended({ password_expires_at: 1_500 }, 1_500);
  });
});

describe("a bearer token", () => {
  const read = (value: string) =>
    bearerToken(new Request("https://relay.test", { headers: { authorization: value } }));

  it("is the one word behind Bearer, in any case", () => {
    expect(read("Bearer a.b-c_d~e+f/g=")).toBe("a.b-c_d~e+f/g=");
    expect(read("bEARER x")).toBe("x");
    expect(read(`Bearer ${"x".repeat(4_096)}`)).toHaveLength(4_096);
  });

  it.each(["Basic x", "Bearer", "Bearer a b", "xBearer a", `Bearer ${"x".repeat(4_097)}`])(
    "is not in %.20s",
    (value) => {
      expect(read(value)).toBeUndefined();
    },
  );

  it("is not there without the header", () => {
    expect(bearerToken(new Request("https://relay.test"))).toBeUndefined();
  });
});

describe("the bearer of a request", () => {
  /** How `GET /me` answers a session whose rows were changed meanwhile. */
  async function answerAfter(sql: string) {
    const relay = startRelay();
    const { access: token, user, id } = await addSession(relay);
    if (sql !== "") await relay.env.DB.prepare(sql).bind(user.id, id).run();
    const { status, body } = await ask(relay, "GET", "/me", { token });
    return [status, body["code"]];
  }
  const given = "?1 = ?1 AND ?2 = ?2";

  it("is the session of the token while its rows say so", async () => {
    expect(await answerAfter("")).toEqual([200, undefined]);
  });

  it("is nobody when the session is gone, another user's, or of before a change of version", async () => {
    const nobody = [401, "not_authenticated"];
    expect(await answerAfter(`DELETE FROM sessions WHERE user_id = ?1 AND id = ?2`)).toEqual(
      nobody,
    );
    const version = `UPDATE users SET session_version = 9 WHERE id = ?1 AND ?2 = ?2`;
    expect(await answerAfter(version)).toEqual(nobody);
    const mine = startRelay();
    const [one, other] = [await addSession(mine), await addSession(mine)];
    await mine.env.DB.prepare("UPDATE sessions SET user_id = ?1 WHERE id = ?2")
      .bind(other.user.id, one.id)
      .run();
    const { status } = await ask(mine, "GET", "/me", { token: one.access });
    expect(status).toBe(401);
  });

  it("is told that the session has ended when it was revoked, or its user disabled", async () => {
    const ended = [401, "session_ended"];
    const revoke = `UPDATE sessions SET revoked_at = 1 WHERE ${given} AND id = ?2`;
    expect(await answerAfter(revoke)).toEqual(ended);
    const disable = `UPDATE users SET disabled_at = 1 WHERE ${given} AND id = ?1`;
    expect(await answerAfter(disable)).toEqual(ended);
    const both = `UPDATE users SET disabled_at = 1, session_version = 9 WHERE ${given} AND id = ?1`;
    expect(await answerAfter(both)).toEqual(ended);
  });

  it("is the operator with the whole of ADMIN_TOKEN, and nobody with a part of it", async () => {
    const relay = startRelay();
    const status = async (token: string | undefined) =>
      (await ask(relay, "GET", "/admin/users", token === undefined ? {} : { token })).status;
    const token = relay.env.ADMIN_TOKEN;
    expect(await status(token)).toBe(200);
    expect(await status(token.slice(1))).toBe(401);
    expect(await status(`${token}.`)).toBe(401);
    expect(await status(undefined)).toBe(401);
  });
});
