import { describe, expect, it } from "vitest";
import { codecClaims } from "../test/vectors/codec-claims.ts";

describe("by the shared vectors", () => {
  it.each(codecClaims)("$name", async ({ wanted, actual }) => {
    expect(await actual()).toEqual(wanted);
  });
});
