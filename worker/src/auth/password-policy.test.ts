import { dictionary } from "@zxcvbn-ts/language-common";
import { describe, expect, it } from "vitest";
import { checkNewPassword } from "./password-policy.ts";

const check = (password: string) => () => {
  checkNewPassword(password, "alice");
};

describe("a new password", () => {
  it.each([
    "correct horse battery staple",
    "ÄÖÜ äöü ßßß 日本語 text",
    "all lower case letters only",
    "0123 4567 8912 3459 8",
    "🐎🔋📎✅ and more emoji 🎉",
    "   spaces   around   ",
    `${"long sentence ".repeat(9)}ab`,
  ])("may be %j: any characters in any mix, up to 128 (6.2.1, 6.2.5, 6.2.9)", (password) => {
    expect(check(password)).not.toThrow();
  });

  it.each(["1234567", "14 characters!", "🐎".repeat(14), "x".repeat(129)])(
    "may not be %j: 15 to 128 characters, counted as people do",
    (password) => {
      expect(check(password)).toThrow(/15 to 128/u);
    },
  );

  it("may be exactly 15 or 128 characters long", () => {
    expect(check("fifteen letters")).not.toThrow();
    expect(check(`${"abcdefgh".repeat(15)}12345678`)).not.toThrow();
  });

  it("is none of the most common ones, in any case of letters (6.2.4, 6.2.12)", () => {
    const common = Object.values(dictionary)
      .flat()
      .filter((word) => word.length > 0);
    const passwords = dictionary["passwords-common"];
    expect(passwords.length).toBeGreaterThan(3000);
    expect(common.length).toBeGreaterThanOrEqual(passwords.length);
    const accepted = passwords.filter((password) => {
      try {
        checkNewPassword(password.toUpperCase(), "alice");
        return true;
      } catch {
        return false;
      }
    });
    expect(accepted).toEqual([]);
  });

  it.each([
    "aaaaaaaaaaaaaaaa",
    "abcabcabcabcabcabc",
    "12121212121212121",
    "a long text a long text ",
  ])("does not repeat itself like %j", (password) => {
    expect(check(password)).toThrow(/repeats/u);
  });

  it.each(["alice-gitblobs-1", "GitBlobsAliceAlice", "alice.alice.1.al"])(
    "is not made of names like %j (6.2.11)",
    (password) => {
      expect(check(password)).toThrow(/name/u);
    },
  );
});
