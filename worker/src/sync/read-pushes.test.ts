import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "./read-pushes.ts";

describe("the cursor of a fetch", () => {
  it("is read back as it was written", () => {
    for (const cursor of [
      { seq: 0, list: 0, index: 0 },
      { seq: 999_999_999_999_999, list: 999_999_999_999_999, index: 99_999 },
    ]) {
      expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
    }
  });

  it.each(["", "1", "1.2", "1.2.", "1.2.x", "x1.2.3", "1.2.3x", "1.2.3.4", "1.2.123456", "-1.2.3"])(
    "is not %j",
    (text) => {
      expect(decodeCursor(text)).toBeUndefined();
    },
  );

  it("has no number that would lose digits", () => {
    expect(decodeCursor("1234567890123456.0.0")).toBeUndefined();
    expect(decodeCursor("0.1234567890123456.0")).toBeUndefined();
  });
});
