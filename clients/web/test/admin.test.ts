import { expect, it } from "vitest";
import { journeys, type Stage } from "./stage.ts";
import type { Visitor } from "./visitor.ts";

/** An admin who looks at the page for admins. */
async function administer(stage: Stage): Promise<Visitor> {
  const admin = await stage.arrive();
  await admin.page.goto("/#/admin");
  await admin.page.getByRole("heading", { name: "Users", exact: true }).waitFor();
  return admin;
}

const rowOf = ({ page }: Visitor, name: string) =>
  page.locator(".row", { has: page.getByText(name, { exact: true }) });

journeys("administration", (stage) => {
  it("adds a user, who has to change the one-time password", async () => {
    const admin = await administer(stage);
    const username = stage.relay.nameOf("grace");
    await admin.page.getByLabel("Name of a new user").fill(username);
    await admin.page.getByRole("button", { name: "Add" }).click();
    const secret = (await admin.page.locator(".secret").textContent()) ?? "";
    await admin.page.getByRole("button", { name: "Done" }).click();
    const grace = await stage.visit();
    await grace.page.getByLabel("User name").fill(username);
    await grace.page.getByLabel("Password").fill(secret);
    await grace.page.getByRole("button", { name: "Log in" }).click();
    await grace.page.getByRole("heading", { name: "Choose a password" }).waitFor();
    await stage.done(admin, grace);
  });

  it("disables a user at once, and lets them in again", async () => {
    const user = await stage.relay.addUser("alan");
    const alan = await (await (await stage.visit()).logIn(user)).openStore("notes");
    const admin = await administer(stage);
    const row = rowOf(admin, user.username);
    await row.getByRole("button", { name: "Disable" }).click();
    await row.getByText("disabled").waitFor();
    await alan.page.getByRole("alert").getByText("The account was disabled").waitFor();
    await row.getByRole("button", { name: "Enable" }).click();
    await row.getByText("disabled").waitFor({ state: "detached" });
    await alan.page.reload();
    await alan.logIn(user);
    await stage.done(admin, alan);
  });

  it("logs a user out, gives them a new password, and removes them", async () => {
    const user = await stage.relay.addUser("rosalind");
    const visitor = await (await (await stage.visit()).logIn(user)).openStore("notes");
    const admin = await administer(stage);
    const row = rowOf(admin, user.username);
    await row.getByRole("button", { name: "Log out" }).click();
    await visitor.page.getByText("Your session has ended").waitFor();
    await row.getByRole("button", { name: "Reset password" }).click();
    expect((await admin.page.locator(".secret").textContent())?.length).toBeGreaterThan(15);
    await admin.page.getByRole("button", { name: "Done" }).click();
    await row.getByText("one-time password").waitFor();
    await row.getByRole("button", { name: `Remove ${user.username}` }).click();
    await admin.page.getByRole("button", { name: "Remove user and data" }).click();
    await row.waitFor({ state: "detached" });
    await stage.done(admin, visitor);
  });

  it("rotates the signing key, counts what expired and removes it", async () => {
    const admin = await administer(stage);
    const { page } = admin;
    await page.getByRole("button", { name: "Rotate" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
    await page.getByText(/The key \S+ signs from/u).waitFor();
    await page.getByRole("button", { name: "Count" }).click();
    await page
      .getByText(/^\d+ expired$/u)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Clean up now" }).click();
    await page
      .getByText(/^\d+ removed$/u)
      .first()
      .waitFor();
    await stage.done(admin);
  });

  it("plots what there is, and what was done by the hour", async () => {
    const admin = await administer(stage);
    for (const title of ["Users", "Sessions", "Actions per hour"]) {
      const plot = admin.page.getByRole("img", { name: new RegExp(`^${title}, .*now [1-9]`, "u") });
      await plot.waitFor();
    }
    await stage.done(admin);
  });

  it("shows more users than one answer of the relay holds", async () => {
    for (const name of ["page-1", "page-2"]) await stage.relay.inviteUser(name);
    const admin = await stage.arrive();
    // The relay's own pages, only shorter.
    await admin.page.route("**/admin/users?*", (route) =>
      route.continue({ url: route.request().url().replace("limit=200", "limit=1") }),
    );
    await admin.page.goto("/#/admin");
    const last = rowOf(admin, stage.relay.nameOf("page-2"));
    const more = admin.page.getByRole("button", { name: "Show more" });
    const names = admin.page.locator(".row strong");
    while ((await last.count()) === 0) {
      const shown = await names.count();
      await more.click();
      await names.nth(shown).waitFor();
    }
    await stage.done(admin);
  });

  it("is not offered to users who are not admins", async () => {
    const user = await stage.relay.addUser("edsger");
    const visitor = await (await stage.visit()).logIn(user);
    await visitor.page.getByLabel(`Account of ${user.username}`).click();
    expect(await visitor.page.getByRole("link", { name: "Administration" }).count()).toBe(0);
    await visitor.page.goto("/#/admin");
    await visitor.page.getByRole("alert").first().getByText("Not allowed").waitFor();
    await stage.done(visitor);
  });
});
