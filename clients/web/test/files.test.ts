import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { journeys } from "./stage.ts";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

/** Drags files of this machine onto a point of the page and lets them go, as a user does. */
async function dropFiles(page: Page, at: { x: number; y: number }, files: string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await devtools.send("Input.dispatchDragEvent", { type, ...at, data });
  await devtools.detach();
}

journeys("files", (stage) => {
  it("uploads, renames, finds and shows files of any kind", async () => {
    const a = await (await stage.arrive()).openStore("kinds");
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
    await stage.done(a);
  });

  it("takes files that are dropped onto it, and stays where it is when they are dropped elsewhere", async () => {
    const folder = mkdtempSync(`${tmpdir()}/gitblobs-drop-`);
    const file = `${folder}/dropped.txt`;
    writeFileSync(file, "from the desktop");
    const a = await (await stage.arrive()).openStore("drop");
    await dropFiles(a.page, { x: 640, y: 400 }, [file]);
    await a.page.getByText("1 file added.").waitFor();
    await a.reads("drop", "dropped.txt", "from the desktop");
    const before = a.page.url();
    await dropFiles(a.page, { x: 640, y: 20 }, [file]);
    await dropFiles(a.page, { x: 640, y: 400 }, [file]);
    await a.page.getByRole("heading", { name: "dropped.txt" }).waitFor();
    expect(a.page.url()).toBe(before);
    await stage.done(a);
    rmSync(folder, { recursive: true });
  });

  it("shows how far an upload is", async () => {
    const a = await (await stage.arrive()).openStore("many");
    await a.page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      new MutationObserver(() => {
        const text = document.querySelector(".work")?.textContent;
        if (text !== undefined && seen.at(-1) !== text) seen.push(text);
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    const list = Array.from({ length: 30 }, (_, i) => ({
      name: `${i}.txt`,
      mimeType: "text/plain",
      buffer: Buffer.from(`text ${i}`),
    }));
    await a.page.locator("input[type=file]").setInputFiles(list);
    await a.page.getByText("30 files added.").waitFor();
    const seen = await a.page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
    expect(seen).toContain("Adding 30 files: 30 of 30");
    expect(await a.page.locator(".work").count()).toBe(0);
    await stage.done(a);
  });

  it("keeps what is typed when another device deletes the file, and makes it again when it is saved", async () => {
    const { a, b } = await stage.pair("gone", "f.txt", "first");
    await a.edit("gone", "f.txt");
    await a.type("f.txt", "not to be lost");
    await b.page.getByRole("button", { name: "Delete f.txt" }).click();
    await b.page.getByRole("button", { name: "Delete", exact: true }).click();
    await a.page.getByText("This file was deleted or renamed meanwhile").waitFor();
    await a.typed("f.txt", "not to be lost");
    await a.page.getByRole("button", { name: "Save" }).click();
    await b.reads("gone", "f.txt", "not to be lost");
    await stage.done(a, b);
  });

  it("keeps what is typed while the user looks elsewhere, and asks before the page is closed", async () => {
    const a = await (await stage.arrive()).openStore("unsaved");
    await a.write("unsaved", "f.txt", "saved");
    await a.edit("unsaved", "f.txt");
    await a.type("f.txt", "not saved");
    await a.page.getByRole("link", { name: "All files" }).click();
    await a.page.getByText("Not saved yet:").waitFor();
    const asked = a.page.waitForEvent("dialog");
    void a.page.close({ runBeforeUnload: true });
    const question = await asked;
    expect(question.type()).toBe("beforeunload");
    await question.dismiss();
    await a.page.locator(".unsaved", { hasText: "f.txt" }).click();
    await a.typed("f.txt", "not saved");
    await stage.done(a);
  });

  it("changes nothing but what was edited: line ends and byte order mark stay", async () => {
    const a = await (await stage.arrive()).openStore("ends");
    const text = "\uFEFFone\r\ntwo\nthree\r\n";
    await a.page
      .locator("input[type=file]")
      .setInputFiles([{ name: "ends.txt", mimeType: "text/plain", buffer: Buffer.from(text) }]);
    await a.page.getByText("1 file added.").waitFor();
    await a.edit("ends", "ends.txt");
    await a.page.getByLabel("Content of ends.txt").getByText("two").dblclick();
    await a.page.keyboard.insertText("2");
    await a.save();
    const coming = a.page.waitForEvent("download");
    await a.page.getByRole("button", { name: "Download ends.txt" }).click();
    const stream = await (await coming).createReadStream();
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString()).toBe(text.replace("two", "2"));
    await stage.done(a);
  });

  it("refuses names that other clients could not hold", async () => {
    const a = await (await stage.arrive()).openStore("names");
    const refused: [name: string, reason: string][] = [
      ["__proto__", "Older clients cannot hold"],
      ["x".repeat(1_025), "A name has 1 to 1024 characters"],
      ["bell\u0007", "A name may not hold control characters"],
    ];
    await a.page.getByRole("button", { name: "New file" }).click();
    for (const [name, reason] of refused) {
      await a.page.getByLabel("Name", { exact: true }).fill(name);
      await a.page.getByRole("button", { name: "Create" }).click();
      await a.page.getByText(reason).waitFor();
    }
    await stage.done(a);
  });

  it("never renders a file's name or content as markup", async () => {
    const a = await (await stage.arrive()).openStore("hostile");
    const name = '<img src=x onerror="document.title=1">.html';
    const text = "<script>document.title = 'owned'</script><h1>Not a heading</h1>";
    await a.write("hostile", name, text);
    await a.reads("hostile", name, "Not a heading");
    expect(await a.page.title()).toBe(`${name} · hostile · GitBlobs`);
    expect(await a.page.getByRole("heading", { name: "Not a heading" }).count()).toBe(0);
    await a.page.goto("/#/s/hostile/files");
    await a.page.getByText(name).waitFor();
    await stage.done(a);
  });
});
