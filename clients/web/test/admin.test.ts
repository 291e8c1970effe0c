import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, startChromium, Visitor } from "./browser.ts";
import { startRelay, type TestRelay } from "./relay.ts";

describe.skipIf(findChromium() === undefined)("administration, in Chromium", () => {
  let relay: TestRelay;
  let browser: Browser;
  let admin: Visitor;

  beforeAll(async () => {
    relay = await startRelay();
    const password = await relay.addUser("root", "admin");
    browser = await startChromium();
    admin = await (await Visitor.arrive(browser, relay.url)).logIn("root", password);
    await admin.page.goto("/#/admin");
  });
  afterAll(async () => {
    await browser.close();
    await relay.stop();
  });

  it("adds a user, who has to change the one-time password", async () => {
    const { page } = admin;
    await page.getByLabel("Name of a new user").fill("grace");
    await page.getByRole("button", { name: "Add" }).click();
    const secret = (await page.locator(".secret").textContent()) ?? "";
    await page.getByRole("button", { name: "Done" }).click();
    const grace = await Visitor.arrive(browser, relay.url);
    await grace.page.getByLabel("User name").fill("grace");
    await grace.page.getByLabel("Password").fill(secret);
    await grace.page.getByRole("button", { name: "Log in" }).click();
    await grace.page.getByRole("heading", { name: "Choose a password" }).waitFor();
    await grace.page.getByLabel("Current password").fill(secret);
    await grace.page
      .getByLabel("New password", { exact: false })
      .first()
      .fill("a quiet lake in autumn");
    await grace.page.getByLabel("New password, again").fill("a quiet lake in autumn");
    await grace.page.getByRole("button", { name: "Change password" }).click();
    await grace.page.getByText("No stores yet").waitFor();
    expect(grace.faults).toEqual([]);
    await grace.leave();
  });

  it("disables a user at once", async () => {
    const password = await relay.addUser("alan");
    const alan = await (await Visitor.arrive(browser, relay.url)).logIn("alan", password);
    await alan.openStore("notes");
    await admin.page.reload();
    const row = admin.page.locator(".row", { hasText: "alan" });
    await row.getByRole("button", { name: "Disable" }).click();
    await row.getByText("disabled").waitFor();
    await alan.page.getByRole("alert").getByText("The account was disabled").waitFor();
    await alan.leave();
  });

  it("rotates the signing key and counts what expired", async () => {
    const { page } = admin;
    await page.getByRole("button", { name: "Rotate" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
    await page.getByText(/The key \S+ signs from/u).waitFor();
    await page.getByRole("button", { name: "Count" }).click();
    await page.getByText("expired", { exact: false }).first().waitFor();
    expect(admin.faults).toEqual([]);
  });

  it("is not offered to users who are not admins", async () => {
    const password = await relay.addUser("edsger");
    const user = await (await Visitor.arrive(browser, relay.url)).logIn("edsger", password);
    await user.page.getByLabel("Account of edsger").click();
    expect(await user.page.getByRole("link", { name: "Administration" }).count()).toBe(0);
    await user.page.goto("/#/admin");
    await user.page.getByRole("alert").first().getByText("Not allowed").waitFor();
    await user.leave();
  });
});
