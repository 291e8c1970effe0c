import vectors from "../../../../protocol/vectors/merge.json" with { type: "json" };
import { mergeTrees, type Files } from "../../src/history/tree-merge.ts";
import { makeEntry, makeTree } from "../../src/store/create.ts";
import { entriesOf, type TreeEntry } from "../../src/store/objects.ts";
import type { Claim } from "../../../../protocol/ts/test/vectors/claim.ts";

/** A letter stands for a blob, a prime for metadata. */
function entryOf(file: string): TreeEntry {
  const digit = (file.codePointAt(0) ?? 0).toString(16);
  return makeEntry(digit.repeat(32), file.endsWith("'") ? "e".repeat(64) : "");
}

/** The file that an entry stands for. */
export const fileOf = (entry: TreeEntry | null): string | null =>
  entry &&
  String.fromCharCode(Number.parseInt(entry.blob_hash.slice(0, 2), 16)) +
    (entry.metadata_hash === "" ? "" : "'");

/** A tree as a vector writes it. */
export const filesOf = (files: object): Files =>
  new Map(Object.entries(files).map(([path, file]) => [path, entryOf(String(file))]));

/** What merge.json says. */
export const mergeClaims: readonly Claim[] = vectors.cases.map(
  ({ name, bases, ours, theirs, merged, conflicts }) => ({
    name: `a merge decides: ${name}`,
    wanted: [merged, conflicts],
    actual: async () => {
      const merge = mergeTrees(bases.map(filesOf), filesOf(ours), filesOf(theirs));
      const tree = entriesOf(await makeTree(merge.files));
      return [
        [...tree].map(([path, entry]) => [path, fileOf(entry)]),
        Object.fromEntries(
          merge.conflicts.map((c) => [c.path, [c.base, c.ours, c.theirs].map(fileOf)]),
        ),
      ];
    },
  }),
);
