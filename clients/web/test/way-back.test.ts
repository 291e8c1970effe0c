import { expect, it } from "vitest";
import { journeys } from "./stage.ts";

journeys("a way back", (stage) => {
  it("leads from a file to its versions: each is seen, downloaded, and restored", async () => {
    const a = await (await stage.arrive()).openStore("versions");
    await a.write("versions", "f.txt", "first words");
    await a.write("versions", "f.txt", "second words");
    await a.page.getByRole("link", { name: "Versions", exact: true }).click();
    await a.page.getByRole("heading", { name: "Versions of f.txt" }).waitFor();
    const versions = a.page.locator(".changed-file");
    // Added empty, then written twice.
    await versions.nth(2).waitFor();
    expect(await versions.count()).toBe(3);
    await versions.nth(1).locator("summary").click();
    await versions.nth(1).locator("pre.text-view", { hasText: "first words" }).waitFor();
    const coming = a.page.waitForEvent("download");
    await versions.nth(1).getByRole("button", { name: "Download, as it was" }).click();
    expect((await coming).suggestedFilename()).toBe("f.txt");
    await versions.nth(1).getByRole("button", { name: "Restore this version" }).click();
    await a.page.getByText("f.txt was restored.").waitFor();
    await a.synced();
    await a.reads("versions", "f.txt", "first words");
    await a.page.getByRole("button", { name: "Undo" }).last().click();
    await a.reads("versions", "f.txt", "second words");
    await stage.done(a);
  });

  it("undoes a deletion at once, and finds deleted files later", async () => {
    const a = await (await stage.arrive()).openStore("gone-files");
    await a.write("gone-files", "f.txt", "not for ever");
    await a.page.goto("/#/s/gone-files/files");
    const remove = async () => {
      await a.page.getByRole("button", { name: "Delete f.txt" }).click();
      await a.page.getByRole("button", { name: "Delete", exact: true }).click();
      await a.page.getByText("f.txt was deleted.").last().waitFor();
    };
    await remove();
    await a.page.getByRole("button", { name: "Undo" }).last().click();
    await a.page.getByRole("link", { name: "f.txt", exact: true }).waitFor();
    await remove();
    await a.page.getByRole("link", { name: "History" }).click();
    await a.page.getByRole("link", { name: "Deleted files" }).click();
    await a.page.getByRole("button", { name: "Restore f.txt" }).click();
    await a.page.getByText("No deleted files").waitFor();
    await a.reads("gone-files", "f.txt", "not for ever");
    await stage.done(a);
  });

  it("takes one commit back and leaves what came since, or says what stands in the way", async () => {
    const a = await (await stage.arrive()).openStore("reverts");
    await a.write("reverts", "f.txt", "one\ntwo\nthree\n");
    await a.write("reverts", "f.txt", "WRONG\ntwo\nthree\n");
    await a.write("reverts", "f.txt", "WRONG\ntwo\nTHREE\n");
    const open = async (at: number) => {
      await a.page.goto("/#/s/reverts/history");
      await a.page.locator(".commit-row .message").nth(at).click();
      await a.page.locator(".changed-file").first().waitFor();
    };
    await open(1);
    await a.page.getByRole("button", { name: "Take this change back" }).click();
    await a.page.getByText("Taken back.").waitFor();
    await a.reads("reverts", "f.txt", "THREE");
    expect(await a.page.locator("pre.text-view").textContent()).toBe("one\ntwo\nTHREE\n");
    await a.write("reverts", "f.txt", "one\ntwo\nanother\n");
    await open(2);
    await a.page.getByRole("button", { name: "Take this change back" }).click();
    await a.page.getByText("f.txt changed since in the same places").waitFor();
    await open(2);
    await a.page.getByRole("button", { name: "Restore as it was before: f.txt" }).click();
    await a.reads("reverts", "f.txt", "WRONG");
    await stage.done(a);
  });

  it("never makes a store of an address, and says of a first sync that it is coming", async () => {
    const line = await stage.lay();
    const b = await (await stage.arrive()).openStore("arriving");
    await b.write("arriving", "f.txt", "on its way");
    await b.synced();
    const a = await stage.arrive({}, line.url);
    await a.page.goto("/#/s/no-such-store/files");
    await a.page.getByRole("heading", { name: "There is no such store" }).waitFor();
    await a.page.goto("/#/");
    await a.page.getByRole("link", { name: "arriving" }).waitFor();
    expect(await a.page.getByRole("link", { name: "no-such-store" }).count()).toBe(0);
    // The objects are held back: what the page says meanwhile is looked at.
    await a.page.routeWebSocket(/\/ws\?/u, (socket) => {
      const server = socket.connectToServer();
      const held: (string | Buffer)[] = [];
      let isOpen = false;
      server.onMessage((message) => {
        if (!isOpen && typeof message !== "string") held.push(message);
        else socket.send(message);
      });
      void a.page.exposeFunction("letThrough", () => {
        isOpen = true;
        for (const message of held) socket.send(message);
      });
    });
    await a.page.goto("/#/s/arriving/files");
    await a.page.getByRole("heading", { name: /^Getting [1-9][0-9]* changes/u }).waitFor();
    expect(await a.page.getByText("This store is empty").count()).toBe(0);
    await a.page.evaluate(() => {
      (globalThis as unknown as { letThrough(): void }).letThrough();
    });
    await a.page.getByRole("link", { name: "f.txt" }).waitFor();
    await stage.done(a, b);
  });
});
