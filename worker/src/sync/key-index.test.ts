import { createHash } from "node:crypto";
import type { Key } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { KeyIndex } from "./key-index.ts";

const keyOf = (n: number): Key => ["blob", createHash("sha256").update(String(n)).digest("hex")];

describe("the index of objects", () => {
  it("finds each of many where it was put last, and nothing else", () => {
    const index = new KeyIndex(7);
    for (let n = 0; n < 20_000; n++) index.set(keyOf(n), { pack: n % 9, at: n, size: n * 2 });
    for (let n = 0; n < 20_000; n += 3) index.set(keyOf(n), { pack: 100, at: 1, size: 2 });
    for (let n = 0; n < 20_000; n++) {
      const moved = { pack: 100, at: 1, size: 2 };
      expect(index.get(keyOf(n))).toEqual(
        n % 3 === 0 ? moved : { pack: n % 9, at: n, size: n * 2 },
      );
    }
    for (let n = 20_000; n < 21_000; n++) expect(index.get(keyOf(n))).toBeUndefined();
    expect(index.size).toBe(20_000);
  });

  it("tells apart what differs in one digit or in the type alone", () => {
    const index = new KeyIndex(9);
    const [, hash] = keyOf(1);
    index.set(["blob", hash], { pack: 0, at: 0, size: 1 });
    expect(index.get(["tree", hash])).toBeUndefined();
    for (let i = 0; i < 64; i++) {
      const other = hash[i] === "0" ? "1" : "0";
      expect(index.get(["blob", hash.slice(0, i) + other + hash.slice(i + 1)])).toBeUndefined();
    }
    expect(index.get(["blob", hash])).toEqual({ pack: 0, at: 0, size: 1 });
  });

  it("forgets the objects of packs that nobody wants", () => {
    const index = new KeyIndex(11);
    for (let n = 0; n < 3_000; n++) index.set(keyOf(n), { pack: n % 3, at: n, size: 1 });
    index.keepOnly((pack) => pack !== 1);
    expect(index.size).toBe(2_000);
    expect(index.get(keyOf(1))).toBeUndefined();
    expect(index.get(keyOf(2))).toEqual({ pack: 2, at: 2, size: 1 });
  });
});
