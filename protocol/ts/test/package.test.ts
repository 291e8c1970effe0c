import { execFile, execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBun } from "./bun.ts";
import { bundleForBrowser, callInPage, findChromium, startChromium } from "./chromium.ts";
import type { Task } from "./packed-program.ts";
import { installPacked } from "./packed.ts";
import { hasRelay, startRelayWithUser } from "./relay-with-user.ts";

const bun = findBun();
if (bun === undefined) console.warn("absent: Bun for this platform");
const hasChromium = findChromium() !== undefined;

/** The README's example at that relay, with an end: once the commit is there. */
function exampleProgram(relayUrl: string, password: string): string {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  return `
    import { headOf } from "@gitblobs/protocol/store";
    const password = ${JSON.stringify(password)};
    const pushed = Promise.withResolvers<void>();
    const console = {
      log: async () => {
        const { remoteHead } = sync.status;
        if (remoteHead !== null && remoteHead === (await headOf(storage))) pushed.resolve();
      },
    };
    ${example.replace("https://relay.example.com", relayUrl)}
    await pushed.promise;
    await sync.stop();
    await login.logOut();
  `;
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

    it.skipIf(!hasChromium)("packs and syncs in Chromium", async () => {
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

    it("does what the README's example says", async () => {
      writeFileSync(`${packed.folder}/example.ts`, exampleProgram(relay.url, relay.password));
      await promisify(execFile)(process.execPath, ["example.ts"], { cwd: packed.folder });
      expect(await runIn(process.execPath, name, task("reader", "notes"))).toEqual([
        "hello.txt",
        "reader",
      ]);
    });
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
    writeFileSync(`${packed.folder}/types.ts`, program);
    const tsc = `${packed.modules}/typescript/bin/tsc`;
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2024"];
    const output = execFileSync(process.execPath, [tsc, ...options, "--skipLibCheck", "types.ts"], {
      ...{ stdio: "pipe", encoding: "utf8", cwd: packed.folder },
    });
    expect(output).toBe("");
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
    ["a hash", 'export { sha256 } from "@gitblobs/protocol/store";', 500],
    ["commits", 'export { commitFiles } from "@gitblobs/protocol/history";', 3_000],
    ["packs", 'export { readPack, writePack } from "@gitblobs/protocol/pack";', 3_000],
    ["the whole sync", 'export { Login, Sync } from "@gitblobs/protocol/client";', 20_000],
  ])("costs a page that uses %s no more than that", async (_, program, limit) => {
    const size = await sizeOf(program);
    expect(size).toBeGreaterThan(100);
    expect(size).toBeLessThan(limit);
  });
});
