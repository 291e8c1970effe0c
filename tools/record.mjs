// Records relayctl in a terminal: runs the real commands under script(1) and draws what they print as
// SVG into docs/operations/recordings. How long things took is left out: those figures are measured
// elsewhere. Run it after ./relayctl was built: node tools/record.mjs [--environment]
// With --environment also what needs a running environment: it brings up local, and takes it down.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "docs/operations/recordings");
const work = mkdtempSync(join(tmpdir(), "recording-"));
const COLOURS = {
  1: "font-weight='bold'",
  2: "opacity='0.6'",
  31: "fill='#ff7b72'",
  32: "fill='#7ee787'",
};
const ESCAPE = String.fromCharCode(27);
const COLOUR = new RegExp(`${ESCAPE}\\[(\\d+)m`, "g");
const TOOK = / (\(|in )(\d+ min )?\d+(\.\d)? s\)?/g;
const COLUMNS = 110;
const WIDEST = 130;

/**
 * Runs command lines in a terminal and returns what a person would see, each line with its prompt.
 *
 * @param {readonly string[]} lines
 * @param {string} meanwhile what happens behind the scene
 */
function run(lines, meanwhile) {
  const script = lines
    .map((line) => `printf '\\033[1m$ %s\\033[0m\\n' '${line}'\n${line}`)
    .join("\necho\n");
  const { stdout } = spawnSync("script", ["-qec", `${meanwhile}\n${script}`, "/dev/null"], {
    cwd: work,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${root}:${process.env.PATH}`,
      TERM: "xterm",
      COLUMNS: String(COLUMNS),
      NO_COLOR: "",
      RELAY_STATE: join(work, "state"),
    },
  });
  return stdout
    .replaceAll("\r\n", "\n")
    .replaceAll(work, "~")
    .replaceAll(root, "./")
    .replaceAll(homedir(), "~")
    .replaceAll(TOOK, "")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:8787")
    .replaceAll(/\bpid \d+/g, "pid 4711")
    .replaceAll(/smoke-[0-9a-f]{12}/g, "smoke-0123456789ab")
    .trimEnd()
    .split("\n")
    .map(clip);
}

const escape = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** One line with its colours as SVG text. */
function draw(line, number) {
  let style = "";
  const spans = line.split(COLOUR).map((part, index) => {
    if (index % 2 === 1) {
      style = COLOURS[part] ?? "";
      return "";
    }
    return part === "" ? "" : `<tspan ${style}>${escape(part)}</tspan>`;
  });
  return `<text x="16" y="${28 + number * 18}" xml:space="preserve">${spans.join("")}</text>`;
}

/** A line that a terminal would wrap, cut off. */
function clip(line) {
  const marks = line.length - line.replaceAll(COLOUR, "").length;
  return line.length - marks <= WIDEST ? line : `${line.slice(0, WIDEST + marks)}${ESCAPE}[0m…`;
}

function record(name, lines, meanwhile = "") {
  const screen = run(lines, meanwhile);
  const height = 32 + screen.length * 18;
  const width =
    32 + Math.ceil(Math.max(...screen.map((line) => line.replaceAll(COLOUR, "").length), 60) * 7.9);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="monospace" font-size="13" fill="#e6edf3">`,
    `<title>${escape(lines.join("; "))}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="#0d1117"/>`,
    ...screen.map(draw),
    "</svg>",
    "",
  ].join("\n");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.svg`), svg);
}

try {
  cpSync(join(root, "migrations"), join(work, "migrations"), { recursive: true });
  const here = "--sqlite dev.sqlite --migrations migrations";
  record("help", ["relayctl --help"]);
  record("migrate", [
    `relayctl migrate up ${here} --to 0002`,
    `relayctl migrate info ${here}`,
    `relayctl migrate up ${here}`,
  ]);
  writeFileSync(
    join(work, "migrations/9000_bad.sql"),
    "-- lint:allow number-gap reason=a recording\nSELECT 1;\n\nCREATE TABEL devices (id);\n",
  );
  record("migrate-refused", [`relayctl migrate up ${here}`]);
  writeFileSync(
    join(work, "migrations/9000_bad.sql"),
    "DROP TABLE users;\nCREATE TABLE devices (id);\n",
  );
  record("migrate-lint", ["relayctl migrate lint --migrations migrations"]);
  if (process.argv.includes("--environment")) {
    record("up", ["relayctl up local", "relayctl status"]);
    record("doctor", ["relayctl doctor"]);
    record("smoke", ["relayctl smoke"]);
    record(
      "logs",
      ["relayctl logs --for 10"],
      "{ sleep 5; relayctl keys list; relayctl users list; } >/dev/null 2>&1 &",
    );
    record("down", ["relayctl down local"]);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
