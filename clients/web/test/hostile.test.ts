import {
  Login,
  memoryVault,
  realSurroundings,
  Sync,
  volatileMemory,
  makeStore,
} from "@gitblobs/client";
import { makeBlob, makeCommit, makeEntry, makeTree, MemoryStorage } from "@gitblobs/client/store";
import { expect, it } from "vitest";
import { journeys, type Stage } from "./stage.ts";

/** Names that no client makes and a tree can hold all the same. */
const NAMES = [
  "half a character \ud800",
  "invoice\u202Egpj.exe",
  "",
  "x".repeat(1_000),
  "two\nlines",
  "~tilde",
  "../../etc/passwd",
  "%2F",
];

/** Pushes a commit of another client's making: with those names, and a time that is none. */
async function pushHostile(stage: Stage, store: string): Promise<void> {
  const storage = new MemoryStorage();
  const blobs = await Promise.all(
    NAMES.map((_, i) => makeBlob(new TextEncoder().encode(`content ${i}`))),
  );
  const tree = await makeTree(
    new Map(NAMES.map((name, i) => [name, makeEntry(blobs[i]?.hash ?? "", "")])),
  );
  const author = { name: "", email: "", timestamp: "the day before yesterday" };
  const commit = await makeCommit({
    tree_hash: tree.hash,
    parent_hashes: [],
    author,
    committer: author,
    message: "\u202Eneddih",
  });
  await storage.putAll([...blobs, tree, commit]);
  await storage.moveHead(null, commit.hash);
  const login = new Login(stage.relay.url, realSurroundings, memoryVault());
  await login.logIn(stage.user.username, stage.user.password, "hostile");
  await makeStore(login, store);
  const device = "hostile";
  const merger = () => author;
  await new Promise<void>((resolve, reject) => {
    const sync = new Sync({
      login,
      world: realSurroundings,
      store,
      device,
      storage,
      memory: volatileMemory(),
      merger,
      onStatus: ({ phase }) => {
        if (phase.kind === "up-to-date") void sync.stop().then(resolve, reject);
        if (phase.kind === "stopped") reject(new Error(phase.message));
      },
    });
    sync.start();
  });
}

journeys("what hostile clients push", (stage) => {
  it("is shown, opened and compared like anything else, whatever its name and time", async () => {
    await pushHostile(stage, "odd");
    const a = await (await stage.arrive()).openStore("odd");
    await a.page.getByText(`${NAMES.length} files`).waitFor();
    const links = a.page.locator(".file-row > a");
    const texts = new Set<string>();
    for (let i = 0; i < NAMES.length; i++) {
      await links.nth(i).click();
      const view = a.page.locator("pre.text-view");
      await view.waitFor();
      texts.add((await view.textContent()) ?? "");
      await a.page.getByRole("link", { name: "All files" }).click();
      await links.nth(NAMES.length - 1).waitFor();
    }
    expect(texts).toEqual(new Set(NAMES.map((_, i) => `content ${i}`)));
    await a.page.getByText("invoice⟨U+202E⟩gpj.exe").waitFor();
    await a.page.getByText("(no name)").waitFor();
    await a.page.getByRole("link", { name: "History" }).click();
    await a.page.getByText("at an unknown time").waitFor();
    await a.page.locator(".commit-row .message").click();
    await a.page.getByText(`${NAMES.length} files changed`).waitFor();
    await stage.done(a);
  });
});
