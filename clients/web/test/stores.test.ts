import { expect, it } from "vitest";
import { journeys } from "./stage.ts";

journeys("a store", (stage) => {
  it("is made where the user makes it, and not by an address", async () => {
    const a = await stage.arrive();
    const { page } = a;
    await page.goto("/#/s/typed-wrong/files");
    await a.status("Not on the relay");
    await page.goto("/#/");
    await page.getByText("No stores yet").waitFor();
    await page.goto("/#/s/typed-wrong/files");
    await page.getByRole("button", { name: "Make the store" }).click();
    await a.synced();
    await stage.done(a);
  });

  it("that was removed asks what becomes of the copy, and comes back only when it is told to", async () => {
    const a = await (await stage.arrive()).openStore("gone");
    await a.write("gone", "kept.txt", "kept");
    await a.synced();
    const b = await stage.arrive();
    await b.page.getByRole("button", { name: "Remove gone" }).click();
    await b.page.getByRole("button", { name: "Remove for good" }).click();
    await b.page.getByText("gone was removed.").waitFor();
    await a.status("Not on the relay");
    await a.page.getByRole("button", { name: "Keep it in this browser only" }).click();
    await a.page.getByText("This copy is kept in this browser only.").waitFor();
    await a.page.reload();
    await a.page.getByText("This copy is kept in this browser only.").waitFor();
    await b.page.reload();
    await b.page.getByText("No stores yet").or(b.page.locator(".store-card")).first().waitFor();
    expect(await b.page.getByRole("link", { name: /^gone/u }).count()).toBe(0);
    await a.page.getByRole("button", { name: "Make the store anew" }).click();
    await a.synced();
    await b.openStore("gone");
    await b.reads("gone", "kept.txt", "kept");
    await stage.done(a, b);
  });

  it("that was removed leaves this browser, too, when the user says so", async () => {
    const { a, b } = await stage.pair("leaving", "f.txt", "here and there");
    await a.page.goto("/#/");
    await a.page.getByRole("button", { name: "Remove leaving" }).click();
    await a.page.getByRole("button", { name: "Remove for good" }).click();
    await b.page.getByRole("button", { name: "Remove it here" }).click();
    await b.page.getByRole("dialog").getByRole("button", { name: "Remove it here" }).click();
    await b.page.getByText("leaving was removed from this browser.").waitFor();
    await b.page.reload();
    await b.page.getByText("No stores yet").or(b.page.locator(".store-card")).first().waitFor();
    expect(await b.page.getByRole("link", { name: "leaving" }).count()).toBe(0);
    await stage.done(a, b);
  });
});
