import { rootTwin } from "../history/commit-files.ts";
import { namesIn } from "../history/missing-objects.ts";
import { hasWholeCommit } from "../history/whole-commit.ts";
import type { StoredObject } from "../store/objects.ts";
import { asReplica, type ReplicaStorage } from "../store/replica.ts";
import type { ObjectStorage } from "../store/storage.ts";
import { checkPack, objectsOf, PackError, packKind, type Pack } from "./pack.ts";

/** A pack whose objects are in the storage now; the head has not moved. */
export interface ImportedPack {
  /** A backup brings a whole history, a diff goes on where this store's history is. */
  readonly kind: "backup" | "diff";
  /** The commit the pack brings: merge it into the head, or make it the head of an empty store. */
  readonly commit: string;
  /**
   * The commit the pack named, when it is another: a compact backup's commit lost its parents and with them the match
   * with its hash. Unless the storage has it whole, its twin is stored in its place, the root of a new history.
   */
  readonly graftedFrom?: string;
}

/**
 * Stores a pack's objects, after checking every hash and that nothing it refers to is missing.
 *
 * @throws PackError when the pack is damaged, empty or does not fit this store; nothing was written
 *
 * @example
 * ```ts
 * const { commit } = await importPack(storage, await readPack(bytes));
 * await mergeIntoHead(storage, commit, { merger: me() });
 * ```
 */
export async function importPack(storage: ObjectStorage, pack: Pack): Promise<ImportedPack> {
  const replica = asReplica(storage);
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
  if (kind.kind === "diff" && !(await replica.has("commit", start))) {
    throw new PackError(`The diff begins at commit ${start.slice(0, 12)}, which is not here.`);
  }
  await requireWhole(replica, pack, commit);
  const [root] = shallow;
  const isNew = root !== undefined && !(await hasWholeCommit(replica, root.hash));
  const twin = isNew ? await rootTwin(root) : undefined;
  const objects = objectsOf(pack).filter((object) => object !== root);
  await replica.putAll(await absent(replica, twin === undefined ? objects : [...objects, twin]));
  return twin === undefined
    ? { kind: kind.kind, commit }
    : { kind: kind.kind, commit: twin.hash, graftedFrom: commit };
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

async function absent(
  storage: ReplicaStorage,
  objects: readonly StoredObject[],
): Promise<StoredObject[]> {
  const fresh: StoredObject[] = [];
  for (const object of objects)
    if (!(await storage.has(object.type, object.hash))) fresh.push(object);
  return fresh;
}
