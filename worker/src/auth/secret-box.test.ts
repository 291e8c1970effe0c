import { describe, expect, it } from "vitest";
import { fromBase64Url, toBase64Url, toUtf8 } from "../encoding.ts";
import { realWorld } from "../world.ts";
import { openSecretBox } from "./secret-box.ts";

const secret = new Uint8Array(32).fill(7);
const box = (purpose = "one", key = secret) => openSecretBox(key, purpose, realWorld);
const plain = toUtf8("a small secret");

describe("a secret box", () => {
  it("opens what it sealed, for the same context", async () => {
    const sealed = await (await box()).seal(plain, "context");
    expect(await (await box()).open(sealed, "context")).toEqual(plain);
    expect(await (await box()).open(sealed, "another")).toBeUndefined();
  });

  it("opens nothing that was sealed for another purpose or under another key", async () => {
    const sealed = await (await box()).seal(plain, "c");
    expect(await (await box("two")).open(sealed, "c")).toBeUndefined();
    const other = new Uint8Array(32).fill(8);
    expect(await (await box("one", other)).open(sealed, "c")).toBeUndefined();
  });

  it("opens nothing that was changed, or is none of its own", async () => {
    const sealed = fromBase64Url(await (await box()).seal(plain, "c"));
    for (let at = 0; at < sealed.byteLength; at += 1) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await (await box()).open(toBase64Url(changed), "c")).toBeUndefined();
    }
    expect(await (await box()).open("no base64url!", "c")).toBeUndefined();
  });

  it("never seals the same twice: each has its own 12 bytes of IV, and a tag of 16", async () => {
    const [one, two] = [await (await box()).seal(plain, "c"), await (await box()).seal(plain, "c")];
    expect(one).not.toBe(two);
    expect(fromBase64Url(one).slice(0, 12)).not.toEqual(fromBase64Url(two).slice(0, 12));
    expect(fromBase64Url(one)).toHaveLength(12 + plain.byteLength + 16);
  });

  it("is known by 64 bits that follow from key and purpose, and tell nothing of the key", async () => {
    const { fingerprint } = await box();
    expect(fromBase64Url(fingerprint)).toHaveLength(8);
    expect((await box()).fingerprint).toBe(fingerprint);
    expect((await box("two")).fingerprint).not.toBe(fingerprint);
  });

  it("derives its keys by HKDF-SHA-256 and seals by AES-256-GCM, as anybody can who has the secret", async () => {
    const derive = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array() };
    const root = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
    const bits = (info: string, length: number) =>
      crypto.subtle.deriveBits({ ...derive, info: toUtf8(info) }, root, length);
    const key = await crypto.subtle.importKey("raw", await bits("one", 256), "AES-GCM", false, [
      "decrypt",
    ]);
    const sealed = fromBase64Url(await (await box()).seal(plain, "c"));
    const parameters = { name: "AES-GCM", iv: sealed.slice(0, 12), additionalData: toUtf8("c") };
    const opened = await crypto.subtle.decrypt(parameters, key, sealed.slice(12));
    expect(new Uint8Array(opened)).toEqual(plain);
    const mark = new Uint8Array(await bits("one fingerprint", 64));
    expect((await box()).fingerprint).toBe(toBase64Url(mark));
  });
});
