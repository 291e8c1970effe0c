import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, startChromium, Visitor } from "./browser.ts";
import { layLine, type Line } from "./line.ts";
import { startRelay, type TestRelay } from "./relay.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Pictures for the documents are made when asked for: they differ with every run, by times and hashes. */
const place =
  process.env["SCREENSHOTS"] === "docs" ? "../../../docs/screenshots/" : "../dist/screenshots/";
const folder = fileURLToPath(new URL(place, import.meta.url));

/** Every screen, looked at in both colours: nothing for axe to find, and a picture for the documents. */
describe.skipIf(findChromium() === undefined)("each screen", () => {
  let relay: TestRelay;
  let browser: Browser;
  let line: Line;
  let light: Visitor;
  let dark: Visitor;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    relay = await startRelay();
    line = await layLine(relay.url);
    const password = await relay.addUser("ada", "admin");
    await relay.addUser("grace");
    browser = await startChromium();
    light = await Visitor.arrive(browser, line.url, { colorScheme: "light" });
    dark = await Visitor.arrive(browser, relay.url, { colorScheme: "dark" });
    await look("login");
    await light.logIn("ada", password);
    await light.openStore("notes");
    await light.write(
      "notes",
      "plans/summer.md",
      "# Summer\n\n- walk to the sea\n- read\n- sleep\n",
    );
    await light.write("notes", "shopping.txt", "milk\nbread\napples\n");
    await light.write("notes", "ideas.txt", "a clock that runs backwards\n");
    await light.synced();
    await dark.logIn("ada", password);
    await dark.openStore("notes");
    await light.write("notes", "shopping.txt", "milk\nrye bread\napples\npears\n");
    await light.synced();
  });
  afterAll(async () => {
    await browser.close();
    line.close();
    await relay.stop();
  });

  /** Checks and photographs what both visitors see now. */
  async function look(name: string): Promise<void> {
    for (const [colour, { page }] of [
      ["light", light],
      ["dark", dark],
    ] as const) {
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { axe: checker } = globalThis as unknown as {
          axe: { run(options: object): Promise<AxeResults> };
        };
        const { violations } = await checker.run({
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(" | ")}`);
      });
      expect(found, `${name} in ${colour}`).toEqual([]);
      await page.screenshot({ path: `${folder}${name}-${colour}.png`, animations: "disabled" });
    }
  }
  const bothGo = async (fragment: string, text: string) => {
    for (const { page } of [light, dark]) {
      await page.goto(`/${fragment}`);
      await page.getByText(text).first().waitFor();
      await page.locator(".toast button").evaluateAll((all) => {
        for (const button of all) if (button instanceof HTMLElement) button.click();
      });
      await page.waitForFunction(() => document.querySelector(".loading") === null);
    }
  };

  it.each([
    ["stores", "#/", "objects"],
    ["files", "#/s/notes/files", "summer.md"],
    ["file", "#/s/notes/file/plans%2Fsummer.md", "walk to the sea"],
    ["history", "#/s/notes/history", "add file: ideas.txt"],
    ["transfer", "#/s/notes/transfer", "Full backup"],
    ["sessions", "#/sessions", "this device"],
    ["administration", "#/admin", "Signing keys"],
    ["empty-store", "#/s/empty/files", "This store is empty"],
    ["missing-file", "#/s/notes/file/nothing", "This file is not here"],
  ])("%s is accessible and has its picture", async (name, fragment, text) => {
    await bothGo(fragment, text);
    await look(name);
  });

  it("editor is accessible and has its picture", async () => {
    await bothGo("#/s/notes/file/shopping.txt", "rye bread");
    for (const { page } of [light, dark]) {
      await page.getByRole("button", { name: "Edit" }).click();
      await page.getByLabel("Content of shopping.txt").waitFor();
    }
    await look("editor");
  });

  it("comparison is accessible and has its picture", async () => {
    await bothGo("#/s/notes/history", "add file: ideas.txt");
    for (const { page } of [light, dark]) {
      await page.locator(".commit-row input").first().check();
      await page.locator(".commit-row input").last().check();
      await page.getByRole("button", { name: "Compare the two chosen" }).click();
      await page.getByText("rye bread").waitFor();
    }
    await look("comparison");
  });

  it("dialog and status are accessible and have their pictures", async () => {
    await bothGo("#/s/notes/files", "summer.md");
    for (const { page } of [light, dark]) await page.locator(".pill").click();
    await look("status");
    for (const { page } of [light, dark]) {
      await page.locator(".pill").click();
      await page.getByRole("button", { name: "Delete ideas.txt" }).click();
    }
    await look("dialog");
    for (const { page } of [light, dark]) await page.keyboard.press("Escape");
  });

  it("conflict is accessible and has its picture", async () => {
    line.cut();
    await light.status("Offline");
    await light.write("notes", "ideas.txt", "a clock that runs backwards\nand chimes\n");
    await dark.write("notes", "ideas.txt", "a clock without hands\n");
    await dark.synced();
    line.restore();
    await light.status("1 conflict");
    const { page } = light;
    await page.goto("/#/s/notes/conflicts");
    await page.getByText("a clock without hands").waitFor();
    for (const [colour, scheme] of [
      ["light", "light"],
      ["dark", "dark"],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: `${folder}conflict-${colour}.png`, animations: "disabled" });
    }
    await page.getByLabel("Keep this device's").check();
    await page.getByRole("button", { name: "Merge as decided" }).click();
    await light.synced();
  });

  it("history with a merge shows its graph", async () => {
    await dark.synced();
    await bothGo("#/s/notes/history", "Merge ");
    await look("history-merged");
  });

  it("fits a narrow phone without scrolling sideways", async () => {
    const { page } = light;
    await page.setViewportSize({ width: 360, height: 740 });
    for (const fragment of [
      "#/",
      "#/s/notes/files",
      "#/s/notes/history",
      "#/s/notes/transfer",
      "#/sessions",
      "#/admin",
    ]) {
      await page.goto(`/${fragment}`);
      await page.locator("main h1").waitFor({ state: "attached" });
      await page.waitForFunction(() => document.querySelector(".loading") === null);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, fragment).toBe(0);
    }
    await page.goto("/#/s/notes/files");
    await page.getByText("summer.md").waitFor();
    await page.screenshot({ path: `${folder}files-phone.png`, animations: "disabled" });
    expect([...light.faults, ...dark.faults]).toEqual([]);
  });

  it("can be used by keyboard alone", async () => {
    const { page } = dark;
    await page.goto("/#/s/notes/files");
    await page.getByText("summer.md").waitFor();
    const reached = new Set<string>();
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      reached.add(
        await page.evaluate(
          () =>
            document.activeElement?.getAttribute("aria-label") ??
            document.activeElement?.textContent ??
            "",
        ),
      );
    }
    for (const name of ["Skip to the content", "plans/summer.md", "Delete shopping.txt"])
      expect([...reached]).toContain(name);
  });
});
