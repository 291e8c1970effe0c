import { describe, expect, it } from "vitest";
import { addSession, addUser, ask, password } from "./people.ts";
import { startRelay, type TestRelay } from "./test-relay.ts";

const login = (relay: TestRelay, body: BodyInit, headers: Record<string, string> = {}) =>
  relay.fetch("/login", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });

async function codeOf(response: Response): Promise<unknown> {
  const body: { code?: unknown } = await response.json();
  return body.code;
}

const good = `"username":"a","password":"b","device":"c"`;

describe("bodies", () => {
  it.each([
    ["nothing", ""],
    ["broken JSON", "{"],
    ["two values", "{} {}"],
    ["a comment", `{${good}/**/}`],
    ["a trailing comma", `{${good},}`],
    ["NaN", `{${good},"n":NaN}`],
    ["a byte order mark", `\ufeff{${good}}`],
    ["a key twice", `{${good},"device":"d"}`],
    ["a key twice, once escaped", `{${good},"devic\\u0065":"d"}`],
    ["a key twice deep inside", `{${good},"x":[{"y":1,"y":2}]}`],
    ["__proto__", `{${good},"__proto__":{"role":"admin"}}`],
    ["constructor", `{${good},"constructor":{"prototype":{}}}`],
    ["toString", `{${good},"toString":1}`],
    ["an escaped __proto__", `{${good},"\\u005f_proto__":1}`],
    ["33 levels", `{"x":${"[".repeat(33)}${"]".repeat(33)}}`],
    ["1,500 levels", "[".repeat(1500) + "]".repeat(1500)],
    ["unclosed levels", "[".repeat(4000)],
  ])("with %s are refused as JSON (1.5.3, 15.3.6)", async (_, body) => {
    const response = await login(startRelay(), body);
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_json"]);
  });

  it.each([
    ["a lone continuation byte", [0x80]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a cut sequence", [0xe2, 0x82]],
  ])("with %s are refused as not UTF-8 (1.5.3)", async (_, bytes) => {
    const text = new TextEncoder().encode(`{${good},"x":"`);
    const end = new TextEncoder().encode(`"}`);
    const response = await login(startRelay(), new Uint8Array([...text, ...bytes, ...end]));
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_json"]);
  });

  it.each([
    ["an object as name", { username: {} }],
    ["an array as name", { username: ["a"] }],
    ["a number as name", { username: 1 }],
    ["null as name", { username: null }],
    ["an empty name", { username: "" }],
    ["a name of 129", { username: "x".repeat(129) }],
    ["an operator as password", { password: { $ne: "" } }],
    ["true as password", { password: true }],
    ["a device with a line break", { device: "a\nb" }],
    ["no device", { device: undefined }],
    ["a field too many", { role: "admin" }],
  ])("with %s are refused by their schema (15.3.5)", async (_, change) => {
    const body = { username: "a", password: "b", device: "c", ...change };
    const response = await login(startRelay(), JSON.stringify(body));
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_body"]);
  });

  it.each(["null", "[]", `"text"`, "1", "true"])("that are %s are refused", async (body) => {
    expect((await login(startRelay(), body)).status).toBe(400);
  });

  it.each(["[]", "[{}]", "null", `""`])(
    "that are %s are refused where no field is needed",
    async (body) => {
      const relay = startRelay();
      const { access } = await addSession(relay);
      const response = await relay.fetch("/ws/ticket", {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${access}` },
        body,
      });
      expect([response.status, await codeOf(response)]).toEqual([400, "invalid_body"]);
    },
  );

  it("over 4 KiB are refused before they are read, whatever Content-Length says", async () => {
    const relay = startRelay();
    const large = await login(relay, `{${good},"x":"${"y".repeat(4096)}"}`);
    expect([large.status, await codeOf(large)]).toEqual([413, "body_too_large"]);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024;
        controller.enqueue(new Uint8Array(1024).fill(32));
      },
    });
    const streamed = await login(relay, endless);
    expect(streamed.status).toBe(413);
    expect(sent).toBeLessThan(64 * 1024);
  });

  it("in another charset are refused, in UTF-8 said or unsaid they are not", async () => {
    const relay = startRelay();
    const type = (value: string) => login(relay, "{}", { "content-type": value });
    expect((await type("application/json; charset=utf-16")).status).toBe(415);
    expect((await type("application/jsonp")).status).toBe(415);
    expect((await type("Application/JSON; charset=UTF-8")).status).toBe(400);
  });
});

describe("queries", () => {
  it.each(["limit=1&limit=2", "limit=1&unknown=1", "__proto__=1", "constructor=1"])(
    "with ?%s are refused (15.3.7)",
    async (query) => {
      const relay = startRelay();
      const answer = await ask(relay, "GET", `/admin/users?${query}`, {
        token: relay.env.ADMIN_TOKEN,
      });
      expect([answer.status, answer.body["code"]]).toEqual([400, "invalid_query"]);
    },
  );

  it.each(["0", "201", "-1", "1e2", "0x10", " 1", "1;", ""])(
    "with limit=%j are refused",
    async (limit) => {
      const relay = startRelay();
      const path = `/admin/users?limit=${encodeURIComponent(limit)}`;
      expect((await ask(relay, "GET", path, { token: relay.env.ADMIN_TOKEN })).status).toBe(400);
    },
  );
});

const quotes = ["'", '"', "`", "')", '")', "';", "\\'", "%27", "''"];
const tails = [
  " OR 1=1 --",
  " OR '1'='1",
  "; DROP TABLE users; --",
  " UNION SELECT 1,2,3,4,5,6,7,8 --",
  " UNION SELECT password_hash FROM users --",
  "||(SELECT password_hash FROM users LIMIT 1)||",
  " AND randomblob(1000000000)",
  "/**/OR/**/1",
  " ORDER BY 100 --",
  "; ATTACH DATABASE 'x' AS y; --",
  " LIKE '%",
  "\u0000",
];
const injections = quotes.flatMap((quote) => tails.map((tail) => `a${quote}${tail}`));

describe("SQL in fields (1.2.4)", () => {
  it("is text like any other: no error, no row too many, no table lost", async () => {
    const relay = startRelay({ IP_LIMIT: open, SESSION_LIMIT: open });
    const { access } = await addSession(relay);
    const token = relay.env.ADMIN_TOKEN;
    expect(injections.length).toBeGreaterThan(100);
    for (const text of injections) {
      const enc = encodeURIComponent(text);
      const answers = [
        await ask(relay, "GET", `/admin/users?username=${enc}`, { token }),
        await ask(relay, "GET", `/admin/users?after=${enc}`, { token }),
        await ask(relay, "GET", `/admin/users/${enc}`, { token }),
        await ask(relay, "GET", `/admin/audit?before=${enc}`, { token }),
        await ask(relay, "POST", "/admin/users", { token, body: { username: text } }),
        await ask(relay, "DELETE", `/sessions/${enc}`, { token: access }),
        await ask(relay, "POST", "/refresh", { body: { refresh_token: text } }),
        await ask(relay, "GET", "/me", { token: text.replace(/[^\x20-\x7e]/gu, "") }),
      ];
      for (const answer of answers) {
        expect([400, 401, 404], text).toContain(answer.status);
        expect(answer.text).not.toMatch(/SQLITE|D1_ERROR|syntax|near "/u);
      }
    }
    const users = await relay.env.DB.prepare("SELECT count(*) AS n FROM users").first("n");
    expect(users).toBeGreaterThan(0);
  });

  it("is refused in names of stores, refs, mids and devices, and finds nothing in ids", async () => {
    const relay = startRelay({ IP_LIMIT: open, SESSION_LIMIT: open });
    const { access: token, user, id } = await addSession(relay);
    const operator = relay.env.ADMIN_TOKEN;
    const before = await relay.env.DB.prepare("SELECT count(*) AS n FROM stores").first("n");
    for (const tail of tails) {
      const text = `a'${tail}`;
      const enc = encodeURIComponent(text);
      const push = { mid: "m", ref: "main", old: null, new: "0".repeat(64) };
      const answers = [
        await ask(relay, "DELETE", `/stores/${enc}`, { token }),
        await ask(relay, "GET", `/sync/${enc}/events?after=0&epoch=x`, { token }),
        await ask(relay, "GET", `/sync/x/events?after=${enc}&epoch=x`, { token }),
        await ask(relay, "GET", `/sync/${enc}`, { token }),
        await ask(relay, "GET", `/sync/x/events?after=0&epoch=${enc}`, { token }),
        await ask(relay, "GET", `/sync/x/fetch?after=0&epoch=x&next=${enc}`, { token }),
        await ask(relay, "POST", "/sync/x/push", { token, body: { ...push, mid: text } }),
        await ask(relay, "POST", "/sync/x/push", { token, body: { ...push, ref: text } }),
        await ask(relay, "POST", "/sync/x/push", { token, body: { ...push, new: text } }),
        await ask(relay, "POST", "/sync/x/have", { token, body: { mid: text, objects: [] } }),
        await ask(relay, "POST", "/sync/x/get", { token, body: { objects: [["blob", text]] } }),
        await ask(relay, "GET", `/ws?store=${enc}`, { token, headers: { upgrade: "websocket" } }),
        await ask(relay, "DELETE", `/admin/users/${user.id}/sessions/${enc}`, { token: operator }),
        await ask(relay, "PUT", `/admin/users/${enc}/role`, {
          token: operator,
          body: { role: "admin" },
        }),
        await ask(relay, "PUT", `/admin/users/${user.id}/role`, {
          token: operator,
          body: { role: text },
        }),
        await ask(relay, "POST", "/login", {
          body: { username: "a", password: "b", device: text },
        }),
      ];
      for (const answer of answers) {
        expect([400, 404], text).toContain(answer.status);
        expect(answer.text).not.toMatch(/SQLITE|D1_ERROR|syntax|near "/u);
      }
    }
    expect(await relay.env.DB.prepare("SELECT count(*) AS n FROM stores").first("n")).toBe(before);
    const list = await ask(relay, "GET", "/sessions", { token });
    expect(list.body["sessions"]).toMatchObject([{ id }]);
  });

  it("gets nobody in through the login", async () => {
    const relay = startRelay({ IP_LIMIT: open });
    const { username } = await addUser(relay);
    for (const text of [`${username}' --`, `' OR username = '${username}`, `${username}\u0000`]) {
      const body = { username: text, password, device: "x" };
      expect((await ask(relay, "POST", "/login", { body })).status).toBe(401);
    }
  });
});

const open: RateLimit = { limit: () => Promise.resolve({ success: true }) };
