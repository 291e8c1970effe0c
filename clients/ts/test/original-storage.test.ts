import { describe, expect, it } from "vitest";
import { commitFiles, mergeIntoHead } from "../src/history/index.ts";
import { fullBackup, importPack } from "../src/pack/index.ts";
import type { IndexedDbStorage } from "../src/store/indexeddb-storage.ts";
import {
  asReplica,
  headOf,
  makeBlob,
  makeEntry,
  makeMetadata,
  MemoryStorage,
  type ObjectStorage,
} from "../src/store/index.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { PlainStorage, type OriginalStorage } from "./original-storage.ts";
import { settled, TestDevice } from "./test-device.ts";

/** These compile only because the types match, member by member. */
const asOurs = (storage: OriginalStorage): ObjectStorage => storage;
const asTheirs = (storage: MemoryStorage | IndexedDbStorage): OriginalStorage => storage;
const ada = { name: "Ada", email: "", timestamp: "2026-01-01T00:00:00.000Z" };

describe("a storage adapter of the original", () => {
  it("is good wherever this library asks for a storage, and ours where the original asks", async () => {
    expect(await asOurs(new PlainStorage()).getHead()).toBeNull();
    expect(asTheirs(new MemoryStorage()).asStorageExt()).toBeNull();
  });

  it("syncs both ways, merges, and takes part in a conflict", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a", { storage: new PlainStorage() }).start();
    const b = await new TestDevice(relay.world(), "b").start();
    const first = await a.write("f", "from a");
    await Promise.all([a.at(relay, first), b.at(relay, first)]);
    await a.sync.stop();
    await b.write("f", "from b");
    await b.write("g", "from b");
    await settled(b, relay);
    await a.write("f", "again from a");
    a.sync.start();
    await a.phase("conflict");
    a.sync.resolve(({ ours }) => ours);
    await a.phase("up-to-date");
    await settled(a, relay);
    await b.at(relay, relay.main ?? "");
    expect(await b.files()).toEqual({ f: "again from a", g: "from b" });
    expect(await a.files()).toEqual(await b.files());
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("loses nothing though it keeps one object per hash", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    const b = await new TestDevice(relay.world(), "b", { storage: new PlainStorage() }).start();
    // The tree without files, the metadata without facts and this file all have one hash.
    const blob = await makeBlob(new TextEncoder().encode("{}"));
    const empty = await makeMetadata({});
    await a.storage.putBlob(blob);
    await a.storage.putMetadata(empty);
    await commitFiles(a.storage, ada, "nothing", () => undefined);
    const last = await commitFiles(a.storage, ada, "a file", (files) =>
      files.set("braces", makeEntry(blob.hash, empty.hash)),
    );
    a.sync.notify();
    await Promise.all([a.at(relay, last.hash), b.at(relay, last.hash)]);
    const replica = asReplica(b.storage);
    expect(await replica.getBlob(blob.hash)).toEqual(blob);
    expect(await replica.getMetadata(empty.hash)).toEqual(empty);
    expect((await b.storage.getTree(blob.hash))?.content.entries).toEqual({});
    expect(await b.files()).toEqual({ braces: "{}" });
    const { trees, blobs, metadata } = await fullBackup(b.storage, new Date(0));
    expect([trees.length, blobs.length, metadata.length]).toEqual([2, 1, 1]);
    await Promise.all([a.sync.stop(), b.sync.stop()]);
  });

  it("keeps every commit of many that are made at the same time", async () => {
    const storage = new PlainStorage();
    const names = ["one", "two", "three", "four"];
    const entry = makeEntry("a".repeat(64));
    await Promise.all(
      names.map((name) => commitFiles(storage, ada, name, (files) => files.set(name, entry))),
    );
    const head = (await headOf(storage)) ?? "";
    const tree = await storage.getTree((await storage.getCommit(head))?.content.tree_hash ?? "");
    expect(Object.keys(tree?.content.entries ?? {}).sort()).toEqual(names.sort());
  });

  it("imports a pack", async () => {
    const from = new MemoryStorage();
    const blob = await makeBlob(new TextEncoder().encode("packed"));
    await from.putBlob(blob);
    await commitFiles(from, ada, "add", (files) => files.set("f", makeEntry(blob.hash)));
    const storage = new PlainStorage();
    const { commit } = await importPack(storage, await fullBackup(from, new Date(0)));
    await mergeIntoHead(storage, commit, { merger: ada });
    expect(await headOf(storage)).toBe(commit);
  });
});
