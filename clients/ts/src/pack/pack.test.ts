import { describe, expect, it } from "vitest";
import { commitFiles } from "../history/commit-files.ts";
import { mergeIntoHead } from "../history/merge.ts";
import { makeBlob, makeEntry } from "../store/create.ts";
import { MemoryStorage } from "../store/memory-storage.ts";
import { headOf, treeOf } from "../store/storage.ts";
import { isIntact } from "../store/wire.ts";
import { readPack, writePack } from "./bson-pack.ts";
import { compactBackup, diffPack, fullBackup } from "./export.ts";
import { importPack } from "./import.ts";

const ada = { name: "Ada", email: "", timestamp: "2026-01-01T00:00:00.000Z" };
const now = new Date(Date.UTC(2026, 0, 1));

async function put(storage: MemoryStorage, name: string, text: string): Promise<string> {
  const blob = await makeBlob(new TextEncoder().encode(text));
  await storage.putBlob(blob);
  const commit = await commitFiles(storage, ada, `add file: ${name}`, (files) =>
    files.set(name, makeEntry(blob.hash)),
  );
  return commit.hash;
}

async function threeCommits() {
  const storage = new MemoryStorage();
  const first = await put(storage, "one.txt", "one");
  await put(storage, "two.txt", "two");
  const last = await put(storage, "one.txt", "one again");
  return { storage, first, last };
}

const merger = ada;

describe("a pack", () => {
  it("carries a whole store to an empty one", async () => {
    const { storage, last } = await threeCommits();
    const pack = await readPack(await writePack(await fullBackup(storage, now)));
    const fresh = new MemoryStorage();
    const { commit } = await importPack(fresh, pack);
    await mergeIntoHead(fresh, commit, { merger });
    expect(await headOf(fresh)).toBe(last);
    expect(await treeOf(fresh, last)).toEqual(await treeOf(storage, last));
    expect(pack.commits).toHaveLength(3);
  });

  it("carries the newest files alone when compact, as the root of a new history", async () => {
    const { storage, last } = await threeCommits();
    const pack = await readPack(await writePack(await compactBackup(storage, now)));
    expect([pack.commits.length, pack.trees.length, pack.blobs.length]).toEqual([1, 1, 2]);
    const fresh = new MemoryStorage();
    const imported = await importPack(fresh, pack);
    expect(imported).toMatchObject({ kind: "backup", graftedFrom: last });
    expect(await fresh.has("commit", last)).toBe(false);
    const twin = await fresh.getCommit(imported.commit);
    expect(twin?.content).toEqual(pack.commits[0]?.content);
    expect(twin !== null && (await isIntact(twin))).toBe(true);
  });

  it("that is compact leaves the whole commit alone where it is here", async () => {
    const { storage, last } = await threeCommits();
    const imported = await importPack(storage, await compactBackup(storage, now));
    expect(imported).toEqual({ kind: "backup", commit: last });
    expect((await storage.getCommit(last))?.content.parent_hashes).toHaveLength(1);
  });

  it("carries a difference to who has its beginning", async () => {
    const { storage, first, last } = await threeCommits();
    const whole = await fullBackup(storage, now);
    const early = new MemoryStorage();
    await early.putAll([
      ...whole.blobs,
      ...whole.trees,
      ...whole.commits.filter((c) => c.hash === first),
    ]);
    await early.setHead({ type: "commit", value: first });
    const bytes = await writePack(await diffPack(storage, { from: first, to: last }, now));
    const imported = await importPack(early, await readPack(bytes));
    expect(imported).toMatchObject({ kind: "diff", commit: last });
    expect((await mergeIntoHead(early, last, { merger })).kind).toBe("fast-forwarded");
  });

  it("of a difference is refused by who does not have its beginning", async () => {
    const { storage, first, last } = await threeCommits();
    const pack = await diffPack(storage, { from: first, to: last }, now);
    await expect(importPack(new MemoryStorage(), pack)).rejects.toThrow("which is not here");
  });

  it("is refused when an object does not match its hash, and nothing is written", async () => {
    const { storage, last } = await threeCommits();
    const pack = await fullBackup(storage, now);
    const [blob, ...rest] = pack.blobs;
    const bad = { ...pack, blobs: [{ ...blob, content: { data: new Uint8Array([1]) } }, ...rest] };
    const fresh = new MemoryStorage();
    await expect(importPack(fresh, bad as typeof pack)).rejects.toThrow("is damaged");
    expect(await fresh.has("commit", last)).toBe(false);
  });

  it("is refused when something it refers to is missing", async () => {
    const pack = await fullBackup((await threeCommits()).storage, now);
    await expect(
      importPack(new MemoryStorage(), { ...pack, blobs: pack.blobs.slice(1) }),
    ).rejects.toThrow("is incomplete");
  });

  it.each([
    ["nothing", []],
    ["noise", [1, 2, 3, 4, 5, 6, 7, 8]],
    ["an empty document", [5, 0, 0, 0, 0]],
  ])("is not made of %s", async (_, bytes) => {
    await expect(readPack(Uint8Array.from(bytes))).rejects.toThrow("The file is not a pack");
  });

  it("that is cut anywhere is refused with a typed error", async () => {
    const bytes = await writePack(await fullBackup((await threeCommits()).storage, now));
    for (let end = 0; end < bytes.length; end += 7) {
      await expect(readPack(bytes.subarray(0, end))).rejects.toMatchObject({ name: "PackError" });
    }
  });

  it("whose commit hash climbs out of a folder is refused", async () => {
    const pack = await fullBackup((await threeCommits()).storage, now);
    const header = { ...pack.header, others: { commit_head: "../../etc/passwd" } };
    const bytes = await writePack({ ...pack, header });
    await expect(readPack(bytes)).rejects.toThrow("is not a hash");
  });
});
