// Builds the package that other programs install: plain JavaScript with types, in dist/, ready for `npm pack ./dist`.
// Inside this repository the sources themselves are imported.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

rmSync(`${here}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", `${here}tsconfig.package.json`], { stdio: "inherit" });

const source = JSON.parse(readFileSync(`${here}package.json`, "utf8"));
const built = (path) => path.replace("./src/", "./").replace(/\.ts$/, "");
const exports = Object.fromEntries(
  Object.entries(source.exports).map(([name, path]) => [
    name,
    { types: `${built(path)}.d.ts`, default: `${built(path)}.js` },
  ]),
);
const { name, version, description, license, type, sideEffects, dependencies } = source;
const manifest = { name, version, description, license, type, sideEffects, exports, dependencies };
writeFileSync(`${here}dist/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
copyFileSync(`${here}README.md`, `${here}dist/README.md`);
copyFileSync(`${here}../../LICENSE`, `${here}dist/LICENSE`);
