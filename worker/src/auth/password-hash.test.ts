import { describe, expect, it } from "vitest";
import { realWorld } from "../world.ts";
import { currentCost, hashOfNobody, hashPassword, verifyPassword } from "./password-hash.ts";

const pepper = "S".repeat(43);
/** Keeps these tests quick; the real cost is checked by its numbers. */
const cheap = { ln: 8, r: 8, p: 1 };
const hash = (password: string) => hashPassword(password, pepper, realWorld, cheap);

describe("a password hash", () => {
  it("costs at least what ASVS 5.0 appendix C asks, within the platform's cap (11.4.2)", () => {
    const { ln, r, p } = currentCost;
    expect(ln >= 15 && r >= 8 && p >= 3).toBe(true);
    expect(2 ** ln * r * p).toBeLessThanOrEqual(2 ** 20);
    expect(hashOfNobody).toMatch(/^\$scrypt\$ln=15,r=8,p=3,keyid=/u);
  });

  it("is made with a salt of 128 bits, new each time", () => {
    const [one, two] = [hash("x"), hash("x")];
    expect(one).not.toBe(two);
    expect(one.split("$")[3]).toHaveLength(22);
  });

  it.each([
    ["72 bytes", "x".repeat(72)],
    ["128 characters", "y".repeat(128)],
    ["letters of both cases", "Abc"],
    ["spaces at the end", "abc "],
    ["composed letters", "caf\u00e9"],
    ["a zero byte", "a\u0000b"],
  ])("matches its password with %s and nothing that is like it (6.2.8)", (_, password) => {
    const stored = hash(password);
    expect(verifyPassword(password, stored, pepper).matches).toBe(true);
    const like = [
      `${password}z`,
      password.slice(0, -1),
      password.toUpperCase() === password ? password.toLowerCase() : password.toUpperCase(),
      password.trim() === password ? `${password} ` : password.trim(),
      password.normalize("NFD") === password ? `${password}\u0301` : password.normalize("NFD"),
    ];
    for (const other of like) {
      expect(verifyPassword(other, stored, pepper).matches, JSON.stringify(other)).toBe(false);
    }
  });

  it("tells apart twins that differ behind byte 72 (6.2.8)", () => {
    const stored = hash(`${"x".repeat(72)}1`);
    expect(verifyPassword(`${"x".repeat(72)}2`, stored, pepper).matches).toBe(false);
  });

  it("is worth nothing without its pepper, and says which it was", () => {
    const stored = hash("x");
    const other = verifyPassword("x", stored, "T".repeat(43));
    expect(other).toMatchObject({ matches: false, foreignPepper: true });
    expect(verifyPassword("x", stored, pepper)).toMatchObject({
      matches: true,
      foreignPepper: false,
    });
  });

  it("says when its cost is not the present one", () => {
    expect(verifyPassword("x", hash("x"), pepper).outdated).toBe(true);
  });

  it("follows RFC 7914: another implementation of scrypt gives the same bytes", async () => {
    // Vector of RFC 7914 section 12 (N=1024, r=8, p=16), first 32 bytes of 64: PBKDF2 makes them a prefix.
    const { scryptSync } = await import("node:crypto");
    const bytes = scryptSync("password", "NaCl", 32, { N: 1024, r: 8, p: 16 });
    expect(bytes.toString("hex")).toBe(
      "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162",
    );
  });
});
