import { expect, it } from "vitest";
import type { Page } from "playwright-core";
import { journeys } from "./stage.ts";
import { watch } from "./visitor.ts";

/** The moment of the next click on a button of that name, by the page's own clock, which all pages share. */
const nextClick = (page: Page, button: string) =>
  page.evaluateHandle(
    (name) => ({
      at: new Promise<number>((resolve) => {
        addEventListener(
          "click",
          (event) => {
            if (event.target instanceof Element && event.target.textContent.trim() === name)
              resolve(performance.timeOrigin + event.timeStamp);
          },
          { capture: true },
        );
      }),
    }),
    button,
  );

/** The moment at which a text comes into sight. */
const nextSight = (page: Page, text: string) =>
  page.evaluateHandle(
    (wanted) => ({
      at: new Promise<number>((resolve) => {
        new MutationObserver(() => {
          if (document.body.textContent.includes(wanted))
            resolve(performance.timeOrigin + performance.now());
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    }),
    text,
  );

const momentOf = (handle: Awaited<ReturnType<typeof nextClick>>) =>
  handle.evaluate((promise) => promise.at);

journeys("what happens live", (stage) => {
  it("shows an edit of one browser in another within a second of saving it", async () => {
    const { a, b } = await stage.pair("live", "hello.txt", "first");
    await b.reads("live", "hello.txt", "first");
    await a.page.getByRole("button", { name: "Edit" }).click();
    await a.type("hello.txt", "second");
    const saved = await nextClick(a.page, "Save");
    const seen = await nextSight(b.page, "second");
    await a.page.getByRole("button", { name: "Save" }).click();
    expect((await momentOf(seen)) - (await momentOf(saved))).toBeLessThan(1_000);
    await stage.done(a, b);
  });

  it("logs all devices out within a second of asking for it, and keeps their copies", async () => {
    const { a, b } = await stage.pair("everywhere", "f.txt", "kept");
    await a.page.goto("/#/sessions");
    await a.page.getByRole("button", { name: "Log out everywhere" }).click();
    const asked = await nextClick(a.page, "Log out everywhere");
    const seen = await nextSight(b.page, "Your session has ended");
    await a.page.getByRole("dialog").getByRole("button", { name: "Log out everywhere" }).click();
    const moment = await momentOf(asked);
    expect((await momentOf(seen)) - moment).toBeLessThan(1_000);
    await b.logIn(stage.user);
    await b.openStore("everywhere");
    await b.reads("everywhere", "f.txt", "kept");
    await stage.done(a, b);
  });

  it("tells who else is online, and when they left", async () => {
    const { a, b } = await stage.pair("company", "f.txt", "1");
    await a.page.locator(".pill").getByText("2 devices online").waitFor();
    await a.page.locator(".pill").click();
    await a.page.locator(".devices").getByText("this device").waitFor();
    await a.page.locator(".devices li").nth(1).waitFor();
    expect(await a.page.locator(".devices li").count()).toBe(2);
    await b.page.goto("/#/");
    await a.page.locator(".devices li").nth(1).waitFor({ state: "detached" });
    await stage.done(a, b);
  });

  it("tells by how many changes it is behind until it has caught up", async () => {
    const { a, b, line } = await stage.pair("behind", "f.txt", "1");
    // The first thing after coming back is to say how far behind it is; storing then takes its time.
    await a.page.evaluate(() => {
      new MutationObserver(() => {
        const word = /\d+ behind/u.exec(document.querySelector(".pill")?.textContent ?? "")?.[0];
        if (word !== undefined) document.body.dataset["behind"] ??= word;
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    line.cut();
    await a.status("Offline");
    for (const text of ["2", "3"]) {
      await b.write("behind", "f.txt", text);
      await b.synced();
    }
    line.restore();
    await a.reads("behind", "f.txt", "3");
    await a.synced();
    expect(await a.page.locator("body").getAttribute("data-behind")).toBe("2 behind");
    expect(await a.page.locator(".pill").textContent()).not.toContain("behind");
    await stage.done(a, b);
  });

  it("lets two tabs share one copy, and the second go on when the first is closed", async () => {
    const { a, b } = await stage.pair("tabs", "f.txt", "1");
    const second = await a.context.newPage();
    watch(second, a.faults);
    await second.goto("/#/s/tabs/file/f.txt");
    await second.locator("pre.text-view", { hasText: "1" }).waitFor();
    await second.locator(".pill").getByText("Up to date", { exact: true }).waitFor();
    await a.write("tabs", "f.txt", "2");
    await second.locator("pre.text-view", { hasText: "2" }).waitFor();
    await b.reads("tabs", "f.txt", "2");
    await a.page.close();
    await b.write("tabs", "f.txt", "3");
    await second.locator("pre.text-view", { hasText: "3" }).waitFor();
    await stage.done(a, b);
  });

  it("works when this machine's clock is a day slow or fast", async () => {
    for (const days of [-1, 1]) {
      const a = await stage.visit();
      await a.page.addInitScript((shift) => {
        const now = Date.now.bind(Date);
        Date.now = () => now() + shift;
      }, days * 86_400_000);
      await a.page.reload();
      await a.logIn(stage.user);
      const store = `clock${days}`;
      await a.openStore(store);
      await a.write(store, "f.txt", "whatever the time");
      await a.synced();
      await stage.done(a);
    }
  });
});
