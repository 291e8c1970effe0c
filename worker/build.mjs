// Bundles the relay into one ES module. The same sources give the same bytes on every machine: no timestamps, no
// absolute paths, and the version names the last commit that touched what goes in.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** Short hash of the last commit that touched the bundle's sources; "unknown" outside a git checkout. */
function revision() {
  const args = [
    "log",
    "-1",
    "--format=%h",
    "--abbrev=12",
    "--",
    "worker",
    "protocol/ts",
    "clients/ts",
    "clients/web",
  ];
  try {
    const options = { cwd: `${here}..`, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
    return execFileSync("git", args, options).trim() || "unknown";
  } catch {
    return "unknown";
  }
}

const webAssets = fileURLToPath(new URL("../clients/web/dist/assets.json", import.meta.url));
if (!existsSync(webAssets)) {
  throw new Error("the web client is not built; run: npm run build -w clients/web");
}

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/index.ts"],
  outfile: "dist/worker.mjs",
  write: false,
  bundle: true,
  format: "esm",
  target: "es2024",
  platform: "neutral",
  mainFields: ["module", "main"],
  conditions: ["workerd", "worker", "import"],
  external: ["node:*", "cloudflare:*"],
  alias: { "web-assets": webAssets },
  define: { __RELAY_VERSION__: JSON.stringify(`${version}+${revision()}`) },
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  logLevel: "warning",
});
const [{ contents }] = result.outputFiles;
// In one step: whoever reads the bundle meanwhile, such as a deploy, has the one before or this one whole.
mkdirSync(`${here}dist`, { recursive: true });
const written = `${here}dist/.worker.mjs.${process.pid}`;
writeFileSync(written, contents);
renameSync(written, `${here}dist/worker.mjs`);

const kib = (contents.length / 1024).toFixed(0);
console.log(`worker: dist/worker.mjs, ${kib} KiB, ${version}+${revision()}`);
