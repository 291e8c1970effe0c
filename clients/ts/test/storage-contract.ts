import { makeBlob, makeCommit, makeEntry, makeMetadata, makeTree } from "../src/store/create.ts";
import { IndexedDbStorage } from "../src/store/indexeddb-storage.ts";
import type { ReplicaStorage } from "../src/store/replica.ts";
import { getObject } from "../src/store/storage.ts";

/** A claim about every storage; resolves to true when it holds. */
type Claim = (storage: ReplicaStorage) => Promise<boolean>;

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const who = { name: "Ada", email: "", timestamp: "2026-01-01T00:00:00.000Z" };

/** What every storage promises, as plain functions: they run in Node and, bundled, in a browser. */
export const STORAGE_CLAIMS: Readonly<Record<string, Claim>> = {
  "gives back every type of object as it was put": async (storage) => {
    const blob = await makeBlob(Uint8Array.of(0, 255, 128));
    const metadata = await makeMetadata({ z: 1, "10": { b: [null, -0.5], a: "x" } });
    const tree = await makeTree([
      ["b", makeEntry(blob.hash, metadata.hash)],
      ["10", makeEntry(blob.hash)],
      ["constructor", makeEntry(blob.hash)],
    ]);
    const commit = await makeCommit({
      tree_hash: tree.hash,
      parent_hashes: [],
      author: who,
      committer: who,
      message: "first",
    });
    const objects = [blob, metadata, tree, commit];
    await storage.putAll(objects);
    for (const object of objects) {
      const found = await getObject(storage, object.type, object.hash);
      if (!same(found, object) || !(await storage.has(object.type, object.hash))) return false;
    }
    return (await storage.getBlob(blob.hash))?.content.data instanceof Uint8Array;
  },
  "gives back objects of one hash and two types, each as itself": async (storage) => {
    const tree = await makeTree([]);
    const metadata = await makeMetadata({});
    await storage.putTree(tree);
    await storage.putMetadata(metadata);
    return (
      tree.hash === metadata.hash &&
      same(await storage.getTree(tree.hash), tree) &&
      same(await storage.getMetadata(tree.hash), metadata)
    );
  },
  "moves the head only from where it stands": async (storage) => {
    const [a, b] = ["a".repeat(64), "b".repeat(64)];
    const steps: unknown[] = [];
    for (const [from, to] of [
      [b, a],
      [null, a],
      [null, b],
      [a, b],
    ] as const) {
      steps.push(await storage.moveHead(from, to), (await storage.getHead())?.value ?? null);
    }
    return same(steps, [false, null, true, a, false, a, true, b]);
  },
  "lets one of many movers win": async (storage) => {
    const from = (await storage.getHead())?.value ?? null;
    const moves = Array.from({ length: 20 }, (_, i) =>
      storage.moveHead(from, String(i).padStart(64, "0")),
    );
    return (await Promise.all(moves)).filter(Boolean).length === 1;
  },
};

/** Tries every claim on a storage; the names of those that fail. */
export async function brokenClaims(storage: ReplicaStorage): Promise<string[]> {
  const broken: string[] = [];
  for (const [name, claim] of Object.entries(STORAGE_CLAIMS)) {
    if (!(await claim(storage))) broken.push(name);
  }
  return broken;
}

/** The same for the browser's database, which outlives the page. */
export async function brokenIndexedDbClaims(): Promise<string[]> {
  const name = "contract";
  const storage = await IndexedDbStorage.open(name);
  const broken = await brokenClaims(storage);
  await storage.setFact("cursor", { after: 7 });
  storage.close();
  const again = await IndexedDbStorage.open(name);
  if (!same(await again.fact("cursor"), { after: 7 })) broken.push("remembers facts");
  if ((await again.getHead()) === null) broken.push("remembers the head");
  again.close();
  return broken;
}
