import { describe, expect, it } from "vitest";
import { formatAgo, formatTime, shownName } from "./format.ts";

describe("what people read", () => {
  it("survives times that are none", () => {
    expect(formatAgo(Number.NaN)).toBe("at an unknown time");
    expect(formatAgo(8e15, 0)).toMatch(/years/u);
    expect(formatTime("the day before yesterday")).toBe("the day before yesterday");
  });

  it("shows what in a name would deceive", () => {
    expect(shownName("photo\u202Egpj.exe")).toBe("photo⟨U+202E⟩gpj.exe");
    expect(shownName("a\nb\ud800")).toBe("a⟨U+000A⟩b⟨U+D800⟩");
    expect(shownName("ærø 🚲")).toBe("ærø 🚲");
    expect(shownName("")).toBe("(no name)");
  });
});
