import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { expect } from "vitest";
import { findChromium } from "../../../tools/machine.ts";
import type { Person } from "./relay.ts";

/** Starts Chromium, quiet and on loopback alone. */
export function startChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("there is no Chromium on this machine");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface Arrival {
  readonly locale?: string;
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  /** Lets the page keep itself for use offline. Each time that is a second load of everything it consists of. */
  readonly keepsPage?: boolean;
}

/** One browser of one user: what it keeps is its own. */
export class Visitor {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly faults: string[],
  ) {}

  /** Opens the page in a fresh browser profile. */
  static async arrive(browser: Browser, url: string, arrival: Arrival = {}): Promise<Visitor> {
    const { locale = "en-US", colorScheme = "light", width = 1280, keepsPage = false } = arrival;
    const context = await browser.newContext({
      baseURL: url,
      locale,
      colorScheme,
      viewport: { width, height: 800 },
      reducedMotion: "reduce",
      serviceWorkers: keepsPage ? "allow" : "block",
    });
    context.setDefaultTimeout(20_000);
    const faults: string[] = [];
    const page = await context.newPage();
    watch(page, faults);
    await page.goto("/");
    return new Visitor(context, page, faults);
  }

  async logIn({ username, password }: Person): Promise<this> {
    await this.page.getByLabel("User name").fill(username);
    await this.page.getByLabel("Password").fill(password);
    await this.page.getByRole("button", { name: "Log in" }).click();
    await this.page.getByLabel(`Account of ${username}`).waitFor();
    return this;
  }

  /** Opens a store, which is made where there is none. */
  async openStore(name: string): Promise<this> {
    const { page } = this;
    await page.goto("/#/");
    await page.getByLabel("Name of a new store").fill(name);
    await page.getByRole("button", { name: "New store" }).click();
    await this.synced();
    return this;
  }

  /** Waits until the page says that all is in sync. */
  async synced(): Promise<void> {
    await this.status("Up to date");
  }

  /** Waits until the status says this. */
  async status(word: string): Promise<void> {
    await this.page.locator(".pill").getByText(word, { exact: true }).waitFor();
  }

  /** Makes a file with this text, or gives the one that is there a new text. */
  async write(store: string, path: string, text: string): Promise<void> {
    const { page } = this;
    await this.edit(store, path);
    await this.type(path, text);
    await this.save();
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.getByRole("button", { name: "Edit" }).waitFor();
  }

  /** Puts a text in the place of what the open editor has. */
  async type(path: string, text: string): Promise<void> {
    const content = this.page.getByLabel(`Content of ${path}`);
    await content.focus();
    await content.press("ControlOrMeta+a");
    if (text === "") await content.press("Delete");
    else await this.page.keyboard.insertText(text);
  }

  /** Saves what the open editor has, and waits until that is done. */
  async save(): Promise<void> {
    await this.page.getByRole("button", { name: "Save", exact: true }).click();
    await this.page.getByRole("button", { name: "Close", exact: true }).waitFor();
  }

  /** Waits until the open editor has this text, or one like it, as far as it is in view. */
  async typed(path: string, text: string | RegExp): Promise<void> {
    const lines = this.page.getByLabel(`Content of ${path}`).locator(".cm-line");
    const shown = async () => (await lines.allTextContents()).join("\n");
    const like = expect.poll(shown, { timeout: 20_000 });
    await (typeof text === "string" ? like.toBe(text) : like.toMatch(text));
  }

  /** Opens the editor of a file, which is made where there is none. */
  async edit(store: string, path: string): Promise<void> {
    const { page } = this;
    await page.goto(`/#/s/${store}/files`);
    await page.getByRole("searchbox").waitFor();
    const link = page.getByRole("link", { name: path, exact: true });
    await page.locator(".rows, .empty").first().waitFor();
    if ((await link.count()) > 0) await link.click();
    else {
      await page.getByRole("button", { name: "New file" }).click();
      await page.getByLabel("Name", { exact: true }).fill(path);
      await page.getByRole("button", { name: "Create" }).click();
      // What arrives only now was not in the list yet.
      const taken = page.getByText("There is a file of this name already.");
      await page.getByRole("button", { name: "Edit" }).or(taken).first().waitFor();
      if (await taken.isVisible()) {
        await page.getByRole("button", { name: "Cancel" }).click();
        await link.click();
      }
    }
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel(`Content of ${path}`).waitFor();
  }

  /** The text of a file, once it is that. */
  async reads(store: string, path: string, text: string): Promise<void> {
    await this.page.goto(`/#/s/${store}/file/${encodeURIComponent(path)}`);
    const shown = this.page.locator("pre.text-view, .cm-content");
    await shown.filter({ hasText: text }).first().waitFor();
  }

  /** The browser says that there is a network again, so that the page need not wait until it tries by itself. */
  async online(): Promise<void> {
    await this.page.evaluate(() => dispatchEvent(new Event("online")));
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}

/** Notes what a user would never see but must not happen: exceptions, and what the page's policy had to stop. */
export function watch(page: Page, faults: string[]): void {
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && /Content Security Policy|Trusted|Uncaught/u.test(text))
      faults.push(text);
  });
}
