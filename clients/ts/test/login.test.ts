import { describe, expect, it } from "vitest";
import { Login, memoryVault, type Vault } from "../src/sync/index.ts";
import { relayProblem } from "./memory-relay/problem.ts";
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

  it.each(["1957-04-29", "2223-07-07"])(
    "lives with a clock that says %s and jumps",
    async (wrong) => {
      const relay = new MemoryRelay();
      let now = Date.parse(wrong);
      const world = { ...relay.world(), now: () => now };
      const login = new Login("http://127.0.0.1", world, memoryVault());
      await login.logIn("ada", "secret", "tab");
      const token = async (value: string) => {
        expect(await login.accessToken()).toEqual({ ok: true, value });
      };
      await token("access-1");
      await token("access-1");
      now += 366 * 86_400_000;
      await token("access-2");
      await token("access-2");
      now = Date.parse(wrong);
      await token("access-2");
    },
  );

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
    relay.intercept = () => relayProblem(429, "login_throttled", 9);
    const login = new Login("http://127.0.0.1", relay.world(), memoryVault());
    expect(await login.logIn("ada", "wrong", "tab")).toEqual({
      ok: false,
      problem: {
        status: 429,
        code: "login_throttled",
        message: "No.",
        then: "wait",
        retryAfterSeconds: 9,
      },
    });
  });

  it("says so when the vault does not let go of it", async () => {
    const relay = new MemoryRelay();
    const kept = memoryVault();
    const vault: Vault = {
      load: () => kept.load(),
      save: (login) =>
        login === null
          ? Promise.reject(new DOMException("full", "QuotaExceededError"))
          : kept.save(login),
      exclusively: (work) => kept.exclusively(work),
    };
    const login = new Login("http://127.0.0.1", relay.world(), vault);
    await login.logIn("ada", "secret", "tab");
    expect(await login.logOut()).toMatchObject({ problem: { code: "storage_blocked" } });
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
