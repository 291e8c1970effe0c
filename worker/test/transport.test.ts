import { describe, expect, it } from "vitest";
import { addSession, ask } from "./people.ts";
import { startRelay } from "./test-relay.ts";

const listed = "https://app.example.com";

describe("answers, also of errors", () => {
  const routes = startRelay().routes.filter(
    (route) => !/^\/(?:sw\.js|assets.*)?$/u.test(route.path),
  );
  const places = routes.map((route) => [`${route.method} ${route.path}`, route] as const);

  it.each([...places, ["GET /nowhere", { method: "GET", path: "/nowhere" }] as const])(
    "(%s) say HSTS, CSP, nosniff, no-referrer, no-store and a charset (3.4, 4.1.1)",
    async (_, { method, path }) => {
      const { headers } = await ask(startRelay(), method, path);
      const hsts = headers.get("strict-transport-security") ?? "";
      expect(Number(/max-age=(\d+)/u.exec(hsts)?.[1])).toBeGreaterThanOrEqual(31_536_000);
      expect(hsts).toContain("includeSubDomains");
      expect(headers.get("content-security-policy")).toBe(
        "default-src 'none'; frame-ancestors 'none'",
      );
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("content-type")).toMatch(
        /^application\/(?:problem\+)?json; charset=utf-8$/u,
      );
      expect(headers.get("vary")).toContain("Origin");
    },
  );
});

describe("pages of other origins (3.4.2)", () => {
  it("on the list may read answers", async () => {
    const { headers } = await ask(startRelay(), "GET", "/health", { headers: { origin: listed } });
    expect(headers.get("access-control-allow-origin")).toBe(listed);
    expect(headers.has("access-control-allow-credentials")).toBe(false);
  });

  it.each([
    "null",
    "https://app.example.com.evil.example",
    "https://evilapp.example.com",
    "https://app.example.com:8443",
    "http://app.example.com",
    "https://APP.example.com",
    "https://app.example.com/",
    "https://app.example.co",
    "https://x.app.example.com",
    "*",
    "",
  ])("that only look like it (%j) may not, and can change nothing", async (origin) => {
    const relay = startRelay();
    const { access: token } = await addSession(relay);
    const headers = { origin };
    const read = await ask(relay, "GET", "/health", { headers });
    expect(read.headers.has("access-control-allow-origin")).toBe(false);
    const write = await ask(relay, "POST", "/logout", { token, body: {}, headers });
    expect([write.status, write.body["code"]]).toEqual([403, "origin_refused"]);
    expect((await ask(relay, "GET", "/me", { token })).status).toBe(200);
  });

  it("get their preflight answered only when they are on the list", async () => {
    const relay = startRelay();
    const ok = await ask(relay, "OPTIONS", "/login", { headers: { origin: listed } });
    expect(ok.status).toBe(204);
    expect(ok.headers.get("access-control-allow-methods")).toBe("POST");
    expect(ok.headers.get("access-control-allow-headers")).toBe(
      "Authorization, Content-Type, Gbr-Device",
    );
    const no = await ask(relay, "OPTIONS", "/login", {
      headers: { origin: "https://evil.example" },
    });
    expect(no.headers.has("access-control-allow-methods")).toBe(false);
    expect(no.headers.has("access-control-allow-origin")).toBe(false);
  });

  it("include the relay's own pages", async () => {
    const headers = { origin: "https://relay.test" };
    const answer = await ask(startRelay(), "POST", "/refresh", {
      body: { refresh_token: "x" },
      headers,
    });
    expect(answer.status).toBe(401);
  });
});

describe("plain http (4.1.2, 12.2.1)", () => {
  it.each(["/health", "/login", "/me"])(
    "to %s is refused, not redirected, and no token is looked at",
    async (path) => {
      const relay = startRelay();
      const { access } = await addSession(relay);
      const response = await relay.fetch(path, {
        base: "http://relay.test",
        method: path === "/login" ? "POST" : "GET",
        headers: { authorization: `Bearer ${access}`, "content-type": "application/json" },
        ...(path === "/login" ? { body: "{}" } : {}),
      });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: "https_required" });
      expect(relay.log.at(-1)).toMatchObject({ actor: "anonymous" });
    },
  );

  it("opens no socket, with a good token neither (4.4.1)", async () => {
    const relay = startRelay();
    const { access } = await addSession(relay);
    const response = await relay.fetch("/ws?store=plain", {
      base: "http://relay.test",
      headers: { upgrade: "websocket", authorization: `Bearer ${access}` },
    });
    expect([response.status, response.webSocket]).toEqual([403, null]);
    expect(await response.json()).toMatchObject({ code: "https_required" });
  });

  it.each([
    "http://localhost.evil.example",
    "http://127.0.0.2",
    "http://127.0.0.1.nip.example",
    "http://[::2]",
  ])("to %s is not this machine", async (base) => {
    expect((await startRelay().fetch("/health", { base })).status).toBe(403);
  });
});
