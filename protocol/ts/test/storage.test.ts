import { describe, expect, it } from "vitest";
import { MemoryStorage } from "../src/store/memory-storage.ts";
import { asReplica } from "../src/store/replica.ts";
import { bundleForBrowser, findChromium, servePage, startChromium } from "./chromium.ts";
import { PlainStorage } from "./original-storage.ts";
import { brokenClaims } from "./storage-contract.ts";

describe("every claim about storages holds for", () => {
  it("the one in memory", async () => {
    expect(await brokenClaims(new MemoryStorage())).toEqual([]);
  });

  it("a storage that has no more than the original's interface", async () => {
    expect(await brokenClaims(asReplica(new PlainStorage()))).toEqual([]);
  });

  it.skipIf(findChromium() === undefined)(
    "IndexedDB in Chromium, also after a restart",
    async () => {
      const page = await servePage(await bundleForBrowser("storage-contract.ts"));
      const browser = await startChromium();
      const tab = await browser.newPage();
      await tab.goto(page.url);
      const broken: string[] = await tab.evaluate(() => {
        const { sdk } = globalThis as unknown as { sdk: { brokenIndexedDbClaims(): never } };
        return sdk.brokenIndexedDbClaims();
      });
      await browser.close();
      page.close();
      expect(broken).toEqual([]);
    },
  );
});
