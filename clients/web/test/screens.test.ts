import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Line } from "./line.ts";
import { journeys } from "./stage.ts";
import type { Visitor } from "./visitor.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Pictures for the documents are made when asked for: they differ with every run, by times and hashes. */
const place =
  process.env["SCREENSHOTS"] === "docs" ? "../../../docs/screenshots/" : "../dist/screenshots/";
const folder = fileURLToPath(new URL(place, import.meta.url));
/** A picture of one dot. */
const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
const COLOURS = ["light", "dark"] as const;

/** What axe finds against WCAG 2.2 AA. */
async function problemsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: { run(options: object): Promise<AxeResults> };
    };
    const { violations } = await checker.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(" | ")}`);
  });
}

/** Checks and photographs what a visitor sees now, in both colours. */
async function look({ page }: Visitor, name: string): Promise<void> {
  await page.waitForFunction(() => document.querySelector(".loading") === null);
  await page.getByRole("button", { name: "Dismiss" }).evaluateAll((all) => {
    for (const button of all) if (button instanceof HTMLElement) button.click();
  });
  await page.locator(".toast").first().waitFor({ state: "detached" });
  for (const colorScheme of COLOURS) {
    await page.emulateMedia({ colorScheme });
    expect(await problemsOf(page), `${name} in ${colorScheme}`).toEqual([]);
    const path = `${folder}${name}-${colorScheme}.png`;
    await page.screenshot({ path, animations: "disabled" });
  }
}

/** Every screen, looked at in both colours: nothing for axe to find, and a picture for the documents. */
journeys("each screen is accessible and has its picture:", (stage) => {
  let line: Line;
  let a: Visitor;
  let b: Visitor;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    line = await stage.lay();
    a = await stage.arrive({}, line.url);
    await a.openStore("notes");
    await a.write("notes", "plans/summer.md", "# Summer\n\n- walk to the sea\n- read\n- sleep\n");
    await a.write("notes", "shopping.txt", "milk\nbread\napples\n");
    await a.write("notes", "ideas.txt", "a clock that runs backwards\n");
    await a.page.goto("/#/s/notes/files");
    await a.page.locator("input[type=file]").setInputFiles([
      { name: "dot.png", mimeType: "image/png", buffer: Buffer.from(DOT, "base64") },
      {
        name: "bytes.bin",
        mimeType: "application/octet-stream",
        buffer: Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
      },
    ]);
    await a.page.getByText("2 files added.").waitFor();
    await a.synced();
    b = await stage.arrive();
    await b.openStore("notes");
    await a.write("notes", "shopping.txt", "milk\nrye bread\napples\npears\n");
    await a.synced();
  });
  afterAll(() => stage.done(a, b));

  const go = async (fragment: string, text: string) => {
    await a.page.goto(`/${fragment}`);
    await a.page.getByText(text).first().waitFor();
  };

  it("login", async () => {
    const visitor = await stage.visit();
    await look(visitor, "login");
    await stage.done(visitor);
  });

  it("choose-password", async () => {
    const grace = await stage.relay.inviteUser("grace");
    const visitor = await stage.visit();
    await visitor.page.getByLabel("User name").fill(grace.username);
    await visitor.page.getByLabel("Password").fill(grace.password);
    await visitor.page.getByRole("button", { name: "Log in" }).click();
    await visitor.page.getByRole("heading", { name: "Choose a password" }).waitFor();
    await look(visitor, "choose-password");
    await stage.done(visitor);
  });

  it.each([
    ["stores", "#/", "objects"],
    ["files", "#/s/notes/files", "summer.md"],
    ["file", "#/s/notes/file/plans%2Fsummer.md", "walk to the sea"],
    ["image", "#/s/notes/file/dot.png", "dot.png"],
    ["bytes", "#/s/notes/file/bytes.bin", "00000000"],
    ["history", "#/s/notes/history", "add file: ideas.txt"],
    ["versions", "#/s/notes/versions/shopping.txt", "Versions of shopping.txt"],
    ["deleted", "#/s/notes/deleted", "No deleted files"],
    ["transfer", "#/s/notes/transfer", "Full backup"],
    ["sessions", "#/sessions", "this device"],
    ["administration", "#/admin", "Signing keys"],
    ["missing-file", "#/s/notes/file/nothing", "This file is not here"],
    ["no-such-store", "#/s/No/files", "There is no such store"],
    ["empty-store", "#/s/empty/files", "This store is empty"],
    ["store-not-there", "#/s/nowhere/files", "The relay has no store of this name"],
  ])("%s", async (name, fragment, text) => {
    if (name === "empty-store") await a.openStore("empty");
    await go(fragment, text);
    if (fragment.startsWith("#/s/notes") || name === "empty-store") await a.synced();
    await look(a, name);
  });

  it("editor", async () => {
    await a.edit("notes", "shopping.txt");
    await a.synced();
    await look(a, "editor");
    await a.page.getByRole("button", { name: "Close" }).click();
  });

  it("comparison", async () => {
    await go("#/s/notes/history", "add file: ideas.txt");
    await a.page.locator(".commit-row input").first().check();
    await a.page.locator(".commit-row input").last().check();
    await a.page.getByRole("button", { name: "Compare the two chosen" }).click();
    await a.page.getByText("rye bread").waitFor();
    await look(a, "comparison");
  });

  it("status", async () => {
    await go("#/s/notes/files", "summer.md");
    await a.synced();
    await a.page.locator(".pill").click();
    await look(a, "status");
    await a.page.keyboard.press("Escape");
  });

  it("user-menu", async () => {
    await go("#/", "objects");
    await a.page.getByLabel(`Account of ${stage.user.username}`).click();
    await look(a, "user-menu");
    await a.page.keyboard.press("Escape");
  });

  it.each([
    ["dialog-new-file", "#/s/notes/files", "New file"],
    ["dialog-rename", "#/s/notes/files", "Rename ideas.txt"],
    ["dialog-delete", "#/s/notes/files", "Delete ideas.txt"],
    ["dialog-remove-store", "#/", "Remove notes"],
    ["dialog-password", "#/sessions", "Change password"],
    ["dialog-log-out", "#/sessions", "Log out everywhere"],
    ["dialog-rotate", "#/admin", "Rotate"],
  ])("%s", async (name, fragment, button) => {
    await a.page.goto(`/${fragment}`);
    await a.page.getByRole("button", { name: button, exact: true }).click();
    await a.page.getByRole("dialog").waitFor();
    await look(a, name);
    await a.page.keyboard.press("Escape");
  });

  it("conflict", async () => {
    await go("#/s/notes/files", "summer.md");
    await a.synced();
    line.cut();
    await a.status("Offline");
    await look(a, "offline");
    await a.write("notes", "ideas.txt", "a clock that runs backwards\nand chimes\n");
    await b.write("notes", "ideas.txt", "a clock without hands\n");
    await b.synced();
    line.restore();
    await a.status("1 conflict");
    await go("#/s/notes/conflicts", "a clock without hands");
    await a.page.getByLabel("Edit").check();
    await look(a, "conflict");
    await a.page.getByLabel("Keep this device's").check();
    await a.page.getByRole("button", { name: "Merge as decided" }).click();
    await a.synced();
  });

  it("history with a merge", async () => {
    await go("#/s/notes/history", "Merge ");
    await look(a, "history-merged");
  });

  it("unrelated", async () => {
    line.cut();
    await a.write("alone", "a.txt", "begun here");
    await b.openStore("alone");
    await b.write("alone", "b.txt", "begun there");
    await b.synced();
    line.restore();
    await a.status("Needs a decision");
    await go("#/s/alone/conflicts", "Two beginnings");
    await look(a, "unrelated");
  });

  it("adopt", async () => {
    await a.page.goto("/#/sessions");
    await a.page.evaluate((head) => {
      localStorage.setItem("dev/head", JSON.stringify({ type: "commit", value: head }));
    }, "0".repeat(64));
    await go("#/", "Data of an earlier GitBlobsDB page");
    await look(a, "adopt");
  });

  it("stopped and broken", async () => {
    const visitor = await (await stage.arrive()).openStore("stopped");
    await visitor.page.routeWebSocket(/\/ws\?/u, (socket) => socket.close({ code: 4406 }));
    await visitor.page.reload();
    await visitor.page.getByRole("alert").getByText("another version").waitFor();
    await look(visitor, "stopped");
    await visitor.page.route("**/assets/history-screen*", (route) =>
      route.fulfill({ status: 404 }),
    );
    await visitor.page.getByRole("link", { name: "History" }).click();
    await visitor.page.getByRole("button", { name: "Reload" }).waitFor();
    await look(visitor, "broken");
    await visitor.leave();
  });

  it("phone, without scrolling sideways", async () => {
    const phone = await stage.arrive({ width: 360 });
    for (const fragment of [
      "#/s/notes/history",
      "#/s/notes/transfer",
      "#/sessions",
      "#/admin",
      "#/",
      "#/s/notes/files",
    ]) {
      await phone.page.goto(`/${fragment}`);
      await phone.page.locator("main h1").waitFor({ state: "attached" });
      await phone.page.waitForFunction(() => document.querySelector(".loading") === null);
      const overflow = await phone.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, fragment).toBe(0);
    }
    await phone.synced();
    await phone.page.getByText("summer.md").waitFor();
    await look(phone, "phone");
    await stage.done(phone);
  });
});
