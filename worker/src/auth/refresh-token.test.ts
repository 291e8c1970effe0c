import { describe, expect, it } from "vitest";
import { realWorld } from "../world.ts";
import {
  digestsOf,
  formatRefreshToken,
  mintRefreshToken,
  openSuccessor,
  parseRefreshToken,
  sealSuccessor,
} from "./refresh-token.ts";

const part = "A".repeat(43);

describe("a refresh token", () => {
  it("is read back as it was written", () => {
    const token = mintRefreshToken(realWorld);
    expect(formatRefreshToken(token)).toMatch(/^gbr_[\w-]{43}\.[\w-]{43}$/u);
    expect(parseRefreshToken(formatRefreshToken(token))).toEqual(token);
  });

  it("has 256 random bits in each part, and keeps its family when it is exchanged", () => {
    const first = mintRefreshToken(realWorld);
    const next = mintRefreshToken(realWorld, first.family);
    expect(next.family).toBe(first.family);
    expect(new Set([first.family, first.secret, next.secret]).size).toBe(3);
  });

  it.each([
    `gbr_${part}.${part}x`,
    `xgbr_${part}.${part}`,
    `gbr_${part}x.${part}`,
    `gbr_${part}${part}`,
    `gbr_${part}.${"+".repeat(43)}`,
    "",
  ])("is not what %j looks like", (text) => {
    expect(parseRefreshToken(text)).toBeUndefined();
  });

  it("leaves only digests of its parts in the database", async () => {
    const token = mintRefreshToken(realWorld);
    const digests = await digestsOf(token);
    expect(digests.family).toMatch(/^[\w-]{43}$/u);
    expect(digests.secret).toMatch(/^[\w-]{43}$/u);
    expect(new Set([...Object.values(digests), token.family, token.secret]).size).toBe(4);
  });

  it("alone opens the successor that was sealed under it", async () => {
    const token = mintRefreshToken(realWorld);
    const successor = mintRefreshToken(realWorld, token.family);
    const sealed = await sealSuccessor(realWorld, token, successor);
    expect(await openSuccessor(realWorld, token, sealed)).toEqual(successor);
    const sibling = { ...token, secret: successor.secret };
    expect(await openSuccessor(realWorld, sibling, sealed)).toBeUndefined();
    const cousin = { ...token, family: part };
    expect(await openSuccessor(realWorld, cousin, sealed)).toBeUndefined();
  });
});
