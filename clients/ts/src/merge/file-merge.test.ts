import { describe, expect, it } from "vitest";
import { textClaims } from "../../test/vectors/text-claims.ts";

describe("by the shared vectors", () => {
  it.each(textClaims)("$name", async ({ wanted, actual }) => {
    expect(await actual()).toEqual(wanted);
  });
});
