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

  it("talks to the relay that served it, or to the one it is told of and may reach", async () => {
    const other = "https://relay.example.com";
    const [own, told] = await Promise.all([
      startRelay().fetch("/"),
      startRelay({ PAGE_RELAY: other }).fetch("/"),
    ]);
    const connects = (response: Response) =>
      /connect-src [^;]*/u.exec(response.headers.get("content-security-policy") ?? "")?.[0];
    expect(connects(own)).toBe("connect-src 'self'");
    expect(connects(told)).toBe(`connect-src 'self' ${other} wss://relay.example.com`);
    expect(told.headers.get("etag")).not.toBe(own.headers.get("etag"));
    expect(await own.text()).not.toContain("gitblobs-relay");
    expect(await told.text()).toContain(`<meta name="gitblobs-relay" content="${other}" />`);
  });

  it.each(["nonsense", "https://a.example/path", "https://a.example; script-src *"])(
    "is not told of a relay that is no origin: %s",
    async (PAGE_RELAY) => {
      const response = await startRelay({ PAGE_RELAY }).fetch("/");
      expect(response.headers.get("content-security-policy")).toContain("connect-src 'self';");
      expect(await response.text()).not.toContain("gitblobs-relay");
    },
  );

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
