import { describe, expect, it } from "vitest";
import { MemoryStorage } from "../src/store/memory-storage.ts";
import { asReplica } from "../src/store/storage.ts";
import { bundleForBrowser, findChromium, servePage, startChromium } from "./chromium.ts";
import { brokenClaims } from "./storage-contract.ts";

describe("every claim about storages holds for", () => {
  it("the one in memory", async () => {
    expect(await brokenClaims(new MemoryStorage())).toEqual([]);
  });

  it("a storage that has no more than the original's interface", async () => {
    const memory = new MemoryStorage();
    const { getBlob, putBlob, getTree, putTree, getCommit, putCommit } = memory;
    const { getMetadata, putMetadata } = memory;
    const getHead = () => memory.getHead();
    const setHead = (head: { type: "commit" | "ref"; value: string }) => memory.setHead(head);
    const blobs = { getBlob, putBlob, getTree, putTree };
    const rest = { getCommit, putCommit, getMetadata, putMetadata, getHead, setHead };
    const broken = await brokenClaims(asReplica({ ...blobs, ...rest }));
    // Without a compare-and-set of its own, racing movers of one process cannot be told apart.
    expect(broken.filter((claim) => claim !== "lets one of many movers win")).toEqual([]);
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
