import { expect, it } from "vitest";
import { journeys } from "./stage.ts";

journeys("logins", (stage) => {
  it("say that the password is wrong, and not which part was", async () => {
    const a = await stage.visit();
    await a.page.getByLabel("User name").fill(stage.user.username);
    await a.page.getByLabel("Password").fill("wrong");
    await a.page.keyboard.press("Enter");
    await a.page.getByRole("alert").getByText("Unknown user or wrong password").waitFor();
    await stage.done(a);
  });

  it("begin with a password of the user's own, which is asked for once", async () => {
    const grace = await stage.relay.inviteUser("grace");
    const a = await stage.visit();
    await a.page.getByLabel("User name").fill(grace.username);
    await a.page.getByLabel("Password").fill(grace.password);
    await a.page.getByRole("button", { name: "Log in" }).click();
    await a.page.getByRole("heading", { name: "Choose a password" }).waitFor();
    await a.page.getByLabel("Current password").fill(grace.password);
    await a.page.getByLabel("New password").first().fill("a quiet lake in autumn");
    await a.page.getByLabel("New password, again").fill("a quiet lake in autumn");
    await a.page.getByRole("button", { name: "Change password" }).click();
    await a.page.getByText("No stores yet").waitFor();
    await a.page.reload();
    await a.page.getByText("No stores yet").waitFor();
    await stage.done(a);
  });

  it("end in every tab at once", async () => {
    const a = await stage.arrive();
    const second = await a.context.newPage();
    await second.goto("/#/sessions");
    await second.getByText("this device").waitFor();
    await second.getByLabel(`Account of ${stage.user.username}`).click();
    await second.getByRole("button", { name: "Log out", exact: true }).click();
    await a.page.getByRole("button", { name: "Log in" }).waitFor();
    await stage.done(a);
  });

  it("are listed as sessions, of which one is ended without the others", async () => {
    const user = await stage.relay.addUser("edith");
    const a = await (await stage.visit()).logIn(user);
    const b = await (await stage.visit()).logIn(user);
    await b.openStore("any");
    await a.page.goto("/#/sessions");
    const others = a.page.getByRole("button", { name: /^End the session of .*Chrome/u });
    await others.click();
    await b.page.getByText("Your session has ended").waitFor();
    await others.waitFor({ state: "detached" });
    await a.page.getByText("this device").waitFor();
    await stage.done(a, b);
  });

  it("take a new password, which logs the other devices out", async () => {
    const user = await stage.relay.addUser("barbara");
    const password = "five green bottles on a wall";
    const a = await (await stage.visit()).logIn(user);
    const b = await (await stage.visit()).logIn(user);
    await b.openStore("any");
    await a.page.goto("/#/sessions");
    await a.page.getByRole("button", { name: "Change password" }).click();
    const dialog = a.page.getByRole("dialog");
    await dialog.getByLabel("Current password").fill(user.password);
    await dialog.getByLabel("New password").first().fill(password);
    await dialog.getByLabel("New password, again").fill("something else");
    await dialog.getByRole("button", { name: "Change password" }).click();
    await dialog.getByRole("alert").getByText("The two new passwords differ").waitFor();
    await dialog.getByLabel("New password, again").fill(password);
    await dialog.getByRole("button", { name: "Change password" }).click();
    await b.page.getByText("Your session has ended").waitFor();
    await b.logIn({ ...user, password });
    await stage.done(a, b);
  });

  it("end while somebody writes without losing a word", async () => {
    const user = await stage.relay.addUser("joan");
    const a = await (await stage.visit()).logIn(user);
    await a.openStore("diary");
    await a.write("diary", "today.txt", "so far");
    await a.synced();
    await a.edit("diary", "today.txt");
    await a.type("today.txt", "so far, and more");
    const { users } = await stage.relay.ask("GET", `/admin/users?username=${user.username}`);
    const [{ id = "" } = {}] = users as { id?: string }[];
    await stage.relay.ask("DELETE", `/admin/users/${id}/sessions`);
    await a.page.getByText("Your session has ended").waitFor();
    await a.logIn(user);
    await a.page.getByLabel("Content of today.txt").waitFor();
    await a.typed("today.txt", "so far, and more");
    await a.save();
    await a.reads("diary", "today.txt", "so far, and more");
    await a.synced();
    await stage.done(a);
  });

  it("ask before they end with something unsaved, and keep nothing of it for the next user", async () => {
    const user = await stage.relay.addUser("mary");
    const a = await (await stage.visit()).logIn(user);
    await a.openStore("notes");
    await a.write("notes", "f.txt", "saved");
    await a.edit("notes", "f.txt");
    await a.type("f.txt", "private");
    const logOut = async () => {
      await a.page.getByLabel(`Account of ${user.username}`).click();
      await a.page.getByRole("button", { name: "Log out", exact: true }).click();
    };
    await logOut();
    await a.page.getByRole("dialog").getByText("What you typed in f.txt").waitFor();
    await a.page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await a.typed("f.txt", "private");
    await a.page.reload();
    await a.page.getByText("This is what you typed before").waitFor();
    await logOut();
    await a.page.getByRole("dialog").getByRole("button", { name: "Log out" }).click();
    await a.page.getByRole("button", { name: "Log in" }).waitFor();
    await a.logIn(user);
    await a.page.getByRole("button", { name: "Edit" }).waitFor();
    await stage.done(a);
  });

  it("leave no copy behind when the user deletes them", async () => {
    const user = await stage.relay.addUser("katherine");
    const a = await (await stage.visit()).logIn(user);
    await a.openStore("orbits");
    await a.write("orbits", "f.txt", "on the relay as well");
    await a.synced();
    await a.page.goto("/#/sessions");
    await a.page.getByRole("button", { name: "Delete local copies" }).click();
    await a.page.getByRole("button", { name: "Delete and log out" }).click();
    await a.page.getByText("The local copies were deleted.").waitFor();
    const left = await a.page.evaluate(() => indexedDB.databases());
    expect(left.map(({ name }) => name)).toEqual(["gitblobs/drafts"]);
    await a.logIn(user);
    await a.openStore("orbits");
    await a.reads("orbits", "f.txt", "on the relay as well");
    await stage.done(a);
  });

  it("see a store that was removed nowhere any more", async () => {
    const { a, b } = await stage.pair("doomed", "f.txt", "1");
    await a.page.goto("/#/");
    await a.page.getByRole("button", { name: "Remove doomed" }).click();
    await a.page.getByRole("button", { name: "Remove for good" }).click();
    await a.page.getByText("doomed was removed.").waitFor();
    await a.page.getByRole("link", { name: "doomed" }).waitFor({ state: "detached" });
    await b.page.getByRole("alert").getByText("This store was removed").waitFor();
    await stage.done(a, b);
  });

  it("remove a store from the relay also where its list has not come yet", async () => {
    const a = await (await stage.arrive()).openStore("early");
    const gate = Promise.withResolvers<undefined>();
    await a.page.route("**/stores", async (route) => {
      await gate.promise;
      await route.continue();
    });
    await a.page.goto("/#/");
    await a.page.getByRole("button", { name: "Remove early" }).click();
    await a.page.getByRole("button", { name: "Remove for good" }).click();
    await a.page.getByText("early was removed.").waitFor();
    gate.resolve(undefined);
    await a.page.getByRole("link", { name: "early" }).waitFor({ state: "detached" });
    await a.page.reload();
    await a.page.getByText("No stores yet").or(a.page.locator(".store-card")).first().waitFor();
    expect(await a.page.getByRole("link", { name: "early" }).count()).toBe(0);
    await stage.done(a);
  });
});
