// Builds the package that other programs install, from the workspace it is run in: plain JavaScript with types and maps, in
// dist/, ready for `npm pack ./dist`. Inside this repository the sources themselves are imported.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

rmSync("dist", { recursive: true, force: true });
// The sources go along, for the maps to point at.
cpSync("src", "dist/src", { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.package.json"], { stdio: "inherit" });

/** Where the sources are for the world: as the workflow that releases says, or as the checkout's origin does. */
function repository() {
  const { GITHUB_SERVER_URL = "https://github.com", GITHUB_REPOSITORY } = process.env;
  const url = GITHUB_REPOSITORY ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git` : originUrl();
  if (!/^https:/u.test(url)) return {};
  const directory = relative(root, process.cwd());
  return { repository: { type: "git", url: `git+${url}`, directory } };
}

function originUrl() {
  try {
    const options = { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
    return execFileSync("git", ["remote", "get-url", "origin"], options).trim();
  } catch {
    return "";
  }
}

const source = JSON.parse(readFileSync("package.json", "utf8"));
const built = (path) => path.replace(/\.ts$/u, "").replace("./src/", "./lib/");
const exports = Object.fromEntries(
  Object.entries(source.exports).map(([name, path]) => [
    name,
    { types: `${built(path)}.d.ts`, default: `${built(path)}.js` },
  ]),
);
const { name, version, description, license, type, sideEffects, engines, dependencies } = source;
const manifest = {
  ...{ name, version, description, license, ...repository(), type, sideEffects, engines },
  ...{ exports: { ...exports, "./package.json": "./package.json" }, dependencies },
};
writeFileSync("dist/package.json", `${JSON.stringify(manifest, null, 2)}\n`);
copyFileSync("README.md", "dist/README.md");
copyFileSync(`${root}LICENSE`, "dist/LICENSE");
