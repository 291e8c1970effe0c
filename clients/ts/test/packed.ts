import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** What a stranger installs: the packed file, with nothing of this repository around it. */
export function installPacked(): {
  readonly folder: string;
  readonly modules: string;
  /** The client, installed, and the file it came in. */
  readonly installed: string;
  readonly tarball: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(`${tmpdir()}/gitblobs-package-`);
  const quiet = { stdio: "pipe" as const, encoding: "utf8" as const };
  execFileSync("npm", ["run", "package"], { ...quiet, cwd: here });
  mkdirSync(`${folder}/node_modules/@gitblobs`, { recursive: true });
  let tarball = "";
  for (const [name, dist] of Object.entries({
    protocol: `${here}../../protocol/ts/dist`,
    client: `${here}dist`,
  })) {
    const npm = ["pack", dist, "--pack-destination", folder, "--json"];
    const [packed] = JSON.parse(execFileSync("npm", npm, quiet)) as [{ filename: string }];
    tarball = `${folder}/${packed.filename}`;
    execFileSync("tar", ["-xzf", tarball, "-C", folder], quiet);
    execFileSync("mv", [`${folder}/package`, `${folder}/node_modules/@gitblobs/${name}`]);
  }
  for (const name of [
    "valibot",
    "bson",
    "idb",
    "node-diff3",
    "proper-lockfile",
    "write-file-atomic",
  ])
    symlinkSync(`${modules}/${name}`, `${folder}/node_modules/${name}`);
  writeFileSync(`${folder}/package.json`, '{"type":"module"}');
  for (const name of ["packed-program.ts", "packed-main.ts"])
    copyFileSync(`${here}test/${name}`, `${folder}/${name}`);
  return {
    ...{ folder, modules, tarball, installed: `${folder}/node_modules/@gitblobs/client` },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
