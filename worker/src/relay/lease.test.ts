import { describe, expect, it } from "vitest";
import { toBase64Url, toUtf8 } from "../encoding.ts";
import { leaseUntil } from "./lease.ts";

const session = {
  userId: "usr_x",
  sessionId: "ses_x",
  username: "ada",
  role: "user",
  device: "laptop",
  expiresAt: 5_000_000,
  passwordMustChange: false,
} as const;
const tokenOf = (claims: unknown) => `h.${toBase64Url(toUtf8(JSON.stringify(claims)))}.s`;

describe("the lease of a socket", () => {
  it("lasts as long as its access token", () => {
    expect(leaseUntil(tokenOf({ exp: 2_000 }), session, 1_000_000)).toBe(2_000_000);
  });

  it("of a ticket lasts as long as a token made now", () => {
    expect(leaseUntil(undefined, session, 1_000_000)).toBe(1_900_000);
  });

  it("never outlasts the session", () => {
    expect(leaseUntil(tokenOf({ exp: 6_000 }), session, 1_000_000)).toBe(5_000_000);
    expect(leaseUntil(undefined, session, 4_900_000)).toBe(5_000_000);
  });

  it.each([[null], ["text"], [{}], [{ exp: "2000" }]])(
    "of a token that says %j is that of a ticket",
    (claims) => {
      expect(leaseUntil(tokenOf(claims), session, 1_000_000)).toBe(1_900_000);
    },
  );

  it("of a token without claims is that of a ticket", () => {
    expect(leaseUntil("opaque", session, 1_000_000)).toBe(1_900_000);
  });
});
