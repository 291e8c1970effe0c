import { describe, expect, it } from "vitest";
import { makeBlob, makeEntry } from "../store/create.ts";
import { MemoryStorage } from "../store/memory-storage.ts";
import { entriesOf } from "../store/objects.ts";
import { headOf, treeOf } from "../store/storage.ts";
import { commitFiles } from "./commit-files.ts";
import { deletedFiles, fileHistory } from "./file-history.ts";
import { noteStep, undoLastStep, volatileHeadLog } from "./head-log.ts";
import { mergeIntoHead } from "./merge.ts";
import { restoreFile, revertCommit } from "./revert.ts";

let clock = 0;
const ada = () => ({
  name: "Ada",
  email: "",
  timestamp: new Date(Date.UTC(2026, 0, 1) + clock++ * 1000).toISOString(),
});

/** A store that is written to; null deletes. */
class Book {
  readonly storage = new MemoryStorage();

  async write(path: string, text: string | null): Promise<string> {
    const blob = await makeBlob(new TextEncoder().encode(text ?? ""));
    await this.storage.putBlob(blob);
    const { hash } = await commitFiles(this.storage, ada(), `write ${path}`, (files) => {
      if (text === null) files.delete(path);
      else files.set(path, makeEntry(blob.hash));
    });
    return hash;
  }

  async head(): Promise<string> {
    return (await headOf(this.storage)) ?? "";
  }

  async files(): Promise<Record<string, string>> {
    const files: Record<string, string> = {};
    for (const [path, { blob_hash }] of entriesOf(await treeOf(this.storage, await this.head())))
      files[path] = new TextDecoder().decode((await this.storage.getBlob(blob_hash))?.content.data);
    return files;
  }

  async versions(path: string): Promise<(string | null)[]> {
    const texts: (string | null)[] = [];
    for await (const { entry } of fileHistory(this.storage, path, await this.head())) {
      const blob = entry && (await this.storage.getBlob(entry.blob_hash));
      texts.push(blob && new TextDecoder().decode(blob.content.data));
    }
    return texts;
  }
}

describe("the history of one file", () => {
  it("has each version once, newest first, deletions with them, and nothing of other files", async () => {
    const book = new Book();
    await book.write("other", "x");
    await book.write("f", "1");
    await book.write("other", "y");
    await book.write("f", null);
    await book.write("f", "2");
    expect(await book.versions("f")).toEqual(["2", null, "1"]);
    expect(await book.versions("constructor")).toEqual([]);
  });

  it("names a merge only where the merge itself made something new", async () => {
    const book = new Book();
    const base = await book.write("f", "one\ntwo\nthree\n");
    const theirs = await book.write("f", "one\ntwo\nTHREE\n");
    await book.storage.setHead({ type: "commit", value: base });
    await book.write("g", "beside");
    await mergeIntoHead(book.storage, theirs, { merger: ada() });
    expect(await book.versions("f")).toEqual(["one\ntwo\nTHREE\n", "one\ntwo\nthree\n"]);
    await book.storage.setHead({ type: "commit", value: base });
    await book.write("f", "ONE\ntwo\nthree\n");
    await mergeIntoHead(book.storage, theirs, { merger: ada() });
    expect((await book.versions("f"))[0]).toBe("ONE\ntwo\nTHREE\n");
    expect(await book.versions("f")).toHaveLength(4);
  });

  it("finds files that are gone, as they were last, and gives them back", async () => {
    const book = new Book();
    await book.write("f", "1");
    await book.write("f", "2");
    await book.write("g", "kept");
    await book.write("f", null);
    await book.write("h", "soon gone");
    await book.write("h", null);
    const found: string[] = [];
    for await (const { path, entry } of deletedFiles(book.storage, await book.head())) {
      found.push(path);
      await restoreFile(book.storage, ada(), path, entry);
    }
    expect(found).toEqual(["h", "f"]);
    expect(await book.files()).toEqual({ f: "2", g: "kept", h: "soon gone" });
  });
});

describe("a version", () => {
  it("is restored by a commit, and by none where the file is so already", async () => {
    const book = new Book();
    await book.write("f", "1");
    const [first] = entriesOf(await treeOf(book.storage, await book.head())).values();
    await book.write("f", "2");
    const head = await book.head();
    const restored = await restoreFile(book.storage, ada(), "f", first ?? null);
    expect(restored?.content).toMatchObject({ message: "restore file: f", parent_hashes: [head] });
    expect(await book.files()).toEqual({ f: "1" });
    expect(await restoreFile(book.storage, ada(), "f", first ?? null)).toBeUndefined();
  });

  it("whose content is not here is not restored", async () => {
    const book = new Book();
    await book.write("f", "1");
    const lost = makeEntry("a".repeat(64));
    await expect(restoreFile(book.storage, ada(), "f", lost)).rejects.toThrow("not in the store");
    expect(await book.files()).toEqual({ f: "1" });
  });
});

describe("a commit that is taken back", () => {
  it("leaves what came since, also in the same file", async () => {
    const book = new Book();
    await book.write("f", "one\ntwo\nthree\n");
    const bad = await book.write("f", "BAD\ntwo\nthree\n");
    await book.write("f", "BAD\ntwo\nTHREE\n");
    await book.write("g", "new");
    const outcome = await revertCommit(book.storage, bad, { author: ada() });
    expect(outcome).toMatchObject({
      kind: "reverted",
      commit: { content: { message: "Revert write f" } },
    });
    expect(await book.files()).toEqual({ f: "one\ntwo\nTHREE\n", g: "new" });
    expect((await revertCommit(book.storage, bad, { author: ada() })).kind).toBe("nothing");
  });

  it("asks where the same lines were changed since, and changes nothing until that is decided", async () => {
    const book = new Book();
    await book.write("f", "1\n");
    const bad = await book.write("f", "2\n");
    const head = await book.write("f", "3\n");
    const outcome = await revertCommit(book.storage, bad, { author: ada() });
    expect(outcome).toMatchObject({ kind: "conflicted", conflicts: [{ path: "f", why: "lines" }] });
    expect(await book.head()).toBe(head);
    await revertCommit(book.storage, bad, { author: ada(), resolve: ({ theirs }) => theirs });
    expect(await book.files()).toEqual({ f: "1\n" });
  });

  it("may be the first one, or a merge against either parent", async () => {
    const book = new Book();
    const first = await book.write("f", "1");
    const theirs = await book.write("theirs", "t");
    await book.storage.setHead({ type: "commit", value: first });
    await book.write("ours", "o");
    const merge = await mergeIntoHead(book.storage, theirs, { merger: ada() });
    if (merge.kind !== "merged") throw new Error(merge.kind);
    const { hash } = merge.commit;
    await revertCommit(book.storage, hash, { author: ada(), parent: 1 });
    expect(await book.files()).toEqual({ f: "1", theirs: "t" });
    await book.storage.setHead({ type: "commit", value: hash });
    await revertCommit(book.storage, hash, { author: ada() });
    expect(await book.files()).toEqual({ f: "1", ours: "o" });
    await revertCommit(book.storage, first, { author: ada() });
    expect(await book.files()).toEqual({ ours: "o" });
  });
});

describe("undo", () => {
  it("takes back one step of this copy after the other, and nothing of what others did", async () => {
    const book = new Book();
    const log = volatileHeadLog();
    const step = async (path: string, text: string | null) => {
      const from = await headOf(book.storage);
      const to = await book.write(path, text);
      await noteStep(log, { from, to, what: `write ${path}` });
    };
    await step("f", "1");
    await step("f", null);
    await book.write("others", "stays");
    await undoLastStep(book.storage, log, { author: ada() });
    expect(await book.files()).toEqual({ f: "1", others: "stays" });
    await undoLastStep(book.storage, log, { author: ada() });
    expect(await book.files()).toEqual({ others: "stays" });
    expect((await undoLastStep(book.storage, log, { author: ada() })).kind).toBe("no-step");
  });
});
