import { expect, it } from "vitest";
import { journeys } from "./stage.ts";

journeys("conflicts", (stage) => {
  /** Two browsers that changed the same file while the first was offline; the first is back and has seen it. */
  const clash = async (store: string) => {
    const both = await stage.pair(store, "plan.txt", "one plan\n");
    const { a, b, line } = both;
    line.cut();
    await a.write(store, "plan.txt", "plan of a\n");
    await b.write(store, "plan.txt", "plan of b\n");
    await b.synced();
    line.restore();
    await a.online();
    await a.status("1 conflict");
    await a.page.getByRole("link", { name: "Decide", exact: true }).click();
    await a.page.getByText("plan of b").first().waitFor();
    return both;
  };

  it("are shown side by side and merged as the user writes", async () => {
    const { a, b } = await clash("clash");
    await a.page.getByText("plan of a").first().waitFor();
    await a.page.getByLabel("Edit").check();
    await a.page.getByLabel("Merged content of plan.txt").fill("plan of both\n");
    await a.page.getByRole("button", { name: "Merge as decided" }).click();
    await a.synced();
    await b.reads("clash", "plan.txt", "plan of both");
    await stage.done(a, b);
  });

  it("keep what was typed when another device pushes meanwhile, and while offline", async () => {
    const { a, b, line } = await clash("typed");
    const text = a.page.getByLabel("Merged content of plan.txt");
    await a.page.getByLabel("Edit").check();
    await text.fill("half a sentence");
    await b.write("typed", "other.txt", "something else");
    await b.synced();
    await a.status("1 conflict");
    expect(await text.inputValue()).toBe("half a sentence");
    line.cut();
    await a.status("Offline");
    expect(await text.inputValue()).toBe("half a sentence");
    await text.fill("half a sentence, and the rest\n");
    await a.page.getByRole("link", { name: "History" }).click();
    await a.page.getByRole("link", { name: "Decide", exact: true }).click();
    expect(await text.inputValue()).toBe("half a sentence, and the rest\n");
    line.restore();
    await a.online();
    await a.status("1 conflict");
    await a.page.getByRole("button", { name: "Merge as decided" }).click();
    await a.synced();
    await b.reads("typed", "plan.txt", "half a sentence, and the rest");
    await stage.done(a, b);
  });

  it("ask anew when the other side changes the same file again, with what was typed at hand", async () => {
    const { a, b } = await clash("again");
    await a.page.getByLabel("Edit").check();
    await a.page.getByLabel("Merged content of plan.txt").fill("typed before");
    await b.write("again", "plan.txt", "second thoughts of b\n");
    await b.synced();
    await a.page.getByText("second thoughts of b").first().waitFor();
    await a.page.getByRole("button", { name: "1 still to decide" }).waitFor();
    await a.page.getByLabel("Edit").check();
    const text = a.page.getByLabel("Merged content of plan.txt");
    expect(await text.inputValue()).toBe("typed before");
    await a.page.getByRole("button", { name: "Merge as decided" }).click();
    await b.reads("again", "plan.txt", "typed before");
    await stage.done(a, b);
  });

  it("take the other side when the user says so, also a deletion", async () => {
    const { a, b, line } = await stage.pair("delete", "old.txt", "old\n");
    line.cut();
    await a.write("delete", "old.txt", "still in use\n");
    await b.page.goto("/#/s/delete/files");
    await b.page.getByRole("button", { name: "Delete old.txt" }).click();
    await b.page.getByRole("button", { name: "Delete", exact: true }).click();
    await b.synced();
    line.restore();
    await a.online();
    await a.status("1 conflict");
    await a.page.getByRole("link", { name: "Decide", exact: true }).click();
    await a.page.getByLabel(/^Delete it, as .+ did$/u).check();
    await a.page.getByRole("button", { name: "Merge as decided" }).click();
    await a.page.getByText("No files here").waitFor();
    await stage.done(a, b);
  });

  /** A browser that began a store on its own, while another one began one of the same name. */
  const twoBeginnings = async (store: string) => {
    const line = await stage.lay();
    const a = await stage.arrive({ keepsPage: true }, line.url);
    await a.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    line.cut();
    await a.write(store, "from-a.txt", "begun here");
    const b = await (await stage.arrive()).openStore(store);
    await b.write(store, "from-b.txt", "begun there");
    await b.synced();
    line.restore();
    await a.online();
    await a.status("Needs a decision");
    await a.page.getByRole("link", { name: "Decide", exact: true }).click();
    await a.page.getByRole("heading", { name: "Two beginnings" }).waitFor();
    return { a, b };
  };

  it("of two beginnings are settled by keeping both", async () => {
    const { a, b } = await twoBeginnings("begun-merge");
    await a.page.getByRole("button", { name: "Keep both, merged" }).click();
    await a.synced();
    await a.reads("begun-merge", "from-b.txt", "begun there");
    await b.reads("begun-merge", "from-a.txt", "begun here");
    await stage.done(a, b);
  });

  it("of two beginnings are settled by taking the relay's", async () => {
    const { a, b } = await twoBeginnings("begun-drop");
    await a.page.getByRole("button", { name: "Take the relay's, drop this one" }).click();
    await a.page.getByRole("button", { name: "Drop it" }).click();
    await a.synced();
    await a.page.getByText("1 file", { exact: true }).waitFor();
    await a.reads("begun-drop", "from-b.txt", "begun there");
    await stage.done(a, b);
  });
});
