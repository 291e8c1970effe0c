import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { configurationFaults } from "../src/configuration.ts";
import { toBase64Url, toHex } from "../src/encoding.ts";
import { startRelay } from "./test-relay.ts";

const brokenDatabase: D1Database = new Proxy(env.DB, {
  get() {
    throw new Error("D1_ERROR: Network connection lost.");
  },
});

describe("GET /health", () => {
  it("answers 200 with the migration that the database has reached", async () => {
    const response = await exports.default.fetch("https://relay.test/health");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: "ok",
      database: { status: "ok", migration: env.TEST_MIGRATIONS.at(-1)?.name },
      environment: "local",
    });
  });

  it("wakes a hub when asked to look deep", async () => {
    const response = await exports.default.fetch("https://relay.test/health?deep=1");
    expect(await response.json()).toMatchObject({ status: "ok", hub: "ok" });
  });

  it("answers 503 when the database cannot be read, and says nothing of why", async () => {
    const response = await startRelay({ DB: brokenDatabase }).fetch("/health");
    const text = await response.text();
    expect(response.status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ status: "failed", database: { status: "failed" } });
    expect(text).not.toContain("Network");
  });

  it.each([
    ["missing", ""],
    ["short", "c2hvcnQ"],
    ["a placeholder", "changeme".repeat(8)],
    ["a sentence in capitals", "REPLACE_ME_WITH_32_RANDOM_BYTES_BASE64URL__"],
    ["a sentence in small letters", "please-change-this-to-something-long-at-once"],
    ["an alphabet", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"],
    ["an alphabet backwards", "zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA"],
    ["digits that go on", "8mKq0123456789xTeVb3Lw_Zr5uYn2HsJdGfPoCaXiRkE"],
    ["one character many times", "8mKqAAAAAAAAAAxTeVb3Lw_Zr5uYn2HsJdGfPoCaXiRkE"],
    ["keys of a keyboard", "qwertyuiopasdfghjklzxcvbnmQWERTYUIOPASDFGHJKLZ"],
    ["not base64url", "!".repeat(43)],
    ["of an impossible length", "0123456789abcdefghijABCDEFGHIJklmnoKLMNOpqrst"],
  ])("answers 503 when a secret is %s, without quoting it", async (_, secret) => {
    const response = await startRelay({ JWT_SECRET: secret }).fetch("/health");
    const health: { configuration?: { faults?: string[] } } = await response.json();
    expect(response.status).toBe(503);
    expect(health.configuration?.faults).toHaveLength(1);
    expect(health.configuration?.faults?.[0]).toMatch(/^JWT_SECRET /u);
  });

  it("takes 32 random bytes, in base64url as in hex", async () => {
    for (let index = 0; index < 1000; index += 1) {
      const bytes = crypto.getRandomValues(new Uint8Array(32));
      const secrets = { JWT_SECRET: toBase64Url(bytes), ADMIN_TOKEN: toHex(bytes) };
      expect(configurationFaults({ ...env, ...secrets })).toEqual([]);
    }
    const response = await startRelay().fetch("/health");
    expect(response.status).toBe(200);
  });

  it("answers 503 when two secrets are the same", async () => {
    const response = await startRelay({ ADMIN_TOKEN: env.JWT_SECRET }).fetch("/health");
    expect(response.status).toBe(503);
  });
});

describe("transport", () => {
  it("refuses plain http from elsewhere without redirecting", async () => {
    const response = await startRelay().fetch("/health", { base: "http://relay.test" });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "https_required" });
  });

  it.each(["http://localhost:8787", "http://127.0.0.1:8787", "http://[::1]:8787"])(
    "serves this machine over %s",
    async (base) => {
      expect((await startRelay().fetch("/health", { base })).status).toBe(200);
    },
  );
});

describe("answers", () => {
  it.each(["/health", "/nowhere"])("of %s carry every security header", async (path) => {
    const { headers } = await startRelay().fetch(path);
    expect(headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-request-id")).toMatch(/^[\w-]{16}$/u);
  });

  it("to unknown paths are problem documents", async () => {
    const response = await startRelay().fetch("/nowhere");
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(await response.json()).toMatchObject({ code: "not_found", status: 404 });
  });

  it("to other methods of a path name the allowed ones", async () => {
    const response = await startRelay().fetch("/health", { method: "DELETE" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, OPTIONS");
  });

  it("refuse parameters that a route does not know", async () => {
    const response = await startRelay().fetch("/health?token=x");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "invalid_query",
      errors: [{ path: "token", message: "is not known" }],
    });
  });
});
