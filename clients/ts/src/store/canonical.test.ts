import { describe, expect, it } from "vitest";
import { canonicalClaims } from "../../test/vectors/canonical-claims.ts";

describe("by the shared vectors", () => {
  it.each(canonicalClaims)("$name", async ({ wanted, actual }) => {
    expect(await actual()).toEqual(wanted);
  });
});
