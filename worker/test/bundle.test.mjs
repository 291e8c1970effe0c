// What is deployed, not what it was made of: the built bundle holds no code made of text, no route but those of the
// sources, no secret and no trace of the machine it was built on.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const here = fileURLToPath(new URL("..", import.meta.url));
const bundle = readFileSync(`${here}dist/worker.mjs`, "utf8");
const find = (text, pattern) => [...text.matchAll(pattern)].map(([found]) => found);

test("the bundle makes no code out of text (1.3.2)", () => {
  assert.deepEqual(find(bundle, /\beval\s*\(|\bnew Function\b|\bFunction\s*\(["'`]/gu), []);
});

test("the bundle has the routes of the sources and no other (13.4.2, 13.4.5, 15.2.3)", () => {
  const paths = /\bpath: "(\/[^"]*)"/gu;
  const sources = globSync("src/**/*.ts", { cwd: here }).map((file) =>
    readFileSync(here + file, "utf8"),
  );
  const files = JSON.parse(readFileSync(`${here}../clients/web/dist/assets.json`, "utf8"));
  const known = new Set([
    ...sources.flatMap((text) => find(text, paths)),
    ...files.map(({ path }) => `path: "${path}"`),
  ]);
  const built = find(bundle, paths);
  assert.ok(built.length > 20);
  assert.deepEqual(
    built.filter((path) => !known.has(path)),
    [],
  );
  assert.deepEqual(
    built.filter((path) => /debug|\btest|internal|__/u.test(path)),
    [],
  );
});

test("the bundle holds no secret and nothing of the machine that built it (13.3.1)", () => {
  assert.deepEqual(find(bundle, /-----BEGIN [A-Z ]+-----[^"'`$]+/gu), []);
  assert.deepEqual(find(bundle, /eyJ[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/gu), []);
  // 32 bytes in base64url or hex, which every secret here is; names in capitals are none, nor are the tables of the
  // editor's parsers, which are as dense and of any length.
  const long = find(bundle, /(?<![\w+/-])(?:[\w-]{43}|[0-9a-f]{64})(?![\w+/-])/gu);
  assert.deepEqual(
    long.filter((text) => /[a-z]/u.test(text) && /\d/u.test(text)),
    [],
  );
  assert.ok(!bundle.includes(here), "the bundle names the folder it was built in");
  assert.ok(!bundle.includes("sourceMappingURL"));
});
