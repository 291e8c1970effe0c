import { describe, expect, it } from "vitest";
import { diffLines, foldSame } from "./line-diff.ts";

describe("a comparison of two texts", () => {
  it("puts a changed line beside what it was", () => {
    expect(diffLines("a\nb\nc\n", "a\nB\nc\n")[1]).toEqual({
      kind: "changed",
      left: { number: 2, text: "b" },
      right: { number: 2, text: "B" },
    });
  });

  it("leaves the other side empty for added and deleted lines", () => {
    expect(diffLines("a\n", "a\nb\n")[1]).toEqual({
      kind: "changed",
      right: { number: 2, text: "b" },
    });
    expect(diffLines("", "x")).toEqual([{ kind: "changed", right: { number: 1, text: "x" } }]);
  });

  it("does not take another kind of line end for a change", () => {
    expect(diffLines("a\r\nb\r\n", "a\nb\n").every((row) => row.kind === "same")).toBe(true);
  });

  it("folds what is the same but for three lines around each change", () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const rows = foldSame(diffLines(lines.join("\n"), lines.with(10, "new").join("\n")));
    expect(rows[0]).toEqual({ kind: "fold", count: 7 });
    expect(rows).toHaveLength(1 + 7 + 1);
    expect(rows.at(-1)).toEqual({ kind: "fold", count: 6 });
  });
});
