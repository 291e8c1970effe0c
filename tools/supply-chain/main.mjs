// What we build from: writes a CycloneDX SBOM for Maven and for npm into target/sbom, and fails on a licence that is not
// allowed (licences.json), on a locked npm package without integrity, and on known vulnerabilities of high severity.
// Where the vulnerability database cannot be reached the audit is reported as not done; with --require-audit that fails
// as well. Usage: tools/supply-chain/run [--require-audit]
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { severeVulnerabilities, Unreachable } from "./audit.mjs";
import { componentsOf } from "./components.mjs";
import { refusedLicences } from "./licences.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}target/sbom/`;
const osv = process.env.OSV_URL ?? "https://api.osv.dev";
const cyclonedx = "org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeAggregateBom";

function run(program, args) {
  return execFileSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
}

/** Both documents; what Maven's modules and npm's workspaces use, directly or not. */
function writeSboms() {
  mkdirSync(folder, { recursive: true });
  const options = ["-DoutputFormat=json", "-DoutputName=maven.cdx", `-DoutputDirectory=${folder}`];
  run("./mvnw", ["-q", "-B", "-Dskip.npm", cyclonedx, ...options, "-DincludeTestScope=false"]);
  writeFileSync(`${folder}npm.cdx.json`, run("npm", ["sbom", "--sbom-format", "cyclonedx"]));
  return ["maven", "npm"].map((kind) => readFileSync(`${folder}${kind}.cdx.json`, "utf8"));
}

/** Locked packages whose bytes nothing would check. */
function withoutIntegrity() {
  const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8"));
  return Object.entries(packages)
    .filter(([at, one]) => at.includes("node_modules/") && !one.link && !one.integrity)
    .map(([at]) => at);
}

const components = writeSboms().flatMap(componentsOf);
const rules = JSON.parse(readFileSync(new URL("licences.json", import.meta.url), "utf8"));
const faults = [
  ...refusedLicences(components, rules).map(
    ({ name, version, licences }) =>
      `licence: ${name} ${version} is under ${licences.join(" or ") || "no stated licence"}`,
  ),
  ...withoutIntegrity().map((at) => `lock: ${at} has no integrity in package-lock.json`),
];
let audit = "no known vulnerability of high severity";
try {
  for (const { component, id, severity, summary } of await severeVulnerabilities(osv, components))
    faults.push(`vulnerability: ${component} has ${id} (${severity}): ${summary}`);
} catch (error) {
  if (!(error instanceof Unreachable)) throw error;
  audit = `NOT AUDITED for vulnerabilities: ${error.message}`;
  if (process.argv.includes("--require-audit")) faults.push(audit);
}
for (const fault of faults) console.error(fault);
console.log(
  faults.length === 0
    ? `supply chain: ${components.length} components, licences allowed, ${audit}; SBOMs in target/sbom`
    : `supply chain: ${faults.length} faults in ${components.length} components`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
