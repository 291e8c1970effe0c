import { describe, expect, it } from "vitest";
import type { Route } from "../src/http/route.ts";
import { addSession, ask } from "./people.ts";
import { startRelay } from "./test-relay.ts";

const { routes } = startRelay();
const nobody = "usr_AAAAAAAAAAAAAAAAAAAAAA";
const noSession = "ses_AAAAAAAAAAAAAAAAAAAAAA";
const nameOf = (route: Route) => `${route.method} ${route.path}`;
const pathOf = (route: Route) =>
  route.path
    .replace("/sessions/:id", `/sessions/${noSession}`)
    .replace(":session", noSession)
    .replace(":id", nobody)
    .replace(":store", "a-store");
/** The query that a route cannot do without. */
const queryOf = (route: Route) =>
  ({
    "/ws": "?store=a-store",
    "/sync/:store/events": "?after=0&epoch=x",
    "/sync/:store/fetch": "?after=0&epoch=x",
  })[route.path] ?? "";
const bodyOf = (route: Route) => (route.input.body === undefined ? {} : { body: {} });

const restricted = routes
  .filter((route) => route.access !== "public")
  .map((route) => [nameOf(route), route] as const);
const admins = routes
  .filter((route) => route.access === "admin")
  .map((route) => [nameOf(route), route] as const);
const forSessions = routes
  .filter((route) => route.access === "session")
  .map((route) => [nameOf(route), route] as const);
const changing = routes
  .filter((route) => route.method !== "GET")
  .map((route) => [nameOf(route), route] as const);
const withBody = changing.filter(([, route]) => route.input.body !== undefined);

describe("every route", () => {
  it("of admins is under /admin or is /metrics, and nothing else is", () => {
    for (const route of routes) {
      const isAdminPath = route.path.startsWith("/admin/") || route.path === "/metrics";
      expect(route.access === "admin", nameOf(route)).toBe(isAdminPath);
    }
  });

  it("that is public is one of those that have to be (6.3.4)", () => {
    const open = routes.filter((route) => route.access === "public").map(nameOf);
    expect(open.sort()).toEqual([
      "GET /",
      "GET /assets/:name",
      "GET /health",
      "GET /openapi.json",
      "GET /sw.js",
      "GET /ws",
      "POST /login",
      "POST /refresh",
    ]);
  });

  it("that gives tokens is the login or the refresh (6.3.4)", () => {
    const document = JSON.stringify(routes.map((route) => [nameOf(route), route.success.schema]));
    expect(document.match(/access_token/gu)?.length).toBeGreaterThan(0);
    const granting = routes.filter((route) =>
      JSON.stringify(route.success.schema ?? {}).includes("access_token"),
    );
    expect(granting.map(nameOf)).toEqual(["POST /login", "POST /refresh"]);
  });

  it.each(restricted)("%s refuses callers without or with a wrong token", async (_, route) => {
    const relay = startRelay();
    for (const token of [undefined, "x", "A".repeat(43), "a.b.c"]) {
      const given = token === undefined ? bodyOf(route) : { ...bodyOf(route), token };
      const answer = await ask(relay, route.method, pathOf(route), given);
      expect([answer.status, answer.body["code"]]).toEqual([401, "not_authenticated"]);
    }
  });

  it.each(admins)("%s refuses users who are no admins (8.2.1)", async (_, route) => {
    const relay = startRelay();
    const { access: token } = await addSession(relay);
    const answer = await ask(relay, route.method, pathOf(route), { ...bodyOf(route), token });
    expect([answer.status, answer.body["code"]]).toEqual([403, "forbidden"]);
  });

  it.each(admins)("%s lets admins and the bearer of ADMIN_TOKEN in (8.2.1)", async (_, route) => {
    const relay = startRelay();
    const { access } = await addSession(relay, { role: "admin" });
    for (const token of [access, relay.env.ADMIN_TOKEN]) {
      const answer = await ask(relay, route.method, pathOf(route), { ...bodyOf(route), token });
      expect([401, 403]).not.toContain(answer.status);
      expect(answer.status).toBeLessThan(500);
    }
  });

  it.each(forSessions)(
    "%s is nothing for the bearer of ADMIN_TOKEN, who is no user",
    async (_, route) => {
      const relay = startRelay();
      const token = relay.env.ADMIN_TOKEN;
      const answer = await ask(relay, route.method, pathOf(route), { ...bodyOf(route), token });
      expect(answer.status).toBe(401);
    },
  );

  it.each(withBody)("%s wants application/json, not a form or text (3.5.2)", async (_, route) => {
    const relay = startRelay();
    const { access: token } = await addSession(relay, { role: "admin" });
    for (const type of [
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "text/plain",
      "",
    ]) {
      const headers = { "content-type": type };
      const answer = await ask(relay, route.method, pathOf(route), { token, body: {}, headers });
      expect([answer.status, answer.body["code"]]).toEqual([415, "unsupported_media_type"]);
    }
  });

  it.each([...new Set(routes.map((route) => route.path))])(
    "%s changes nothing when asked by GET, HEAD or OPTIONS (3.5.3)",
    async (path) => {
      const relay = startRelay();
      const { access: token } = await addSession(relay, { role: "admin" });
      const [some] = routes.filter((route) => route.path === path);
      const read = routes.find((route) => route.path === path && route.method === "GET");
      const route = read ?? some;
      if (route === undefined) throw new Error("a path of no route");
      const before = await snapshot(relay.env.DB);
      for (const method of ["GET", "HEAD", "OPTIONS"]) {
        const answer = await ask(relay, method, pathOf(route) + queryOf(route), { token });
        expect([401, 403, 400]).not.toContain(answer.status);
        if (read === undefined) expect(answer.status).toBe(method === "OPTIONS" ? 204 : 405);
      }
      expect(await snapshot(relay.env.DB)).toEqual(before);
    },
  );

  it.each(routes.map((route) => [nameOf(route), route] as const))(
    "%s refuses methods that are not its own with 405, TRACE too (13.4.4)",
    async (_, route) => {
      const relay = startRelay();
      const here = routes.filter((other) => other.path === route.path).map((other) => other.method);
      for (const method of ["TRACE", "PATCH", "POST", "PUT", "DELETE"] as const) {
        if (!here.some((own) => own === method)) {
          const answer = await ask(relay, method, pathOf(route));
          expect([method, answer.status]).toEqual([method, 405]);
          expect(answer.headers.get("allow")).toContain(route.method);
        }
      }
    },
  );

  it.each(withBody)("%s refuses fields it does not know (2.2.1, 15.3.3)", async (_, route) => {
    const relay = startRelay();
    const { access: token } = await addSession(relay, { role: "admin" });
    const body = { user_id: nobody, role: "root", expires_at: 1, session_version: 9, unknown: 1 };
    const answer = await ask(relay, route.method, pathOf(route), { token, body });
    expect([answer.status, answer.body["code"]]).toEqual([400, "invalid_body"]);
    expect(answer.text).toContain('"path":"user_id","message":"is not known"');
  });

  it.each(restricted)("%s has a limit per session: one more gets 429 (2.4.1)", async (_, route) => {
    const relay = startRelay({ SESSION_LIMIT: closedLimit });
    const { access: token } = await addSession(relay, { role: "admin" });
    const answer = await ask(relay, route.method, pathOf(route), { ...bodyOf(route), token });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "10"]);
  });
});

describe("a public route", () => {
  const open = routes.filter((route) => route.access === "public");

  it.each(open.map((route) => [nameOf(route), route] as const))(
    "%s has a limit per network: one more gets 429 (2.4.1)",
    async (_, route) => {
      const relay = startRelay(
        route.isFile === true ? { SESSION_LIMIT: closedLimit } : { IP_LIMIT: closedLimit },
      );
      const path = pathOf(route) + queryOf(route);
      const answer = await ask(relay, route.method, path, bodyOf(route));
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "10"]);
    },
  );

  it("gives the page's files to several people of one network at once", async () => {
    const relay = startRelay();
    const headers = { "cf-connecting-ip": "203.0.113.77" };
    const files = open.filter((route) => route.isFile === true);
    expect(files.map(({ path }) => path)).toEqual(["/", "/sw.js", "/assets/:name"]);
    // Ten browsers of thirty files each, which no limit of a network's other requests would let pass.
    for (let n = 0; n < 300; n++)
      expect((await ask(relay, "GET", "/", { headers })).status).toBe(200);
  });
});

describe("limits", () => {
  it("refuse a network past its 100 requests in 10 s, and nobody else (2.4.1)", async () => {
    const relay = startRelay();
    const guess = (headers?: Record<string, string>) =>
      ask(relay, "POST", "/refresh", { body: { refresh_token: "x" }, ...(headers && { headers }) });
    const headers = { "cf-connecting-ip": "203.0.113.99" };
    let allowed = 0;
    let answer = await guess(headers);
    // The platform's window may end while this runs, so a few more than 100 may pass.
    while (answer.status === 401 && allowed < 2000) {
      allowed += 1;
      answer = await guess(headers);
    }
    expect(allowed).toBeGreaterThanOrEqual(100);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "10"]);
    expect((await guess()).status).toBe(401);
  });

  it("count callers with bad tokens by network", async () => {
    const relay = startRelay({ IP_LIMIT: closedLimit });
    expect((await ask(relay, "GET", "/me", { token: "a.b.c" })).status).toBe(429);
  });

  it("go by CF-Connecting-IP alone: forged forwarding headers change nothing (4.1.3, 15.3.4)", async () => {
    const keys: string[] = [];
    const limit: RateLimit = {
      limit: ({ key }) => {
        keys.push(key);
        return Promise.resolve({ success: true });
      },
    };
    const relay = startRelay({ IP_LIMIT: limit });
    for (const forged of ["1.2.3.4", "5.6.7.8"]) {
      const headers = {
        "cf-connecting-ip": "203.0.113.5",
        "x-forwarded-for": forged,
        "x-real-ip": forged,
        "x-user-id": nobody,
      };
      await ask(relay, "GET", "/health", { headers });
    }
    expect(keys).toEqual(["203.0.113.5", "203.0.113.5"]);
  });
});

const closedLimit: RateLimit = { limit: () => Promise.resolve({ success: false }) };

/** Every row of every table. */
async function snapshot(db: D1Database): Promise<unknown> {
  const { results: tables } = await db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_cf_*'")
    .all<{ name: string }>();
  expect(tables.length).toBeGreaterThan(14);
  const all = await db.batch(tables.map(({ name }) => db.prepare(`SELECT * FROM "${name}"`)));
  return all.map(({ results }, index) => [tables[index]?.name, results]);
}
