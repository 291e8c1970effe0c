import { describe, expect, it } from "vitest";
import { afterSave, bothOf } from "./save.ts";

const draft = (text: string) => ({
  ...{ userId: "u", store: "s", path: "f", text },
  ...{ original: "a\nb\nc\n", base: "1" },
});

describe("a draft that was saved", () => {
  it("is what was saved, also what others had added", () => {
    const before = draft("A\nb\nc\n");
    const saved = { text: "A\nb\nC\n", blob: "2" };
    expect(afterSave(before, before, saved)).toMatchObject({
      ...{ text: "A\nb\nC\n", original: "A\nb\nC\n", base: "2" },
    });
  });

  it("keeps what was typed while it was being saved", () => {
    const saved = { text: "A\nb\nC\n", blob: "2" };
    const after = afterSave(draft("A\nb typed\nc\n"), draft("A\nb\nc\n"), saved);
    expect(after.original).toBe("A\nb\nC\n");
    for (const line of ["A\n", "b typed\n", "C\n"]) expect(after.text).toContain(line);
  });
});

describe("two changes of one text", () => {
  it("are both there where they touch, and each once where they do not", () => {
    expect(bothOf("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")).toBe("A\nb\nC\n");
    expect(bothOf("a\n", "mine\n", "yours")).toBe("yours\nmine\n");
    expect(bothOf("a\r\n", "a\n", "a\r\n")).toBe("a\n");
  });
});
