import { describe, expect, it } from "vitest";
import { isProse, languageOf } from "./code-languages.ts";

describe("a language", () => {
  it.each(["a.js", "src/b.TSX", "c.json", "notes/d.md", "e.py", "F.java", "g.yml"])(
    "is known for %s",
    async (path) => {
      expect(await languageOf(path)?.()).toBeTruthy();
    },
  );

  it.each(["a.txt", "README", "a.constructor", ".gitignore", "js", "a.js/b"])(
    "is not made up for %s",
    (path) => {
      expect(languageOf(path)).toBeUndefined();
    },
  );

  it("is prose where people write, and nowhere else", () => {
    expect(["a.txt", "README", "x/notes", "b.md"].every(isProse)).toBe(true);
    expect(["a.ts", "b.json", "c.csv"].some(isProse)).toBe(false);
  });
});
