import { env } from "cloudflare:workers";
import { LIMITS } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { expiryOf, readSettings, unfinishedUntil } from "./settings.ts";

const unset = {
  ...env,
  TTL_DEFAULT_SECONDS: "",
  TTL_MAX_SECONDS: "",
  QUOTA_BYTES: "",
  QUOTA_OBJECTS: "",
  QUOTA_STORES: "",
  QUOTA_SOCKETS: "",
};
const defaults = {
  ttlSeconds: 604_800,
  ttlMaxSeconds: 2_592_000,
  quotaBytes: 1_073_741_824,
  quotaObjects: 1_000_000,
  quotaStores: 20,
  quotaSockets: 16,
};

describe("the settings of a deployment", () => {
  it("are those of the documentation where nothing is set", () => {
    expect(readSettings(unset)).toEqual(defaults);
  });

  it("are read each from its own variable", () => {
    const given = {
      ...unset,
      TTL_DEFAULT_SECONDS: "60",
      TTL_MAX_SECONDS: "120",
      QUOTA_BYTES: "1",
      QUOTA_OBJECTS: "2",
      QUOTA_STORES: "3",
      QUOTA_SOCKETS: "4",
    };
    expect(readSettings(given)).toEqual({
      ttlSeconds: 60,
      ttlMaxSeconds: 120,
      quotaBytes: 1,
      quotaObjects: 2,
      quotaStores: 3,
      quotaSockets: 4,
    });
  });

  it.each(["0", "-1", "1.5", "many", "9007199254740993", "Infinity", " "])(
    "count as not set where they are %j, no positive whole number",
    (text) => {
      expect(readSettings({ ...unset, QUOTA_STORES: text }).quotaStores).toBe(20);
    },
  );

  it("never let the usual time to live be longer than the longest", () => {
    const settings = readSettings({ ...unset, TTL_MAX_SECONDS: "60" });
    expect(settings).toMatchObject({ ttlSeconds: 60, ttlMaxSeconds: 60 });
  });
});

describe("an expiry", () => {
  it("is the usual one where none is asked for", () => {
    expect(expiryOf(defaults, 1_000, undefined)).toBe(1_000 + 604_800_000);
  });

  it("is as asked, and at most the longest", () => {
    expect(expiryOf(defaults, 1_000, 5)).toBe(6_000);
    expect(expiryOf(defaults, 1_000, 2_592_001)).toBe(1_000 + 2_592_000_000);
  });

  it("of what is not finished is a day away", () => {
    expect(unfinishedUntil(5)).toBe(5 + LIMITS.unfinishedSeconds * 1_000);
  });
});
