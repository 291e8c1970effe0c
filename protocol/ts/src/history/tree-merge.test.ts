import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/merge.json" with { type: "json" };
import { makeEntry, makeTree } from "../store/create.ts";
import { entriesOf, type TreeEntry } from "../store/objects.ts";
import { mergeTrees, type Files } from "./tree-merge.ts";

/** A letter stands for a blob, a prime for metadata. */
function entryOf(file: string): TreeEntry {
  const digit = (file.codePointAt(0) ?? 0).toString(16);
  return makeEntry(digit.repeat(32), file.endsWith("'") ? "e".repeat(64) : "");
}

const fileOf = (entry: TreeEntry | null): string | null =>
  entry &&
  String.fromCharCode(Number.parseInt(entry.blob_hash.slice(0, 2), 16)) +
    (entry.metadata_hash === "" ? "" : "'");

const filesOf = (files: object): Files =>
  new Map(Object.entries(files).map(([path, file]) => [path, entryOf(String(file))]));

describe("a merge of trees", () => {
  it.each(vectors.cases)("decides: $name", async ({ bases, ours, theirs, merged, conflicts }) => {
    const merge = mergeTrees(bases.map(filesOf), filesOf(ours), filesOf(theirs));
    const tree = entriesOf(await makeTree(merge.files));
    expect([...tree].map(([path, entry]) => [path, fileOf(entry)])).toEqual(merged);
    const found = merge.conflicts.map((c) => [c.path, [c.base, c.ours, c.theirs].map(fileOf)]);
    expect(Object.fromEntries(found)).toEqual(conflicts);
  });

  it("takes what a resolver decides, also a deletion", () => {
    const [bases, ours, theirs] = [
      { f: "a", g: "a" },
      { f: "b", g: "b" },
      { f: "c", g: "c" },
    ];
    const merge = mergeTrees([filesOf(bases)], filesOf(ours), filesOf(theirs), (conflict) =>
      conflict.path === "f" ? conflict.theirs : null,
    );
    expect(merge.conflicts).toEqual([]);
    expect([...merge.files].map(([path, entry]) => [path, fileOf(entry)])).toEqual([["f", "c"]]);
  });
});
