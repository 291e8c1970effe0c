import { namesIn } from "../history/missing-objects.ts";
import type { CommitObject, StoredObject } from "../store/objects.ts";
import type { ReplicaStorage } from "../store/storage.ts";
import { checkPack, objectsOf, PackError, packKind, type Pack } from "./pack.ts";

/** A pack whose objects are in the storage now; the head has not moved. */
export interface ImportedPack {
  readonly kind: "backup" | "diff";
  /** The commit the pack brings: merge it into the head, or make it the head of an empty store. */
  readonly commit: string;
  /** Set when that commit is a shallow root: it cannot be pushed before it was grafted. */
  readonly shallow?: CommitObject;
}

/**
 * Stores a pack's objects, after checking every hash and that nothing it refers to is missing.
 *
 * @throws PackError when the pack is damaged, empty or does not fit this store; nothing was written
 */
export async function importPack(storage: ReplicaStorage, pack: Pack): Promise<ImportedPack> {
  const kind = packKind(pack.header);
  if (kind.kind === "empty") throw new PackError("The pack is the backup of an empty store.");
  const { damaged, shallow } = await checkPack(pack);
  if (damaged.length > 0) {
    throw new PackError(
      `The pack is damaged: ${damaged.length} of its objects do not match their hash.`,
    );
  }
  const commit = kind.kind === "backup" ? kind.head : (kind.chain.at(-1) ?? "");
  const start = kind.kind === "diff" ? (kind.chain[0] ?? "") : commit;
  if (kind.kind === "diff" && !(await storage.has("commit", start))) {
    throw new PackError(`The diff begins at commit ${start.slice(0, 12)}, which is not here.`);
  }
  await requireWhole(storage, pack, commit);
  await storage.putAll(await newObjects(storage, pack));
  const root = shallow[0];
  return { kind: kind.kind, commit, ...(root === undefined ? {} : { shallow: root }) };
}

async function requireWhole(storage: ReplicaStorage, pack: Pack, tip: string): Promise<void> {
  const packed = new Set(objectsOf(pack).map((object) => `${object.type} ${object.hash}`));
  const need = async (type: StoredObject["type"], hash: string) => {
    if (packed.has(`${type} ${hash}`) || (await storage.has(type, hash))) return;
    throw new PackError(`The pack is incomplete: the ${type} ${hash.slice(0, 12)} is missing.`);
  };
  await need("commit", tip);
  for (const { content } of pack.commits) {
    await need("tree", content.tree_hash);
    for (const parent of content.parent_hashes) await need("commit", parent);
  }
  for (const tree of pack.trees) for (const [type, hash] of namesIn(tree)) await need(type, hash);
}

/** What the storage lacks: above all, a trimmed commit must never replace the whole one. */
async function newObjects(storage: ReplicaStorage, pack: Pack): Promise<StoredObject[]> {
  const fresh: StoredObject[] = [];
  for (const object of objectsOf(pack))
    if (!(await storage.has(object.type, object.hash))) fresh.push(object);
  return fresh;
}
