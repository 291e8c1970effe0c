import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { journeys } from "./stage.ts";

/** Tabs on until what has the focus is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent.trim() ?? "";
    });
    if (focused === name) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

journeys("the keyboard alone", (stage) => {
  it("makes, edits, renames and deletes a file", async () => {
    const a = await (await stage.arrive()).openStore("keys");
    const { page } = a;
    const { keyboard } = page;
    await tabTo(page, "New file");
    await keyboard.press("Enter");
    await keyboard.type("a.txt");
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "a.txt" }).waitFor();
    await page.getByRole("button", { name: "Edit" }).waitFor();
    await tabTo(page, "Edit");
    await keyboard.press("Enter");
    await page.locator(".cm-focused").waitFor();
    await keyboard.type("typed by hand");
    await keyboard.press("Control+s");
    await page.getByRole("button", { name: "Close", exact: true }).waitFor();
    // Tab indents in the text; Escape lets it lead out.
    await keyboard.press("Escape");
    await tabTo(page, "Close");
    await keyboard.press("Enter");
    await page.locator("pre.text-view", { hasText: "typed by hand" }).waitFor();
    await tabTo(page, "Rename a.txt");
    await keyboard.press("Enter");
    await keyboard.press("Control+a");
    await keyboard.type("b.txt");
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "b.txt" }).waitFor();
    await tabTo(page, "Delete b.txt");
    await keyboard.press("Enter");
    await tabTo(page, "Delete");
    await keyboard.press("Enter");
    await page.getByText("No files here").waitFor();
    await a.synced();
    await stage.done(a);
  });

  it("closes a dialog and a menu with Escape, and is where it was before", async () => {
    const a = await (await stage.arrive()).openStore("escape");
    await a.write("escape", "f.txt", "1");
    await tabTo(a.page, "Delete f.txt");
    await a.page.keyboard.press("Enter");
    await a.page.getByRole("dialog").waitFor();
    await a.page.keyboard.press("Escape");
    await a.page.getByRole("dialog").waitFor({ state: "detached" });
    const label = () => a.page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    expect(await label()).toBe("Delete f.txt");
    await tabTo(a.page, `Account of ${stage.user.username}`);
    await a.page.keyboard.press("Enter");
    await a.page.getByRole("link", { name: "Sessions" }).waitFor();
    await a.page.keyboard.press("Escape");
    await a.page.getByRole("link", { name: "Sessions" }).waitFor({ state: "hidden" });
    expect(await label()).toBe(`Account of ${stage.user.username}`);
    await stage.done(a);
  });

  it("skips to the content of every screen, which stays where it is", async () => {
    const a = await (await stage.arrive()).openStore("skip");
    for (const fragment of ["#/", "#/sessions", "#/admin", "#/s/skip/files", "#/s/skip/history"]) {
      await a.page.goto(`/${fragment}`);
      await a.page.reload();
      await a.page.locator("#main h1, #main h2").first().waitFor({ state: "attached" });
      await a.page.keyboard.press("Tab");
      await a.page.keyboard.press("Enter");
      expect(await a.page.evaluate(() => document.activeElement?.id)).toBe("main");
      expect(new URL(a.page.url()).hash).toBe(fragment);
    }
    await stage.done(a);
  });

  it("arrives at the content of another place, whose name the tab then has", async () => {
    const a = await (await stage.arrive()).openStore("titles");
    expect(await a.page.title()).toBe("Files · titles · GitBlobs");
    for (const [link, title] of [
      ["History", "History · titles · GitBlobs"],
      ["Import and export", "Import and export · titles · GitBlobs"],
      ["GitBlobs, all stores", "Stores · GitBlobs"],
    ] as const) {
      await tabTo(a.page, link);
      await a.page.keyboard.press("Enter");
      await a.page.waitForFunction((wanted) => document.title === wanted, title);
      expect(await a.page.evaluate(() => document.activeElement?.id)).toBe("main");
    }
    await stage.done(a);
  });
});
