import { describe, expect, it } from "vitest";
import { problemResponse, problems, RelayError, type ProblemCode } from "../src/http/problem.ts";
import { composeRelay } from "../src/compose.ts";
import { relayDoor } from "../src/relay/door.ts";
import type { Env } from "../src/env.ts";
import { ask } from "./people.ts";
import { startRelay } from "./test-relay.ts";

describe("what fails outside of every route", () => {
  it("is a problem document: a binding that is missing shows nothing of itself (16.5.4)", async () => {
    const missing = {} as Pick<Env, "ALLOWED_ORIGINS">;
    const relay = startRelay({ ALLOWED_ORIGINS: missing.ALLOWED_ORIGINS });
    const response = await relay.fetch("/health", { headers: { origin: "https://x.example" } });
    const text = await response.text();
    expect([response.status, JSON.parse(text)]).toMatchObject([500, { code: "internal" }]);
    expect(response.headers.get("strict-transport-security")).toContain("max-age");
    expect(text).not.toMatch(/TypeError|split|stack/u);
    expect(relay.log.at(-1)).toMatchObject({ event: "unexpected_error", outcome: "failed" });
  });

  it("is a problem document even when the log is what fails", async () => {
    const { world, env } = startRelay();
    const broken = composeRelay(
      {
        ...world,
        log: () => {
          throw new Error("the log is gone");
        },
      },
      relayDoor,
    );
    const context = { waitUntil: () => undefined, passThroughOnException: () => undefined };
    const request = new Request("https://relay.test/health");
    const response = await broken.fetch(request, env, context as unknown as ExecutionContext);
    expect([response.status, await response.json()]).toMatchObject([500, { code: "internal" }]);
  });
});

describe("where there is nothing", () => {
  const strangers = [
    ["GET", "/no-such-path"],
    ["PATCH", "/login"],
    ["OPTIONS", "/login"],
    ["TRACE", "/me"],
  ] as const;

  it.each(strangers)(
    "%s %s is refused over plain http like anything else",
    async (method, path) => {
      const response = await startRelay().fetch(path, { method, base: "http://relay.test" });
      expect([response.status, await response.json()]).toMatchObject([
        403,
        { code: "https_required" },
      ]);
    },
  );

  it.each(strangers)("%s %s counts for the network's limit", async (method, path) => {
    const full = { limit: () => Promise.resolve({ success: false }) };
    const answer = await ask(startRelay({ IP_LIMIT: full }), method, path);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "10"]);
  });
});

describe("Retry-After", () => {
  const codes = (Object.keys(problems) as ProblemCode[]).filter((code) =>
    [429, 503].includes(problems[code][0]),
  );

  it.each(codes)("comes with %s, in the header as in the body", async (code) => {
    const response = problemResponse(new RelayError(code), "r");
    const seconds = Number(response.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ retry_after_seconds: seconds });
  });

  it("comes with a health that is not well", async () => {
    const response = await startRelay({ JWT_SECRET: "" }).fetch("/health");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "10"]);
  });
});
