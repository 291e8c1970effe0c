import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { findChromium, startChromium, Visitor, watch } from "./browser.ts";
import { layLine, type Line } from "./line.ts";
import { startRelay, type TestRelay } from "./relay.ts";

if (findChromium() === undefined) console.warn("absent: Chromium; the page's journeys do not run");

describe.skipIf(findChromium() === undefined)("the page, in Chromium against the relay", () => {
  let relay: TestRelay;
  let browser: Browser;
  let password: string;
  const lines: Line[] = [];

  beforeAll(async () => {
    relay = await startRelay();
    password = await relay.addUser("ada");
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    for (const line of lines) line.close();
    await relay.stop();
  });

  const arrive = async (url = relay.url) =>
    (await Visitor.arrive(browser, url)).logIn("ada", password);
  const lay = async () => {
    const line = await layLine(relay.url);
    lines.push(line);
    return line;
  };
  /** Two browsers of the user that both have the same file in the same store. */
  const pair = async (store: string, path: string, text: string) => {
    const line = await lay();
    const a = await (await arrive(line.url)).openStore(store);
    await a.write(store, path, text);
    await a.synced();
    const b = await (await arrive()).openStore(store);
    return { a, b, line };
  };
  const done = async (...visitors: Visitor[]) => {
    for (const visitor of visitors) {
      expect(visitor.faults).toEqual([]);
      await visitor.leave();
    }
  };

  it("says that the password is wrong, and not which part was", async () => {
    const a = await Visitor.arrive(browser, relay.url);
    await a.page.getByLabel("User name").fill("ada");
    await a.page.getByLabel("Password").fill("wrong");
    await a.page.keyboard.press("Enter");
    await a.page.getByRole("alert").getByText("Unknown user or wrong password").waitFor();
    await done(a);
  });

  it("shows an edit of one browser in another within a second", async () => {
    const { a, b } = await pair("live", "hello.txt", "first");
    await b.reads("live", "hello.txt", "first");
    await a.page.getByRole("button", { name: "Edit" }).click();
    await a.page.getByLabel("Content of hello.txt").fill("second");
    await a.page.getByRole("button", { name: "Save" }).click();
    const from = Date.now();
    await b.page.locator("pre.text-view", { hasText: "second" }).waitFor();
    expect(Date.now() - from).toBeLessThan(1_000);
    await done(a, b);
  });

  it("keeps what is edited offline, and merges it later", async () => {
    const { a, b, line } = await pair("offline", "base.txt", "base");
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
    await done(a, b);
  });

  it("opens and edits while there is no network at all", async () => {
    const { a, b, line } = await pair("plane", "notes.txt", "before");
    await a.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    line.cut();
    await a.page.reload();
    await a.reads("plane", "notes.txt", "before");
    await a.write("plane", "notes.txt", "during");
    line.restore();
    await a.synced();
    await b.reads("plane", "notes.txt", "during");
    await done(a, b);
  });

  it("shows a conflict side by side and merges what the user writes", async () => {
    const { a, b, line } = await pair("clash", "plan.txt", "one plan\n");
    line.cut();
    await a.write("clash", "plan.txt", "plan of a\n");
    await b.write("clash", "plan.txt", "plan of b\n");
    await b.synced();
    line.restore();
    await a.status("1 conflict");
    await a.page.getByRole("link", { name: "Decide", exact: true }).click();
    await a.page.getByText("plan of a").first().waitFor();
    await a.page.getByText("plan of b").first().waitFor();
    await a.page.getByLabel("Edit").check();
    await a.page.getByLabel("Merged content of plan.txt").fill("plan of both\n");
    await a.page.getByRole("button", { name: "Merge as decided" }).click();
    await a.synced();
    await b.reads("clash", "plan.txt", "plan of both");
    await done(a, b);
  });

  it("takes the other side of a conflict when the user says so, also a deletion", async () => {
    const { a, b, line } = await pair("delete", "old.txt", "old\n");
    line.cut();
    await a.write("delete", "old.txt", "still in use\n");
    await b.page.goto("/#/s/delete/files");
    await b.page.getByRole("button", { name: "Delete old.txt" }).click();
    await b.page.getByRole("button", { name: "Delete", exact: true }).click();
    await b.synced();
    line.restore();
    await a.status("1 conflict");
    await a.page.getByRole("link", { name: "Decide", exact: true }).click();
    await a.page.getByLabel("Delete it, as the other device did").check();
    await a.page.getByRole("button", { name: "Merge as decided" }).click();
    await a.page.getByText("No files here").waitFor();
    await done(a, b);
  });

  it("logs all devices out everywhere within a second, and keeps their copies", async () => {
    const { a, b } = await pair("everywhere", "f.txt", "kept");
    await a.page.goto("/#/sessions");
    await a.page.getByRole("button", { name: "Log out everywhere" }).click();
    await a.page.getByRole("dialog").getByRole("button", { name: "Log out everywhere" }).click();
    const from = Date.now();
    await b.page.getByText("Your session has ended").waitFor();
    expect(Date.now() - from).toBeLessThan(2_000);
    await b.logIn("ada", password);
    await b.openStore("everywhere");
    await b.reads("everywhere", "f.txt", "kept");
    await done(a, b);
  });

  it("lets two tabs share one copy, and the second go on when the first is closed", async () => {
    const { a, b } = await pair("tabs", "f.txt", "1");
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
    await done(a, b);
  });

  it("logs out in every tab at once", async () => {
    const a = await arrive();
    const second = await a.context.newPage();
    await second.goto("/#/sessions");
    await second.getByText("this device").waitFor();
    await second.getByLabel("Account of ada").click();
    await second.getByRole("button", { name: "Log out", exact: true }).click();
    await a.page.getByRole("button", { name: "Log in" }).waitFor();
    await done(a);
  });

  it("never renders a file's name or content as markup", async () => {
    const a = await (await arrive()).openStore("hostile");
    const name = '<img src=x onerror="document.title=1">.html';
    const text = "<script>document.title = 'owned'</script><h1>Not a heading</h1>";
    await a.write("hostile", name, text);
    await a.reads("hostile", name, "Not a heading");
    expect(await a.page.title()).toBe("GitBlobs");
    expect(await a.page.getByRole("heading", { name: "Not a heading" }).count()).toBe(0);
    await a.page.goto("/#/s/hostile/files");
    await a.page.getByText(name).waitFor();
    await done(a);
  });

  it("refuses names that other clients could not hold", async () => {
    const a = await (await arrive()).openStore("names");
    await a.page.getByRole("button", { name: "New file" }).click();
    await a.page.getByLabel("Name", { exact: true }).fill("__proto__");
    await a.page.getByRole("button", { name: "Create" }).click();
    await a.page.getByText("Older clients cannot hold").waitFor();
    await done(a);
  });

  it("uploads, renames, finds and shows files of any kind", async () => {
    const a = await (await arrive()).openStore("kinds");
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
      "base64",
    );
    await a.page.locator("input[type=file]").setInputFiles([
      { name: "dot.png", mimeType: "image/png", buffer: png },
      {
        name: "bytes.bin",
        mimeType: "application/octet-stream",
        buffer: Buffer.from([0, 1, 254, 255]),
      },
    ]);
    await a.page.getByText("2 files added.").waitFor();
    await a.page.getByRole("button", { name: "Rename bytes.bin" }).click();
    await a.page.getByLabel("New name").fill("raw/bytes.bin");
    await a.page.getByRole("button", { name: "Rename", exact: true }).click();
    await a.page.getByRole("dialog").waitFor({ state: "hidden" });
    await a.page.getByRole("searchbox").fill("RAW");
    await a.page.getByText("1 of 2 files").waitFor();
    await a.page.getByRole("link", { name: "raw/bytes.bin" }).click();
    await a.page.getByText("00000000  00 01 fe ff").waitFor();
    await a.page.goto("/#/s/kinds/file/dot.png");
    await a.page.getByRole("img", { name: "dot.png" }).waitFor();
    await done(a);
  });

  it("says so when the browser keeps no data, and does not lose what was typed when it is full", async () => {
    const a = await arrive();
    await a.openStore("full");
    await a.write("full", "f.txt", "fits");
    await a.page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("no space", "QuotaExceededError");
      };
    });
    await a.page.getByRole("button", { name: "Edit" }).click();
    await a.page.getByLabel("Content of f.txt").fill("does not fit");
    await a.page.getByRole("button", { name: "Save" }).click();
    await a.page.getByRole("alert").getByText("Not saved.").waitFor();
    expect(await a.page.getByLabel("Content of f.txt").inputValue()).toBe("does not fit");
    const blocked = await Visitor.arrive(browser, relay.url);
    await blocked.page.evaluate(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("blocked", "SecurityError");
      };
    });
    await blocked.logIn("ada", password);
    await blocked.page.goto("/#/s/blocked/files");
    await blocked.page.getByRole("alert").getByText("This browser cannot keep the store").waitFor();
    await done(a, blocked);
  });

  it("works when this machine's clock is a day slow or fast", async () => {
    for (const days of [-1, 1]) {
      const a = await Visitor.arrive(browser, relay.url);
      await a.page.addInitScript((shift) => {
        const now = Date.now.bind(Date);
        Date.now = () => now() + shift;
      }, days * 86_400_000);
      await a.page.reload();
      await a.logIn("ada", password);
      const store = `clock${days}`;
      await a.openStore(store);
      await a.write(store, "f.txt", "whatever the time");
      await a.synced();
      await done(a);
    }
  });

  it("asks before unsaved changes are left behind", async () => {
    const a = await (await arrive()).openStore("unsaved");
    await a.write("unsaved", "f.txt", "saved");
    await a.page.getByRole("button", { name: "Edit" }).click();
    await a.page.getByLabel("Content of f.txt").fill("not saved");
    let question = "";
    a.page.once("dialog", (dialog) => {
      question = dialog.message();
      void dialog.dismiss();
    });
    await a.page.getByRole("link", { name: "All files" }).click();
    expect(await a.page.getByLabel("Content of f.txt").inputValue()).toBe("not saved");
    expect(question).toContain("without saving");
    await done(a);
  });
});
