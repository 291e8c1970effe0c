import { expect, it } from "vitest";
import { journeys } from "./stage.ts";

journeys("without a network", (stage) => {
  it("keeps what is edited offline, and merges it later", async () => {
    const { a, b, line } = await stage.pair("offline", "base.txt", "base");
    line.cut();
    await a.status("Offline");
    await a.write("offline", "from-a.txt", "written on a plane");
    await a.status("Offline, changes kept");
    await b.write("offline", "from-b.txt", "written at a desk");
    await b.synced();
    line.restore();
    await a.synced();
    await a.reads("offline", "from-b.txt", "written at a desk");
    await b.reads("offline", "from-a.txt", "written on a plane");
    await a.page.goto("/#/s/offline/history");
    await a.page
      .getByText(/^Merge /u)
      .first()
      .waitFor();
    await stage.done(a, b);
  });

  it("opens and edits while there is no network at all", async () => {
    const { a, b, line } = await stage.pair("plane", "notes.txt", "before", { keepsPage: true });
    await a.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    line.cut();
    await a.page.reload();
    await a.reads("plane", "notes.txt", "before");
    await a.write("plane", "notes.txt", "during");
    line.restore();
    await a.synced();
    await b.reads("plane", "notes.txt", "during");
    await stage.done(a, b);
  });

  it("opens the newest page it kept, also while the relay only answers with errors", async () => {
    const line = await stage.lay();
    const a = await stage.visit({ keepsPage: true }, line.url);
    // What an earlier version of the page left behind.
    await a.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.unregister();
      for (const name of await caches.keys()) await caches.delete(name);
      const old = await caches.open("gitblobs-of-an-earlier-version");
      await old.put(
        "/",
        new Response("an earlier page", { headers: { "content-type": "text/html" } }),
      );
    });
    await a.page.reload();
    await a.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await a.page.reload();
    line.fail(503);
    await a.page.reload();
    await a.page.getByRole("button", { name: "Log in" }).waitFor();
    line.cut();
    await a.page.reload();
    await a.page.getByRole("button", { name: "Log in" }).waitFor();
    await stage.done(a);
  });

  it("says Offline, and does not flicker with every try to connect", async () => {
    const { a, b, line } = await stage.pair("steady", "f.txt", "1");
    line.cut();
    await a.status("Offline");
    await a.page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      const pill = document.querySelector(".pill");
      if (pill === null) throw new Error("no pill");
      new MutationObserver(() => seen.push(pill.textContent)).observe(pill, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    });
    await a.page.locator(".pill").click();
    for (let tries = 0; tries < 3; tries++)
      await Promise.all([
        a.page.waitForEvent("requestfailed"),
        a.page.getByRole("button", { name: "Try again now" }).click(),
      ]);
    const seen = await a.page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
    expect(seen).toEqual([]);
    await stage.done(a, b);
  });
});
