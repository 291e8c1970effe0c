import { describe, expect, it } from "vitest";
import { startRelay } from "./test-relay.ts";

describe("the web client", () => {
  it("is served at / with a policy that allows no inline script", async () => {
    const response = await startRelay().fetch("/");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await response.text()).toContain("<title>page</title>");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("unsafe");
  });

  it("is asked for anew each time, and not sent twice", async () => {
    const relay = startRelay();
    const first = await relay.fetch("/");
    const etag = first.headers.get("etag") ?? "";
    const second = await relay.fetch("/", { headers: { "if-none-match": `W/${etag}` } });
    expect(first.headers.get("cache-control")).toBe("no-cache");
    expect([second.status, await second.text()]).toEqual([304, ""]);
  });

  it("has files that may be kept for ever, because their names change with them", async () => {
    const response = await startRelay().fetch("/assets/index-abc.js");
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  it.each(["/assets/none.js", "/assets/%2e%2e%2fsw.js", "/assets/"])("has no %s", async (path) => {
    const response = await startRelay().fetch(path);
    expect([response.status, await response.json()]).toMatchObject([404, { code: "not_found" }]);
  });
});
