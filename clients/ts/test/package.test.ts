import { execFile, execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBun } from "./bun.ts";
import { bundleForBrowser, callInPage, isWithoutBrowser, startChromium } from "./chromium.ts";
import type { Task } from "./packed-program.ts";
import { installPacked } from "./packed.ts";
import { hasRelay, startRelayWithUser } from "./relay-with-user.ts";

const bun = findBun();
if (bun === undefined) console.warn("absent: Bun for this platform");

/** The README's first program, at that relay; says what is there when it has ended. */
function exampleProgram(relayUrl: string, password: string): string {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  return `
    const password = ${JSON.stringify(password)};
    ${example.replace("https://relay.example.com", relayUrl)}
    await login.logOut();
  `;
}

/** What the examples use, by where it is imported from. */
const entries = {
  "@gitblobs/client": [
    "Login",
    "makeStore",
    "memoryVault",
    "realSurroundings",
    "Sync",
    "syncOnce",
    "volatileMemory",
  ],
  "@gitblobs/client/history": [
    "changesBetween",
    "commitFiles",
    "deletedFiles",
    "fileHistory",
    "mergedText",
    "mergeFile",
    "mergeIntoHead",
    "mergeText",
    "noteStep",
    "restoreFile",
    "revertCommit",
    "undoLastStep",
    "volatileHeadLog",
    "walkCommits",
  ],
  "@gitblobs/client/indexeddb": ["IndexedDbStorage"],
  "@gitblobs/client/node": ["fileHeadLog", "fileMemory", "fileVault"],
  "@gitblobs/client/pack": ["fullBackup", "importPack", "readPack", "writePack"],
  "@gitblobs/client/store": [
    "entriesOf",
    "headOf",
    "makeBlob",
    "makeEntry",
    "MemoryStorage",
    "treeOf",
  ],
};

/** The code behind every `@example` of the sources. */
function examplesOf(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [
      ...readFileSync(`${folder}/${file}`, "utf8").matchAll(/@example\n \* ```ts\n(.*?) \* ```/gsu),
    ])
    .map(([, lines = ""]) => lines.replaceAll(/^ \* ?/gmu, ""));
}

describe("the packed package", () => {
  let packed: ReturnType<typeof installPacked>;
  beforeAll(() => {
    packed = installPacked();
  });
  afterAll(() => {
    packed.remove();
  });

  const runIn = async (program: string, name: string, task?: Task): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(
      program,
      ["packed-main.ts", name, JSON.stringify(task ?? null)],
      { cwd: packed.folder, env: { ...process.env, NODE_NO_WARNINGS: "1" } },
    );
    return JSON.parse(stdout);
  };
  /** In a page of the given address, whose policy would let no script of ours in by itself. */
  const runInPage = async (url: string, name: string, task?: Task): Promise<unknown> => {
    const browser = await startChromium();
    const tab = await (await browser.newContext({ bypassCSP: true })).newPage();
    await tab.goto(url);
    await tab.addScriptTag({
      content: await bundleForBrowser(`${packed.folder}/packed-program.ts`),
    });
    const result = await callInPage<unknown>(tab, name, task);
    await browser.close();
    return result;
  };

  describe.skipIf(!hasRelay)("against the real relay", () => {
    let relay: Awaited<ReturnType<typeof startRelayWithUser>>;
    beforeAll(async () => {
      relay = await startRelayWithUser();
    });
    afterAll(() => relay.stop());
    const task = (device: string, store = "packed"): Task => ({
      ...{ relayUrl: relay.url, password: relay.password, store, device },
    });
    const [whole, name] = ["1 1 false 1048576", "shareOneFile"];

    it("packs and syncs in Node", async () => {
      expect(await runIn(process.execPath, "alone")).toBe(whole);
      expect(await runIn(process.execPath, name, task("node"))).toContain("node");
    });

    it.skipIf(bun === undefined)("packs and syncs in Bun", async () => {
      expect(await runIn(bun ?? "", "alone")).toBe(whole);
      expect(await runIn(bun ?? "", name, task("bun"))).toContain("bun");
    });

    it.skipIf(isWithoutBrowser)("packs and syncs in Chromium", async () => {
      const page = `${relay.url}/health`;
      expect(await runInPage(page, "alone")).toBe(whole);
      expect(await runInPage(page, name, task("page"))).toContain("page");
    });

    it("carries what one made to another", async () => {
      await runIn(process.execPath, name, task("first"));
      expect(await runIn(process.execPath, name, task("second"))).toEqual(
        expect.arrayContaining(["first", "second"]),
      );
    });

    it("does what the README's example says, every time it is run", async () => {
      writeFileSync(`${packed.folder}/example.ts`, exampleProgram(relay.url, relay.password));
      for (let run = 0; run < 3; run++) {
        const { stdout } = await promisify(execFile)(process.execPath, ["example.ts"], {
          cwd: packed.folder,
        });
        expect(stdout).toBe("up-to-date\nup-to-date\n");
      }
      expect(await runIn(process.execPath, name, task("reader", "notes"))).toEqual([
        "hello.txt",
        "reader",
      ]);
    });
  });

  it("has examples that a strict program could be made of", () => {
    const exports = Object.entries(entries).map(([entry, names]) =>
      names.map((name) => `import { ${name} } from "${entry}";`).join("\n"),
    );
    const given = `
      import type { ObjectStorage } from "@gitblobs/client/store";
      import type { SyncOptions } from "@gitblobs/client";
      import type { HeadLog } from "@gitblobs/client/history";
      declare const storage: ObjectStorage;
      declare const options: SyncOptions;
      declare const log: HeadLog;
      declare const [password, ours, theirs]: [string, string, string];
      declare const bytes: Uint8Array;
      declare const login: Login;
      declare const me: () => { name: string; email: string; timestamp: string };
    `;
    const examples = examplesOf(fileURLToPath(new URL("../src", import.meta.url)));
    expect(examples.length).toBeGreaterThan(18);
    const bodies = examples.map((body) => `export async function* _() { ${body} }`);
    const wrapped = bodies.map((body, at) => body.replace("_()", `example${at}()`));
    const program = [...exports, given, ...wrapped].join("\n");
    expect(compiled("examples.ts", program)).toBe("");
  });

  it("is packed as npm's own rules want it", async () => {
    const found = await publint({ pkgDir: packed.installed, strict: true });
    expect(found.messages).toEqual([]);
  });

  it("has types for every entry that a program with modules finds", () => {
    const attw = `${packed.modules}/.bin/attw`;
    // It is a package of modules alone: whoever has none is told so by Node.
    const args = [packed.tarball, "--profile", "esm-only", "--no-color", "--no-emoji"];
    const output = execFileSync(attw, args, { encoding: "utf8" });
    expect(output.match(/from ESM\): OK \(ESM\)/gu)).toHaveLength(6);
  });

  it("has maps that lead to the sources", () => {
    const lib = `${packed.installed}/lib`;
    for (const file of readdirSync(lib, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".map")) continue;
      const map = JSON.parse(readFileSync(`${lib}/${file}`, "utf8")) as { sources: string[] };
      for (const source of map.sources)
        expect(existsSync(resolve(dirname(`${lib}/${file}`), source))).toBe(true);
    }
  });

  /** What a strict compiler says of a program beside the package. */
  const compiled = (file: string, program: string): string => {
    writeFileSync(`${packed.folder}/${file}`, program);
    const tsc = `${packed.modules}/typescript/bin/tsc`;
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2024"];
    const args = [tsc, ...options, "--skipLibCheck", file];
    const { stdout } = spawnSync(process.execPath, args, { cwd: packed.folder, encoding: "utf8" });
    return stdout;
  };

  it("has types that a strict program can use", () => {
    const program = `
      import { Login, memoryVault, realSurroundings } from "@gitblobs/client";
      import { MemoryStorage, type TreeEntry } from "@gitblobs/client/store";
      export const login: Login = new Login("https://relay.test", realSurroundings, memoryVault());
      export const entry = async (hash: string): Promise<TreeEntry | undefined> =>
        (await new MemoryStorage().getTree(hash))?.content.entries["a"];
      // @ts-expect-error a hash is a text: the types are there, not any
      export const wrong = new MemoryStorage().getTree(1);
    `;
    expect(compiled("types.ts", program)).toBe("");
  });

  /** Bytes, gzipped, of what a page loads at once that uses no more than this. */
  const sizeOf = async (program: string): Promise<number> => {
    const outdir = `${packed.folder}/out`;
    writeFileSync(`${packed.folder}/entry.js`, program);
    await build({
      ...{ entryPoints: [`${packed.folder}/entry.js`], outdir, bundle: true, minify: true },
      ...{ format: "esm", splitting: true, target: "es2024" },
    });
    const first = readFileSync(`${outdir}/entry.js`);
    // What the entry imports is loaded with it; what it imports when it is needed is not.
    const at = readdirSync(outdir).filter((name) => first.includes(`from"./${name}"`));
    return [first, ...at.map((name) => readFileSync(`${outdir}/${name}`))]
      .map((file) => gzipSync(file).length)
      .reduce((sum, size) => sum + size);
  };

  it.each([
    ["a hash", 'export { sha256 } from "@gitblobs/client/store";', 500],
    ["commits", 'export { commitFiles } from "@gitblobs/client/history";', 3_000],
    ["merges", 'export { mergeIntoHead } from "@gitblobs/client/history";', 6_000],
    ["packs", 'export { readPack, writePack } from "@gitblobs/client/pack";', 3_000],
    ["the whole sync", 'export { Login, Sync } from "@gitblobs/client";', 24_500],
    ["a sync made once", 'export { Login, syncOnce } from "@gitblobs/client";', 25_000],
  ])("costs a page that uses %s no more than that", async (_, program, limit) => {
    const size = await sizeOf(program);
    expect(size).toBeGreaterThan(100);
    expect(size).toBeLessThan(limit);
  });
});
