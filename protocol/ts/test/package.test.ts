import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const here = fileURLToPath(new URL("..", import.meta.url));
const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** What a stranger installs: the packed file, with nothing of this repository around it. */
describe("the packed package", () => {
  const folder = mkdtempSync(`${tmpdir()}/gitblobs-package-`);
  const installed = `${folder}/node_modules/@gitblobs/protocol`;
  const quiet = { stdio: "pipe" as const, encoding: "utf8" as const };

  beforeAll(() => {
    execFileSync(process.execPath, [`${here}package.mjs`], quiet);
    const npm = ["pack", `${here}dist`, "--pack-destination", folder, "--json"];
    const [packed] = JSON.parse(execFileSync("npm", npm, quiet)) as [{ filename: string }];
    mkdirSync(dirname(installed), { recursive: true });
    execFileSync("tar", ["-xzf", `${folder}/${packed.filename}`, "-C", folder], quiet);
    execFileSync("mv", [`${folder}/package`, installed]);
    for (const name of ["valibot", "bson", "idb"])
      symlinkSync(`${modules}/${name}`, `${folder}/node_modules/${name}`);
    writeFileSync(`${folder}/package.json`, '{"type":"module"}');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const run = (script: string) => {
    writeFileSync(`${folder}/main.js`, script);
    return execFileSync(process.execPath, [`${folder}/main.js`], quiet).trim();
  };

  it("runs in plain Node: makes a store, packs it and reads the pack", () => {
    const output = run(`
      import { commitFiles } from "@gitblobs/protocol/history";
      import { fullBackup, readPack, writePack } from "@gitblobs/protocol/pack";
      import { makeBlob, makeEntry, MemoryStorage } from "@gitblobs/protocol/store";
      import { Sync, Login } from "@gitblobs/protocol/client";
      import { decodeServerFrame } from "@gitblobs/protocol";
      import { IndexedDbStorage } from "@gitblobs/protocol/indexeddb";
      const storage = new MemoryStorage();
      const blob = await makeBlob(new TextEncoder().encode("hello"));
      await storage.putBlob(blob);
      const who = { name: "", email: "", timestamp: "2026-01-01T00:00:00.000Z" };
      await commitFiles(storage, who, "add file: a", (files) => files.set("a", makeEntry(blob.hash)));
      const pack = await readPack(await writePack(await fullBackup(storage, new Date())));
      console.log(pack.commits.length, typeof Sync, typeof Login, typeof decodeServerFrame, typeof IndexedDbStorage);
    `);
    expect(output).toBe("1 function function function function");
  });

  it("has types that a strict program can use", () => {
    const program = `
      import { Login, memoryVault, realSurroundings } from "@gitblobs/protocol/client";
      import { MemoryStorage, type TreeEntry } from "@gitblobs/protocol/store";
      export const login: Login = new Login("https://relay.test", realSurroundings, memoryVault());
      export const entry = async (hash: string): Promise<TreeEntry | undefined> =>
        (await new MemoryStorage().getTree(hash))?.content.entries["a"];
      // @ts-expect-error a hash is a text: the types are there, not any
      export const wrong = new MemoryStorage().getTree(1);
    `;
    writeFileSync(`${folder}/main.ts`, program);
    const tsc = `${modules}/typescript/bin/tsc`;
    const options = [
      "--strict",
      "--noEmit",
      "--module",
      "nodenext",
      "--target",
      "es2024",
      "--skipLibCheck",
    ];
    expect(
      execFileSync(process.execPath, [tsc, ...options, "main.ts"], { ...quiet, cwd: folder }),
    ).toBe("");
  });

  it("leaves out what a program does not use", async () => {
    const entry = `${folder}/small.js`;
    writeFileSync(entry, 'export { sha256 } from "@gitblobs/protocol/store";');
    const outfile = `${folder}/small.out.js`;
    await build({ entryPoints: [entry], bundle: true, minify: true, format: "esm", outfile });
    expect(statSync(outfile).size).toBeLessThan(1_000);
  });
});
