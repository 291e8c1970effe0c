import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isAbsent } from "../../../tools/machine.ts";
import { journeys } from "./stage.ts";
import type { Visitor } from "./visitor.ts";

const jar =
  process.env["GITBLOBS_JAR"] ??
  fileURLToPath(new URL("../../cli/target/gitblobs.jar", import.meta.url));

journeys(
  "the page and the command line",
  (stage) => {
    const folder = mkdtempSync(`${tmpdir()}/gitblobs-page-`);
    let page: Visitor;

    /** Runs gitblobs with a home of its own. */
    const gitblobs = async (...words: string[]) => {
      const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: `${folder}/config` };
      const options = { cwd: folder, env };
      const line = [`-Duser.home=${folder}`, "-jar", jar, ...words];
      return (await promisify(execFile)("java", line, options)).stdout;
    };

    beforeAll(async () => {
      const { url } = stage.relay;
      const { username, password } = stage.user;
      writeFileSync(`${folder}/password`, `${password}\n`, { mode: 0o600 });
      page = await (await stage.arrive()).openStore("shared");
      await page.write("shared", "from-page.txt", "written in the page");
      await page.synced();
      await gitblobs("login", url, "--user", username, "--password-file", `${folder}/password`);
      await gitblobs("clone", url, "shared", "copy");
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    const add = async (name: string, text: string) => {
      writeFileSync(`${folder}/${name}`, text);
      await gitblobs("--store", "copy", "add", name, "-m", `add ${name}`);
    };

    it("read what the other wrote, byte for byte", async () => {
      expect(await gitblobs("--store", "copy", "cat", "from-page.txt")).toBe("written in the page");
      await add("from-shell.txt", "written in a shell — ærø\n");
      await gitblobs("--store", "copy", "push");
      await page.reads("shared", "from-shell.txt", "written in a shell — ærø");
    });

    it("converge after both changed something, and agree on every hash", async () => {
      await add("shell-2.txt", "2\n");
      await page.write("shared", "page-2.txt", "2");
      await page.synced();
      await gitblobs("--store", "copy", "sync");
      await page.reads("shared", "shell-2.txt", "2");
      await page.synced();
      await gitblobs("--store", "copy", "sync");
      const log = await gitblobs("--store", "copy", "log");
      await page.page.goto("/#/s/shared/history");
      const newest = await page.page.locator(".commit-row .hash").first().textContent();
      expect(log.split("\n")[0]).toContain(newest);
      await gitblobs("--store", "copy", "verify");
      expect(page.faults).toEqual([]);
    });
  },
  isAbsent("gitblobs.jar", existsSync(jar)),
);
