import { describe, expect, it } from "vitest";
import bindings from "../bindings.json";
import { accountRule, networkRule } from "../src/auth/login-throttle.ts";
import { maxPending } from "../src/auth/hash-gate.ts";
import { maxSessionsPerUser, sessionIdleMs, sessionLifeMs } from "../src/auth/grant.ts";
import { oneTimePasswordMs } from "../src/auth/one-time-password.ts";
import { maxPasswordLength, minPasswordLength } from "../src/auth/password-policy.ts";

const everything = import.meta.glob<string>("../src/**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});
const sources = Object.entries(everything).filter(([path]) => !path.endsWith(".test.ts"));
const migrations = import.meta.glob<string>("../../migrations/*.sql", {
  query: "?raw",
  import: "default",
  eager: true,
});
const [limits = ""] = Object.values(
  import.meta.glob<string>("../../docs/security.md", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);

/** Where a pattern occurs in code (comments aside), as `path: text`. */
function occurrences(pattern: RegExp, inTables = false): readonly string[] {
  return sources
    .filter(([path]) => inTables || !path.endsWith("-table.ts"))
    .flatMap(([path, text]) => {
      const code = text.replace(/^\s*(?:\/\*\*|\*|\/\/).*$/gmu, "");
      return [...code.matchAll(pattern)].map(([found]) => `${path}: ${found}`);
    });
}

/** Whether a name stands for constant text in its file: a constant, or a field of a `thing` of the constant `things`. */
function isConstant(text: string, name: string): boolean {
  const [, thing] = /^(\w+)\.\w+$/u.exec(name) ?? [];
  const declared =
    thing === undefined ? `${name} =\\s*[\`"\\d]` : `${thing}s: readonly \\w+\\[\\] = `;
  return new RegExp(`^const ${declared}`, "mu").test(text);
}

/** It stands before the database and passes on what the table files wrote. */
const passesOn = "../src/sync/metered-database.ts";

describe("the sources", () => {
  it("keep SQL in the table files (1.2.4)", () => {
    expect(sources.length).toBeGreaterThan(40);
    expect(occurrences(/\.prepare\(|\b(?:SELECT \w|INSERT INTO|DELETE FROM)/gu)).toEqual([
      // The hub reads nothing but whether its storage answers.
      "../src/relay/store-hub.ts: SELECT 1",
      `${passesOn}: .prepare(`,
    ]);
  });

  it("make SQL of constant text only (1.2.4)", () => {
    for (const [path, text] of sources) {
      if (path === passesOn) continue;
      for (const [, sql = ""] of text.matchAll(/prepare\(\s*`([^`]*)`/gu)) {
        for (const [, name] of sql.matchAll(/\$\{([^}]*)\}/gu)) {
          expect(isConstant(text, name ?? ""), `${path}: ${name ?? ""}`).toBe(true);
        }
      }
      expect(
        [...text.matchAll(/prepare\(\s*[^`"\s)]/gu)].map(([found]) => `${path}: ${found}`),
      ).toEqual([]);
    }
  });

  it("make no code out of text (1.3.2) and ask no other server (1.3.6)", () => {
    expect(occurrences(/\beval\(|new Function|setTimeout\("/gu, true)).toEqual([]);
    expect(occurrences(/(?<![.\w])fetch\((?!request)|new WebSocket\(|\bconnect\(/gu, true)).toEqual(
      [],
    );
  });

  it("compare secrets in constant time only (11.2.4)", () => {
    const comparison =
      /(?:_hash|Hash|digest|[sS]ecret|ADMIN_TOKEN|pepper)\b\s*[!=]==?(?![=\s]*(?:null|undefined|""))/gu;
    expect(occurrences(comparison, true)).toEqual([]);
  });

  it("start a shell with constant text only (1.2.5)", () => {
    const java = Object.entries(
      import.meta.glob<string>(
        "../../{ops-cli,infra,clients/*,cloudflare-local}/src/main/java/**/*.java",
        {
          query: "?raw",
          import: "default",
          eager: true,
        },
      ),
    );
    expect(java.length).toBeGreaterThan(100);
    for (const [path, text] of java) {
      expect(text, path).not.toMatch(/Runtime\.getRuntime\(\)\.exec/u);
      for (const [, script = ""] of text.matchAll(/"(?:-c|\/c)",\s*([^\n]*)/gu)) {
        // One literal, whose only variables are the arguments that the shell hands on as they are.
        expect(script, path).toMatch(/^"(?:[^"\\]|\\.)*",?$/u);
        expect(script.replaceAll('\\"$@\\"', ""), path).not.toContain("$");
      }
    }
  });

  it("take randomness from the secure generator only (11.5.1)", () => {
    expect(occurrences(/Math\.random|randomUUID|randomBytes/gu, true)).toEqual([]);
    expect(occurrences(/getRandomValues/gu, true)).toEqual(["../src/world.ts: getRandomValues"]);
  });

  it("keep the shapes of requests and answers in one folder (1.5.2)", () => {
    const routes = sources.filter(([path]) => /-routes?\.ts$/u.test(path));
    expect(routes.length).toBeGreaterThan(10);
    for (const [path, text] of routes) {
      expect(text, path).not.toMatch(/\bv\.\w*[oO]bject\(/u);
    }
  });

  it("have no route for tests or debugging (13.4.2, 13.4.5, 15.2.3)", () => {
    expect(occurrences(/path: "[^"]*(?:debug|test|__)/gu)).toEqual([]);
  });
});

describe("the migrations", () => {
  it("make no account and no secret (6.3.2)", () => {
    expect(Object.keys(migrations).length).toBeGreaterThan(5);
    for (const [path, text] of Object.entries(migrations)) {
      expect(text, path).not.toMatch(
        /(?:INSERT|REPLACE)[^;]*\b(?:users|sessions|signing_keys)\b|password\s*=/iu,
      );
    }
  });
});

describe("docs/security.md", () => {
  it("says the limits that hold (6.1.1, 7.1.1)", () => {
    const minutes = (ms: number) => `${ms / 60_000} min`;
    const days = (ms: number) => `${ms / 86_400_000} days`;
    const [ip, session] = bindings.rate_limits;
    const rows = {
      "Requests of one network, not logged in": `${ip?.limit ?? 0} in ${ip?.period_seconds ?? 0} s`,
      "Requests of one session": `${session?.limit ?? 0} in ${session?.period_seconds ?? 0} s`,
      "Failed logins of one account from one network": String(accountRule.freeFailures),
      "Failed logins of one network": String(networkRule.freeFailures),
      "Longest wait after failed logins": minutes(accountRule.maxWaitMs),
      "Logins at once in one isolate": String(maxPending),
      "Sessions of one user": String(maxSessionsPerUser),
      "Session without use": days(sessionIdleMs),
      "Session at most": days(sessionLifeMs),
      "One-time password": `${oneTimePasswordMs / 3_600_000} hours`,
      "Password length": `${minPasswordLength} to ${maxPasswordLength} characters`,
    };
    for (const [what, value] of Object.entries(rows)) {
      expect(limits.replace(/ +/gu, " ")).toContain(`| ${what} | ${value} |`);
    }
  });
});
