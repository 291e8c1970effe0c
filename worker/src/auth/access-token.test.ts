import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { toBase64Url, toUtf8 } from "../encoding.ts";
import { realWorld } from "../world.ts";
import { verifyAccessToken } from "./access-token.ts";

/** A token with an id of a key and exactly so many characters. */
function tokenOf(length: number): string {
  const header = JSON.stringify({ alg: "HS256", typ: "at+jwt", kid: "AAAAAAAAAAAA" });
  const start = `${toBase64Url(toUtf8(header))}.e30.`;
  return start + "A".repeat(length - start.length);
}

describe("an access token", () => {
  it("beyond two kilobytes is refused before anything in it is looked at", async () => {
    const asked: string[] = [];
    const find = (_: unknown, kid: string) => {
      asked.push(kid);
      return Promise.resolve(undefined);
    };
    const verify = (length: number) => verifyAccessToken(env, realWorld, find, tokenOf(length));
    await expect(verify(2_049)).rejects.toMatchObject({ code: "not_authenticated" });
    expect(asked).toEqual([]);
    await expect(verify(2_048)).rejects.toMatchObject({ code: "not_authenticated" });
    expect(asked).toEqual(["AAAAAAAAAAAA"]);
  });
});
