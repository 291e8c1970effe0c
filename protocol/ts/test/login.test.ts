import { describe, expect, it } from "vitest";
import { Login, memoryVault } from "../src/client/index.ts";
import { MemoryRelay } from "./memory-relay.ts";

describe("a login", () => {
  it("refreshes once for many requests at the same time", async () => {
    const relay = new MemoryRelay();
    const login = new Login("http://127.0.0.1", relay.world(), memoryVault());
    await login.logIn("ada", "secret", "tab");
    relay.advance(14.9 * 60_000);
    const tokens = await Promise.all([1, 2, 3].map(() => login.accessToken()));
    expect(tokens).toEqual(Array(3).fill({ ok: true, value: "access-2" }));
  });

  it("stays when the relay cannot be reached to refresh", async () => {
    const relay = new MemoryRelay();
    const login = new Login("http://127.0.0.1", relay.world(), memoryVault());
    await login.logIn("ada", "secret", "tab");
    relay.advance(60 * 60_000);
    relay.isDown = true;
    expect(await login.accessToken()).toMatchObject({ problem: { code: "unreachable" } });
    expect(await login.saved()).not.toBeNull();
  });

  it("says why it was refused, in the relay's words", async () => {
    const relay = new MemoryRelay();
    relay.intercept = () =>
      Response.json(
        { title: "Too many failed logins", code: "login_throttled", retry_after_seconds: 9 },
        { status: 429 },
      );
    const login = new Login("http://127.0.0.1", relay.world(), memoryVault());
    expect(await login.logIn("ada", "wrong", "tab")).toEqual({
      ok: false,
      problem: {
        status: 429,
        code: "login_throttled",
        message: "Too many failed logins.",
        retryAfterSeconds: 9,
      },
    });
  });

  it("is told apart from an answer of another version", async () => {
    const relay = new MemoryRelay();
    relay.intercept = () => Response.json({ hello: "world" });
    const login = new Login("http://127.0.0.1", relay.world(), memoryVault());
    expect(await login.logIn("ada", "x", "tab")).toMatchObject({
      problem: { code: "foreign_answer" },
    });
  });
});
