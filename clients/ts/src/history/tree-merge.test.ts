import { describe, expect, it } from "vitest";
import { fileOf, filesOf, mergeClaims } from "../../test/vectors/merge-claims.ts";
import { mergeTrees } from "./tree-merge.ts";

describe("by the shared vectors", () => {
  it.each(mergeClaims)("$name", async ({ wanted, actual }) => {
    expect(await actual()).toEqual(wanted);
  });
});

describe("a merge of trees", () => {
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
