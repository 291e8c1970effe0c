// Writes into release/target/files what a release has in another form than a checkout: the Pulumi project, whose program lies
// elsewhere; and, for the local Cloudflare's runtime, the npm manifests of that workspace alone with the lock pruned to them.
// Versions and integrity are those of package-lock.json; nothing is resolved anew.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}release/target/files/`;
const workspace = "cloudflare-local/runtime";

const manifestOf = (path) => JSON.parse(readFileSync(`${root}${path}package.json`, "utf8"));
const write = (path, manifest) =>
  writeFileSync(`${folder}${path}package.json`, `${JSON.stringify(manifest, null, 2)}\n`);

const { name, version, license, type, optionalDependencies } = manifestOf("");
// The runtime starts under the pinned Node, which is among the optional packages; the others are for tests.
const nodes = Object.fromEntries(
  Object.entries(optionalDependencies).filter(([one]) => one.startsWith("node-")),
);
const runtime = manifestOf(`${workspace}/`);
delete runtime.devDependencies;
delete runtime.scripts;

rmSync(folder, { recursive: true, force: true });
mkdirSync(`${folder}${workspace}`, { recursive: true });
write("", {
  ...{ name, version, private: true, license, type },
  ...{ workspaces: [workspace], optionalDependencies: nodes },
});
write(`${workspace}/`, runtime);
const project = readFileSync(`${root}Pulumi.yaml`, "utf8");
const binary = /^ *# Built by .*\n( *binary: )infra\/target\//mu;
if (!binary.test(project)) throw new Error("Pulumi.yaml no longer says where its program is built");
writeFileSync(`${folder}Pulumi.yaml`, project.replace(binary, "$1jars/"));

copyFileSync(`${root}package-lock.json`, `${folder}package-lock.json`);
const prune = ["install", "--package-lock-only", "--offline", "--ignore-scripts", "--no-audit"];
execFileSync("npm", [...prune, "--no-fund", "--loglevel=error"], {
  cwd: folder,
  stdio: ["ignore", "ignore", "inherit"],
});
