import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf } from "./lines.ts";
import { mergedText, mergeText } from "./text-merge.ts";

/** Few words, so that lines meet, and every way to end one. */
const line = fc
  .tuple(fc.constantFrom("a", "b", "c", "", "__proto__"), fc.constantFrom("\n", "\r\n"))
  .map((parts) => parts.join(""));
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom("", "end"))
  .map(([lines, end]) => lines.join("") + end);

/** A base of lines that are all different, and each side's changes in a half of its own, one line kept between them. */
const apart = fc
  .tuple(
    fc.integer({ min: 3, max: 30 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom("edit", "add", "drop")), { maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom("edit", "add", "drop")), { maxLength: 6 }),
  )
  .map(([count, left, right]) => {
    const base = Array.from({ length: count }, (_, at) => `line ${at}\n`);
    const middle = Math.floor(count / 2);
    const change = (edits: typeof left, from: number, to: number, who: string) => {
      const lines = [...base];
      for (const [place, kind] of edits) {
        if (to <= from) break;
        const at = from + (place % (to - from));
        const old = lines[at] ?? "";
        lines[at] = { edit: `${who} ${at}\n`, add: `${old}${who} new ${at}\n`, drop: "" }[kind];
      }
      return lines.join("");
    };
    return {
      base: base.join(""),
      ours: change(left, 0, middle, "ours"),
      theirs: change(right, middle + 1, count, "theirs"),
    };
  });

const newLines = (base: string, side: string) => {
  const before = new Set(linesOf(base));
  return linesOf(side).filter((each) => !before.has(each));
};

describe("a merge of texts", () => {
  it("of two sides that are the same is that", () => {
    fc.assert(
      fc.property(text, text, (base, side) => {
        expect(mergeText(base, side, side)).toMatchObject({ overlaps: 0 });
        expect(mergedText(mergeText(base, side, side).parts)).toBe(side);
      }),
    );
  });

  it("takes the one side that changed, whichever it is", () => {
    fc.assert(
      fc.property(text, text, (base, side) => {
        for (const merge of [mergeText(base, side, base), mergeText(base, base, side)]) {
          expect(merge.overlaps).toBe(0);
          expect(mergedText(merge.parts)).toBe(side);
        }
      }),
    );
  });

  it("gives each side back where all overlaps are decided for it, and nobody else changed anything", () => {
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const { parts } = mergeText(base, ours, theirs);
        for (const each of newLines(base, ours)) expect(mergedText(parts, "ours")).toContain(each);
        for (const each of newLines(base, theirs))
          expect(mergedText(parts, "theirs")).toContain(each);
      }),
    );
  });

  it("is the same from both sides", () => {
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const turned = mergeText(base, theirs, ours).parts.map((part) =>
          part.kind === "merged" ? part : { ...part, ours: part.theirs, theirs: part.ours },
        );
        expect(turned).toEqual(mergeText(base, ours, theirs).parts);
      }),
    );
  });

  it("of changes in different places asks nothing and loses no line of either side", () => {
    fc.assert(
      fc.property(apart, ({ base, ours, theirs }) => {
        const { parts, overlaps } = mergeText(base, ours, theirs);
        expect(overlaps).toBe(0);
        const merged = new Set(linesOf(mergedText(parts)));
        for (const side of [ours, theirs])
          for (const each of newLines(base, side)) expect(merged).toContain(each);
        const [left, right] = [new Set(linesOf(ours)), new Set(linesOf(theirs))];
        for (const each of linesOf(base))
          expect(merged.has(each)).toBe(left.has(each) && right.has(each));
      }),
    );
  });

  it.each([
    ["different", (at: number) => `line ${at}\n`],
    ["much alike", (at: number) => `line ${at % 7}\n`],
    ["all the same", () => "\n"],
  ])("of 50,000 lines that are %s takes less than a second", (_, lineAt) => {
    const lines = Array.from({ length: 50_000 }, (_, at) => lineAt(at));
    const ours = ["first\n", ...lines, "mine\n"].join("");
    const theirs = ["second\n", ...lines.slice(0, 25_000), "yours\n", ...lines.slice(25_000)];
    const began = performance.now();
    const { parts } = mergeText(lines.join(""), ours, theirs.join(""));
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(mergedText(parts, "theirs")).toContain("yours\n");
  });
});
