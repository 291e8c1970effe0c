import { describe, expect, it } from "vitest";

const [page = ""] = Object.values(
  import.meta.glob<string>("../../docs/security.md", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);

/** Tests by the name of their module, as docs/security.md calls it. */
const tests = new Map(
  Object.entries({
    ...import.meta.glob<string>(
      ["./*.test.ts", "../src/**/*.test.ts", "./*.test.mjs", "../../tools/*/*.test.mjs"],
      {
        query: "?raw",
        import: "default",
        eager: true,
      },
    ),
    ...import.meta.glob<string>(
      [
        "../../infra/src/test/java/**/*.java",
        "../../cloudflare-local/src/test/java/**/*.java",
        "../../e2e/src/test/java/**/*.java",
      ],
      { query: "?raw", import: "default", eager: true },
    ),
  }),
);

function testsOf(module: string): string {
  const places = module === "relay" ? ["/relay-"] : [`/${module}.test.`, `../${module}/`];
  const found = [...tests].filter(([path]) => places.some((place) => path.includes(place)));
  return found.map(([, text]) => text).join("\n");
}

describe("the table of assertions in docs/security.md", () => {
  it("names tests that there are", () => {
    const table = page.slice(page.indexOf("| # | ASVS |"));
    const references = [...table.matchAll(/([\w-]+): ((?:"[^"]+"(?:, )?)+)/gu)];
    expect(references.length).toBeGreaterThan(60);
    for (const [, module = "", names = ""] of references) {
      for (const [, name = ""] of names.matchAll(/"([^"]+)"/gu)) {
        expect(testsOf(module).includes(name), `${module}: ${name}`).toBe(true);
      }
    }
  });

  it("names a test or a reason for every assertion", () => {
    const rows = page.split("\n").filter((line) => /^\| \d+ \|/u.test(line));
    expect(rows).toHaveLength(61);
    for (const row of rows) {
      expect(row.split(" | ").at(-1), row).toMatch(/"[^"]+"|`[^`]+`|all|clients/u);
    }
  });
});
