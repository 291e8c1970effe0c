// Builds the page, its service worker, and dist/assets.json: every file as the Worker serves it. The same sources give
// the same bytes on every machine.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build as bundle } from "esbuild";
import { build } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
/** What a first visit may load, compressed: everything the page names itself. */
const MAX_FIRST_LOAD_BYTES = 150_000;

const TYPES = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** What the first look into the editor may load besides. */
const MAX_EDITOR_BYTES = 160_000;

rmSync(`${here}dist`, { recursive: true, force: true });
await build({
  root: here,
  configFile: false,
  logLevel: "warn",
  esbuild: { jsx: "automatic" },
  build: {
    target: "es2024",
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

const assets = readdirSync(`${here}dist/assets`).sort();
const hash = (bytes) => createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
const html = readFileSync(`${here}dist/index.html`, "utf8");
const id = hash(assets.join("\n") + html);

await bundle({
  absWorkingDir: here,
  entryPoints: ["service-worker/sw.ts"],
  outfile: "dist/sw.js",
  bundle: true,
  minify: true,
  target: "es2024",
  define: {
    __ASSETS__: JSON.stringify(assets.map((name) => `/assets/${name}`)),
    __ASSETS_ID__: JSON.stringify(id),
  },
});

/** One file as it is served. Names under /assets/ change with their content, so they may be kept for ever. */
function served(path, file) {
  const bytes = readFileSync(`${here}dist/${file}`);
  return {
    path,
    type: TYPES[file.split(".").at(-1)] ?? "application/octet-stream",
    etag: `"${hash(bytes)}"`,
    immutable: path.startsWith("/assets/"),
    body: bytes.toString("utf8"),
  };
}

const files = [
  served("/", "index.html"),
  served("/sw.js", "sw.js"),
  ...assets.map((name) => served(`/assets/${name}`, `assets/${name}`)),
];
writeFileSync(`${here}dist/assets.json`, JSON.stringify(files, null, 1));

const first = files.filter(({ path }) => path === "/" || html.includes(path));
const size = first.reduce((sum, { body }) => sum + gzipSync(body).length, 0);
const editor = files
  .filter(({ path }) => path.startsWith("/assets/code-editor-"))
  .reduce((sum, { body }) => sum + gzipSync(body).length, 0);
const total = files.reduce((sum, { body }) => sum + gzipSync(body).length, 0);
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(
  `web: ${files.length} files, first load ${kib(size)}, editor ${kib(editor)}, all ${kib(total)} compressed`,
);
if (size > MAX_FIRST_LOAD_BYTES)
  throw new Error(`the first load is ${kib(size)}, more than 150 KB`);
if (editor === 0 || editor > MAX_EDITOR_BYTES)
  throw new Error(`the editor is ${kib(editor)}, which should be something up to 160 KB`);
