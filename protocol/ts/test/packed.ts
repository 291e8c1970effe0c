import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** What a stranger installs: the packed file, with nothing of this repository around it. */
export function installPacked(): {
  readonly folder: string;
  readonly modules: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(`${tmpdir()}/gitblobs-package-`);
  const quiet = { stdio: "pipe" as const, encoding: "utf8" as const };
  execFileSync(process.execPath, [`${here}package.mjs`], quiet);
  const npm = ["pack", `${here}dist`, "--pack-destination", folder, "--json"];
  const [packed] = JSON.parse(execFileSync("npm", npm, quiet)) as [{ filename: string }];
  const installed = `${folder}/node_modules/@gitblobs/protocol`;
  mkdirSync(dirname(installed), { recursive: true });
  execFileSync("tar", ["-xzf", `${folder}/${packed.filename}`, "-C", folder], quiet);
  execFileSync("mv", [`${folder}/package`, installed]);
  for (const name of ["valibot", "bson", "idb"])
    symlinkSync(`${modules}/${name}`, `${folder}/node_modules/${name}`);
  writeFileSync(`${folder}/package.json`, '{"type":"module"}');
  for (const name of ["packed-program.ts", "packed-main.ts"])
    copyFileSync(`${here}test/${name}`, `${folder}/${name}`);
  return {
    folder,
    modules,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
