import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { goldenFolder } from "../../test/golden-data.ts";
import { readLocalData } from "./adopt.ts";
import { makeBlob, makeCommit, makeEntry, makeTree } from "./create.ts";
import { refuseName } from "./file-name.ts";
import type { TreeObject } from "./objects.ts";
import { isIntact, readWire, wireBytes } from "./wire.ts";

const entry = makeEntry("a".repeat(64));

describe("an object that travels", () => {
  it("arrives as it was", async () => {
    const tree = await makeTree([
      ["b", entry],
      ["10", entry],
      ["9", entry],
      ["a", entry],
    ]);
    const bytes = (await wireBytes(tree)) ?? new Uint8Array();
    const read = await readWire({ type: "tree", hash: tree.hash, bytes });
    expect(read).toEqual(tree);
  });

  it("is refused when one byte differs", async () => {
    const { hash } = await makeBlob(Uint8Array.of(1, 2, 3));
    expect(await readWire({ type: "blob", hash, bytes: Uint8Array.of(1, 2, 2) })).toBeUndefined();
  });

  it("is refused when its bytes have the hash but not the form of its type", async () => {
    const { hash, content } = await makeBlob(new TextEncoder().encode('{"x":1}'));
    const bytes = content.data;
    expect(await readWire({ type: "tree", hash, bytes })).toBeUndefined();
    expect(await readWire({ type: "commit", hash, bytes })).toBeUndefined();
    expect(await readWire({ type: "metadata", hash, bytes })).toBeDefined();
  });

  it("hashed in Danish order keeps its hash", async () => {
    const text = `{"b":${JSON.stringify(entry)},"aa":${JSON.stringify(entry)}}`;
    const { hash, content } = await makeBlob(new TextEncoder().encode(text));
    const tree: TreeObject = { type: "tree", hash, content: { entries: { aa: entry, b: entry } } };
    expect(await wireBytes(tree)).toEqual(content.data);
  });

  it("does not travel when it lost its parents", async () => {
    const who = { name: "", email: "", timestamp: "2026-01-01T00:00:00.000Z" };
    const whole = await makeCommit({
      tree_hash: "a".repeat(64),
      parent_hashes: ["b".repeat(64)],
      author: who,
      committer: who,
      message: "x",
    });
    const shallow = { ...whole, content: { ...whole.content, parent_hashes: [] } };
    expect(await isIntact(whole)).toBe(true);
    expect(await wireBytes(shallow)).toBeUndefined();
  });
});

describe("a new file's name", () => {
  it.each(["a.txt", "folder/file", "constructor", "10", "é", "emoji 🎉"])("may be %s", (name) => {
    expect(refuseName(name, [])).toBeUndefined();
  });

  it.each(["", "a\u0000b", "line\nbreak", "__proto__", "e\u0301", "\ud800", "x".repeat(1025)])(
    "may not be %j",
    (name) => {
      expect(refuseName(name, [])).toBeDefined();
    },
  );

  it("may not sort as the same as another one", () => {
    expect(refuseName("a", ["a\u200b"])).toContain("sorts as the same");
  });
});

describe("data of an original web client", () => {
  const dump = (): Map<string, string> => {
    const text = readFileSync(`${goldenFolder}/web_local_storage.json`, "utf8");
    const { items } = JSON.parse(text) as { items: Record<string, string> };
    return new Map(Object.entries(items));
  };
  const storageOf = (items: Map<string, string>) => ({
    length: items.size,
    key: (index: number) => [...items.keys()][index] ?? null,
    getItem: (key: string) => items.get(key) ?? null,
  });

  it("is read whole, and every hash matches", async () => {
    const found = readLocalData(storageOf(dump()), "dev");
    expect(found?.unreadable).toEqual([]);
    expect(found?.objects.length).toBeGreaterThan(5);
    const intact = await Promise.all((found?.objects ?? []).map(isIntact));
    expect(intact).not.toContain(false);
  });

  it("is read past what is damaged", () => {
    const items = dump();
    const [damaged] = [...items.keys()].filter((key) => key.includes("/objects/"));
    items.set(damaged ?? "", '{"type":"blob"');
    expect(readLocalData(storageOf(items), "dev")?.unreadable).toEqual([damaged]);
  });

  it("is not there when there is no head", () => {
    expect(readLocalData(storageOf(new Map()), "dev")).toBeUndefined();
  });
});
