import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Instrumenter } from "@stryker-mutator/instrumenter";

const worker = fileURLToPath(new URL("..", import.meta.url));

/** What stands between us and the outside. */
const rooms = ["src/auth", "src/relay", "src/sync"];

const quiet = () => false;
const log = {
  isTraceEnabled: quiet,
  isDebugEnabled: quiet,
  isInfoEnabled: quiet,
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: console.warn,
  error: console.error,
};

/** Properties whose text is meant for people. */
const wordings = new Set(["detail", "summary", "description", "message"]);
/** Calls whose last text is meant for people: `failure(id, code, text)`, `close(connection, code, text)`. */
const speakers = new Set(["failure", "close", "Error", "TypeError"]);

/**
 * Wording is left alone: which words a person reads is no promise, and a test that repeats them proves nothing. Codes,
 * names, statements and everything else that a machine reads is changed.
 */
const wording = {
  shouldIgnore(path) {
    const { node, parent } = path;
    // An object that only carries wording to an error is wording itself.
    if (node.type === "ObjectExpression" && parent.type === "NewExpression") {
      return node.properties.every(({ key }) => wordings.has(key?.name)) ? "wording" : undefined;
    }
    const isText = node.type === "StringLiteral" || node.type === "TemplateLiteral";
    if (!isText) return undefined;
    const named = parent.type === "ObjectProperty" && parent.value === node;
    if (named && wordings.has(parent.key.name)) return "wording";
    const called = parent.type === "CallExpression" || parent.type === "NewExpression";
    const prose = node.type === "TemplateLiteral" || / /u.test(node.value);
    return called && speakers.has(parent.callee.name) && prose ? "wording" : undefined;
  },
};

/**
 * Puts every mutant of the rooms into their sources, each behind a switch that is off: `sources` by path of the file,
 * and the list of `mutants`.
 */
export async function instrumentRooms() {
  const files = rooms.flatMap((room) =>
    readdirSync(`${worker}${room}`)
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => `${worker}${room}/${name}`)
      .map((name) => ({ name, mutate: true, content: readFileSync(name, "utf8") })),
  );
  const lines = new Map(files.map(({ name, content }) => [name, content.split("\n")]));
  const options = { excludedMutations: [], ignorers: [wording], plugins: null };
  const done = await new Instrumenter(log).instrument(files, options);
  return {
    sources: Object.fromEntries(done.files.map(({ name, content }) => [name, content])),
    mutants: done.mutants
      .filter(({ status }) => status === undefined)
      .map(({ id, fileName, location, mutatorName, replacement }) => ({
        id,
        file: fileName.slice(worker.length),
        line: location.start.line + 1,
        text: lines.get(fileName)[location.start.line].trim(),
        column: location.start.column + 1,
        mutator: mutatorName,
        replacement,
      })),
  };
}
