import { expect, it } from "vitest";
import { journeys } from "./stage.ts";
import { watch } from "./visitor.ts";

const lines = ["one", "two", "three", "four", ""].join("\n");

journeys("editing", (stage) => {
  it("of one file by two devices online keeps both changes, and stays open", async () => {
    const { a, b } = await stage.pair("together", "shop.txt", lines);
    await a.edit("together", "shop.txt");
    await b.edit("together", "shop.txt");
    await b.type("shop.txt", lines.replace("four", "b's four"));
    await a.type("shop.txt", lines.replace("one", "a's one"));
    await a.save();
    await b.page.getByText("This file was changed meanwhile").waitFor();
    await b.save();
    await b.page.getByText("Saved, together with").waitFor();
    const both = lines.replace("one", "a's one").replace("four", "b's four");
    await b.typed("shop.txt", both);
    // Where nothing is typed, the open editor follows.
    await a.page.getByLabel("Content of shop.txt").getByText("b's four").waitFor();
    await a.page.getByRole("button", { name: "Undo" }).last().click();
    await a.page
      .getByLabel("Content of shop.txt")
      .getByText("a's one")
      .waitFor({ state: "hidden" });
    await b.page
      .getByLabel("Content of shop.txt")
      .getByText("a's one")
      .waitFor({ state: "hidden" });
    await b.typed("shop.txt", lines.replace("four", "b's four"));
    await stage.done(a, b);
  });

  it("of one line by two devices asks which to keep, and overwrites neither before", async () => {
    const { a, b } = await stage.pair("asked", "shop.txt", lines);
    await a.edit("asked", "shop.txt");
    await b.edit("asked", "shop.txt");
    await b.type("shop.txt", lines.replace("one", "b's one").replace("four", "b's four"));
    await a.type("shop.txt", lines.replace("one", "a's one"));
    await a.save();
    await b.page.getByText("This file was changed meanwhile").waitFor();
    await b.page.getByRole("button", { name: "Save", exact: true }).click();
    await b.page.getByRole("heading", { name: "Changed here and elsewhere" }).waitFor();
    await b.page.getByLabel("Theirs", { exact: true }).getByText("a's one").waitFor();
    expect(await b.page.getByRole("button", { name: "1 still to decide" }).isDisabled()).toBe(true);
    await b.page.getByLabel("Keep both").check();
    await b.page.getByRole("button", { name: "Save as decided" }).click();
    await b.page.getByRole("button", { name: "Close", exact: true }).waitFor();
    await b.typed("shop.txt", "a's one\nb's one\ntwo\nthree\nb's four\n");
    await stage.done(a, b);
  });

  it("in two tabs of one browser is one draft, and neither save takes the other's words away", async () => {
    const a = await (await stage.arrive()).openStore("tabs");
    await a.write("tabs", "f.txt", lines);
    await a.edit("tabs", "f.txt");
    const second = await a.context.newPage();
    watch(second, a.faults);
    await second.goto("/#/s/tabs/file/f.txt");
    await second.getByRole("button", { name: "Edit" }).waitFor();
    await a.type("f.txt", lines.replace("one", "typed in the first"));
    await second.getByText("This is what you typed before").waitFor();
    const there = second.getByLabel("Content of f.txt");
    await there.getByText("typed in the first").waitFor();
    await there.press("ControlOrMeta+End");
    await second.keyboard.insertText("typed in the second");
    await a.page.getByLabel("Content of f.txt").getByText("typed in the second").waitFor();
    await second.getByRole("button", { name: "Save", exact: true }).click();
    await second.getByRole("button", { name: "Close", exact: true }).waitFor();
    await a.reads("tabs", "f.txt", "typed in the second");
    await a.reads("tabs", "f.txt", "typed in the first");
    await stage.done(a);
  });

  it("is not lost by a reload, nor by a tab that is gone", async () => {
    const a = await (await stage.arrive()).openStore("crash");
    await a.write("crash", "f.txt", "saved");
    await a.edit("crash", "f.txt");
    a.page.on("dialog", (dialog) => void dialog.accept());
    await a.type("f.txt", "typed before the reload");
    await a.page.reload();
    await a.page.getByText("This is what you typed before").waitFor();
    await a.page.getByLabel("Content of f.txt").getByText("typed before the reload").waitFor();
    await a.type("f.txt", "typed before the end");
    await a.page.close();
    const again = await a.context.newPage();
    watch(again, a.faults);
    await again.goto("/#/s/crash/files");
    await again.getByText("Not saved yet:").waitFor();
    await again.locator(".unsaved", { hasText: "f.txt" }).click();
    await again.getByLabel("Content of f.txt").getByText("typed before the end").waitFor();
    await again.getByRole("button", { name: "Discard changes" }).click();
    await again.locator("pre.text-view", { hasText: "saved" }).waitFor();
    await again.reload();
    await again.getByRole("button", { name: "Edit" }).waitFor();
    await stage.done(a);
  });

  it("has line numbers, search, a Tab that indents and an Escape out of it, undo, and Ctrl+S", async () => {
    const a = await (await stage.arrive()).openStore("keys");
    await a.write("keys", "f.js", "const first = 1;\nconst second = 2;\n");
    await a.edit("keys", "f.js");
    const content = a.page.getByLabel("Content of f.js");
    await a.page.locator(".cm-lineNumbers").getByText("3", { exact: true }).waitFor();
    await content.press("ControlOrMeta+Home");
    await content.press("Tab");
    await a.typed("f.js", /^\s+const first/u);
    await content.press("Shift+Tab");
    await a.typed("f.js", /^const first/u);
    await content.press("ControlOrMeta+z");
    await content.press("ControlOrMeta+z");
    await a.page.keyboard.insertText("// note\n");
    await a.page.keyboard.press("ControlOrMeta+Shift+S");
    await a.page.getByRole("button", { name: "Close", exact: true }).waitFor();
    await content.press("ControlOrMeta+f");
    await a.page.getByPlaceholder("Find", { exact: true }).pressSequentially("second");
    await a.page.locator(".cm-searchMatch").first().waitFor();
    await a.page.keyboard.press("Escape");
    await content.focus();
    await content.press("Escape");
    await a.page.keyboard.press("Shift+Tab");
    await a.page.locator("button:focus", { hasText: "Close" }).waitFor();
    await a.page.getByRole("button", { name: "Close", exact: true }).click();
    await a.reads("keys", "f.js", "// note");
    await stage.done(a);
  });

  it("of a line of 100,000 characters and of two megabytes stays fluent", async () => {
    const a = await (await stage.arrive()).openStore("long");
    const files = {
      "line.txt": "word ".repeat(20_000),
      "large.txt": "a line of forty-odd characters in a file\n".repeat(46_000),
    };
    for (const [name, text] of Object.entries(files)) {
      const file = { name, mimeType: "text/plain", buffer: Buffer.from(text) };
      await a.page.goto("/#/s/long/files");
      await a.page.locator("input[type=file]").setInputFiles([file]);
      await a.page.getByRole("link", { name }).click();
      await a.page.getByRole("button", { name: "Edit" }).click();
      const content = a.page.getByLabel(`Content of ${name}`);
      await content.waitFor();
      await content.focus();
      await a.page.evaluate(() => {
        const took: number[] = [];
        Object.assign(globalThis, { took });
        addEventListener("keydown", () => {
          const began = performance.now();
          requestAnimationFrame(() => setTimeout(() => took.push(performance.now() - began)));
        });
      });
      for (let key = 0; key < 10; key++) await a.page.keyboard.press("x");
      await a.page.waitForFunction(
        () => (globalThis as unknown as { took: number[] }).took.length === 10,
      );
      const took = await a.page.evaluate(() => (globalThis as unknown as { took: number[] }).took);
      const slowest = took.sort((one, other) => one - other)[8] ?? Infinity;
      expect(slowest).toBeLessThan(250);
      await content.getByText("x").first().waitFor();
      await a.page.getByRole("button", { name: "Discard changes" }).click();
    }
    await stage.done(a);
  });

  it("of a file that is too large for it is refused in words, with a download", async () => {
    const a = await (await stage.arrive()).openStore("huge");
    const buffer = Buffer.from("line\n".repeat(600_000));
    await a.page
      .locator("input[type=file]")
      .setInputFiles([{ name: "huge.txt", mimeType: "text/plain", buffer }]);
    await a.page.getByRole("link", { name: "huge.txt" }).click();
    await a.page.getByText("This file is too large to edit here: 2.9 MB").waitFor();
    const coming = a.page.waitForEvent("download");
    await a.page.getByRole("button", { name: "Download it" }).click();
    expect((await coming).suggestedFilename()).toBe("huge.txt");
    await stage.done(a);
  });
});
