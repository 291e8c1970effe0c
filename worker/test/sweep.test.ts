import { describe, expect, it } from "vitest";
import { ask } from "./people.ts";
import { faulty } from "./faulty.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

const cleanUp = (relay: TestRelay) =>
  ask(relay, "POST", "/admin/cleanup", { token: relay.env.ADMIN_TOKEN, body: {} });

/** So many expired rows of failed logins, and one expired entry of the audit log. */
async function expire(relay: TestRelay, attempts: number) {
  const { DB } = relay.env;
  await DB.batch([
    DB.prepare("DELETE FROM audit_log"),
    DB.prepare("DELETE FROM login_attempts"),
    DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
       INSERT INTO login_attempts (bucket, failures, blocked_until, expires_at) SELECT 'x' || i, 1, 0, 1 FROM n`,
    ).bind(attempts),
    DB.prepare(
      "INSERT INTO audit_log (at, actor, action, request_id, ip_prefix) VALUES (1, 'a', 'old', 'r', 'p')",
    ),
  ]);
}

const attemptsLeft = ({ env }: TestRelay) =>
  env.DB.prepare("SELECT count(*) AS n FROM login_attempts WHERE expires_at = 1").first("n");
const actionsOf = async ({ env }: TestRelay) =>
  (await env.DB.prepare("SELECT action FROM audit_log").all<{ action: string }>()).results.map(
    ({ action }) => action,
  );

describe("a sweep", () => {
  it("takes a slice of each table in turn: a full one starves no other", async () => {
    const relay = startRelay();
    await expire(relay, 20_600);
    expect((await cleanUp(relay)).body).toMatchObject({ more: true, expired: { audit_log: 1 } });
    expect(await actionsOf(relay)).toEqual(["cleanup"]);
  });

  it("by the hour goes on until nothing is left", async () => {
    const relay = startRelay();
    await expire(relay, 20_600);
    await relay.scheduled();
    expect(await attemptsLeft(relay)).toBe(0);
    expect(relay.log.at(-1)).toMatchObject({
      event: "swept",
      outcome: "ok",
      login_attempts: 20_600,
      more: false,
    });
  });

  it("by the hour ends well when the platform allows no more queries", async () => {
    const relay = startRelay();
    await expire(relay, 1_200);
    const spent = "Too many API requests by single worker invocation.";
    const { database } = faulty(relay.env.DB, 1, "before", spent);
    const small = startRelay({ DB: database });
    await small.scheduled();
    expect(small.log.at(-1)).toMatchObject({ event: "swept", outcome: "ok", more: true });
    expect(await attemptsLeft(relay)).toBe(700);
  });

  it("that fails half-way is in the audit log all the same, and is not called done", async () => {
    const relay = startRelay();
    await expire(relay, 1_200);
    await relay.env.DB.prepare("DELETE FROM chores").run();
    const { database } = faulty(relay.env.DB, 1, "before");
    expect((await cleanUp(startRelay({ DB: database }))).status).toBe(503);
    expect(await actionsOf(relay)).toEqual(["cleanup"]);
    expect(await attemptsLeft(relay)).toBe(700);
    const stats = await ask(relay, "GET", "/admin/stats", { token: relay.env.ADMIN_TOKEN });
    expect(stats.body).not.toHaveProperty("last_cleanup_at");
  });

  it("that fails at once by the hour is logged and counted as failed by the platform", async () => {
    const { database } = faulty(startRelay().env.DB, 0, "before");
    const relay = startRelay({ DB: database });
    await expect(relay.scheduled()).rejects.toThrow("Network connection lost");
    expect(relay.log.at(-1)).toMatchObject({
      event: "swept",
      outcome: "failed",
      code: "database_unavailable",
    });
  });
});
