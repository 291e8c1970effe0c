import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isIntact } from "@gitblobs/client/store";
import { checkPack, objectsOf, packKind, readPack, type Pack } from "@gitblobs/client/pack";
import { expect, it } from "vitest";
import { journeys } from "./stage.ts";
import type { Visitor } from "./visitor.ts";

const golden = fileURLToPath(new URL("../../../protocol/vectors/original", import.meta.url));

/** Type and hash of all that a pack holds. */
const namesOf = (pack: Pack) =>
  objectsOf(pack)
    .map(({ type, hash }) => `${type} ${hash}`)
    .sort();

journeys("packs and earlier data", (stage) => {
  const toTransfer = async (visitor: Visitor, store: string) => {
    await visitor.openStore(store);
    await visitor.page.getByRole("link", { name: "Import and export" }).click();
    await visitor.page.getByRole("heading", { name: "Import", exact: true }).waitFor();
  };
  const exported = async (visitor: Visitor, button: string) => {
    const coming = visitor.page.waitForEvent("download");
    await visitor.page.getByRole("button", { name: button }).click();
    const file = await (await coming).path();
    return readPack(new Uint8Array(readFileSync(file)));
  };
  const take = (
    visitor: Visitor,
    file: string | { name: string; mimeType: string; buffer: Buffer },
  ) => visitor.page.getByTestId("pack").setInputFiles(file);

  it.each(["single", "linear", "dag", "many"])(
    "takes the golden backup %s in, shares it, and gives the same out in another browser",
    async (name) => {
      const original = await readPack(
        new Uint8Array(readFileSync(`${golden}/packs/${name}-export.bin`)),
      );
      const a = await stage.arrive();
      await toTransfer(a, `golden-${name}`);
      await take(a, `${golden}/packs/${name}-export.bin`);
      await a.page.getByText("Imported.").waitFor();
      await a.synced();
      const b = await stage.arrive({ locale: "da-DK" });
      await toTransfer(b, `golden-${name}`);
      const again = await exported(b, "Full backup");
      expect(packKind(again.header)).toEqual(packKind(original.header));
      expect(await checkPack(again)).toEqual({ damaged: [], shallow: [] });
      expect(namesOf(again)).toEqual(namesOf(original));
      await stage.done(a, b);
    },
  );

  it("gives a compact backup a new root, so that it can be shared", async () => {
    const a = await stage.arrive();
    await toTransfer(a, "compact");
    await take(a, `${golden}/packs/linear-compact.bin`);
    await a.page.getByText("its history begins anew here").waitFor();
    await a.synced();
    await stage.done(a);
  });

  it("applies a diff pack, and refuses one that does not fit", async () => {
    const a = await stage.arrive();
    await toTransfer(a, "diff");
    await take(a, `${golden}/packs/linear-at-3.bin`);
    await a.page.getByText("Imported.").waitFor();
    await take(a, `${golden}/packs/linear-diff-3-to-head.bin`);
    await a.page.getByText("Imported.").nth(1).waitFor();
    await take(a, `${golden}/packs/dag-diff-a1-to-head.bin`);
    await a.page.getByRole("alert").getByText("which is not here").waitFor();
    await a.synced();
    await stage.done(a);
  });

  it("exports what another store takes in and merges, asking about collisions", async () => {
    const a = await stage.arrive();
    await a.openStore("from");
    await a.write("from", "same.txt", "from one store\n");
    await a.page.getByRole("link", { name: "Import and export" }).click();
    const coming = a.page.waitForEvent("download");
    await a.page.getByRole("button", { name: "Full backup" }).click();
    const file = await (await coming).path();
    await a.openStore("into");
    await a.write("into", "same.txt", "from the other\n");
    await a.page.getByRole("link", { name: "Import and export" }).click();
    await take(a, {
      name: "backup.bin",
      mimeType: "application/octet-stream",
      buffer: readFileSync(file),
    });
    await a.page.getByRole("heading", { name: "1 conflict" }).waitFor();
    await a.page.getByLabel("Take the pack's").check();
    await a.page.getByRole("button", { name: "Merge as decided" }).click();
    await a.page.getByText("Merged.").waitFor();
    await a.reads("into", "same.txt", "from one store");
    await a.synced();
    await stage.done(a);
  });

  it("refuses a file that is not a pack, and says so", async () => {
    const a = await stage.arrive();
    await toTransfer(a, "noise");
    await take(a, {
      name: "x.bin",
      mimeType: "application/octet-stream",
      buffer: Buffer.from("not a pack"),
    });
    await a.page.getByRole("alert").getByText("The file is not a pack").waitFor();
    await stage.done(a);
  });

  it("hashes by the root order in a Danish browser", async () => {
    const a = await stage.arrive({ locale: "da-DK" });
    await a.openStore("danish");
    for (const name of ["zebra", "aa", "ål", "Ærø"]) await a.write("danish", name, name);
    await a.page.getByRole("link", { name: "Import and export" }).click();
    const pack = await exported(a, "Full backup");
    expect(pack.trees.length).toBeGreaterThan(4);
    expect(await Promise.all(pack.trees.map(isIntact))).not.toContain(false);
    const { canonicalText } = await import("@gitblobs/client/store");
    const { createHash } = await import("node:crypto");
    for (const { hash, content } of pack.trees) {
      const text = canonicalText(content.entries);
      expect(createHash("sha256").update(text).digest("hex")).toBe(hash);
    }
    await stage.done(a);
  });

  it("brings in what an earlier page left in this browser", async () => {
    const { items } = JSON.parse(readFileSync(`${golden}/web_local_storage.json`, "utf8")) as {
      items: Record<string, string>;
    };
    const a = await stage.arrive();
    await a.page.evaluate((left) => {
      for (const [key, value] of Object.entries(left)) localStorage.setItem(key, value);
    }, items);
    await a.page.reload();
    await a.page.getByText("Data of an earlier GitBlobsDB page was found").waitFor();
    await a.page.getByRole("button", { name: "Bring it in" }).click();
    await a.page.waitForURL("/#/s/earlier/files");
    await a.synced();
    await a.page.getByRole("link", { name: "History" }).click();
    await a.page.locator(".commit-row").nth(2).waitFor();
    expect(await a.page.evaluate(() => localStorage.getItem("dev/head"))).not.toBeNull();
    await stage.done(a);
  });

  it("leaves damaged earlier data alone, and makes no store of a part of it", async () => {
    const { items } = JSON.parse(readFileSync(`${golden}/web_local_storage.json`, "utf8")) as {
      items: Record<string, string>;
    };
    const a = await stage.arrive();
    const blob = Object.keys(items).find((key) => items[key]?.includes('"type":"blob"'));
    await a.page.evaluate(
      ([left, missing]) => {
        for (const [key, value] of Object.entries(left))
          if (key !== missing) localStorage.setItem(key, value);
      },
      [items, blob] as const,
    );
    await a.page.reload();
    await a.page.getByLabel("Name of the store to bring it into").fill("in-part");
    await a.page.getByRole("button", { name: "Bring it in" }).click();
    await a.page.getByRole("alert").getByText("Nothing was brought in.").waitFor();
    expect(await a.page.getByRole("link", { name: "in-part" }).count()).toBe(0);
    await stage.done(a);
  });

  it("gives out the newest version alone, and what changed since a commit", async () => {
    const a = await stage.arrive();
    await a.openStore("out");
    for (const text of ["one", "two", "three"]) await a.write("out", "f.txt", text);
    await a.page.getByRole("link", { name: "Import and export" }).click();
    const compact = await exported(a, "Compact backup");
    expect(packKind(compact.header).kind).toBe("backup");
    expect([compact.commits.length, compact.blobs.length]).toEqual([1, 1]);
    await a.page.getByLabel("Diff pack since").selectOption({ index: 1 });
    const diff = await exported(a, "Diff pack");
    expect(packKind(diff.header).kind).toBe("diff");
    expect(diff.blobs.map(({ content }) => new TextDecoder().decode(content.data))).toContain(
      "three",
    );
    await stage.done(a);
  });

  it("asks about an import once more where the store has changed meanwhile, and gives it up when told to", async () => {
    const { a, b } = await stage.pair("moved", "same.txt", "as it was\n");
    await a.page.getByRole("link", { name: "Import and export" }).click();
    const coming = a.page.waitForEvent("download");
    await a.page.getByRole("button", { name: "Full backup" }).click();
    const buffer = readFileSync(await (await coming).path());
    const pack = { name: "backup.bin", mimeType: "application/octet-stream", buffer };
    await a.openStore("moved-into");
    await a.write("moved-into", "same.txt", "first\n");
    await a.synced();
    await b.openStore("moved-into");
    const toDecide = async () => {
      await a.page.getByRole("link", { name: "Import and export" }).click();
      await take(a, pack);
      await a.page.getByRole("heading", { name: "1 conflict" }).waitFor();
    };
    await toDecide();
    await a.page.getByLabel("Take the pack's").check();
    await b.write("moved-into", "same.txt", "second, from elsewhere\n");
    await a.page.getByRole("link", { name: "History" }).click();
    await a.page.locator(".commit-row").nth(2).waitFor();
    await a.page.getByRole("link", { name: "Decide", exact: true }).click();
    await a.page.getByRole("button", { name: "Merge as decided" }).click();
    await a.page.getByText("decide those that are open again").waitFor();
    await a.page.getByText("second, from elsewhere").first().waitFor();
    await a.page.getByRole("button", { name: "Cancel the import" }).click();
    await a.page.getByText("The import was given up").waitFor();
    await a.reads("moved-into", "same.txt", "second, from elsewhere");
    await toDecide();
    await a.page.getByLabel("Take the pack's").check();
    await a.page.getByRole("button", { name: "Merge as decided" }).click();
    await b.reads("moved-into", "same.txt", "as it was");
    await stage.done(a, b);
  });
});
