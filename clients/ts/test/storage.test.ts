import { describe, expect, it } from "vitest";
import { MemoryStorage } from "../src/store/memory-storage.ts";
import { asReplica } from "../src/store/replica.ts";
import { isWithoutBrowser, runInChromium } from "./chromium.ts";
import { PlainStorage } from "./original-storage.ts";
import { brokenClaims } from "./storage-contract.ts";

describe("every claim about storages holds for", () => {
  it("the one in memory", async () => {
    expect(await brokenClaims(new MemoryStorage())).toEqual([]);
  });

  it("a storage that has no more than the original's interface", async () => {
    expect(await brokenClaims(asReplica(new PlainStorage()))).toEqual([]);
  });

  it.skipIf(isWithoutBrowser)("IndexedDB in Chromium, also after a restart", async () => {
    const [broken] = await runInChromium("storage-contract.ts", "brokenIndexedDbClaims", ["en-US"]);
    expect(broken).toEqual([]);
  });
});
