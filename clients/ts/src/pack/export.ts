import { missingObjects, namesIn } from "../history/missing-objects.ts";
import { isAncestor, missingCommits } from "../history/ancestry.ts";
import type { StoredObject, ObjectKey } from "../store/objects.ts";
import { asReplica } from "../store/replica.ts";
import { headOf, requireObject, type ObjectStorage } from "../store/storage.ts";
import { PackError, type Pack } from "./pack.ts";

const VERSION = "1";

/**
 * A full backup: the head and everything reachable from it.
 *
 * @example
 * ```ts
 * const bytes = await writePack(await fullBackup(storage, new Date()));
 * ```
 */
export async function fullBackup(plain: ObjectStorage, now: Date): Promise<Pack> {
  const storage = asReplica(plain);
  const head = await headOf(storage);
  if (head === null) throw new PackError("The store is empty: there is nothing to export.");
  const objects = await read(storage, (await missingObjects(storage, head, [])).objects);
  const { tree_hash } = (await requireObject(storage, "commit", head)).content;
  return packOf(objects, String(now), { commit_head: head, tree_head: tree_hash });
}

/**
 * A compact backup: the head's files without its history. Its commit loses its parents and so no longer matches its
 * hash, as in the original; an importer can grow no older history from it.
 */
export async function compactBackup(plain: ObjectStorage, now: Date): Promise<Pack> {
  const storage = asReplica(plain);
  const head = await headOf(storage);
  if (head === null) throw new PackError("The store is empty: there is nothing to export.");
  const commit = await requireObject(storage, "commit", head);
  const tree = await requireObject(storage, "tree", commit.content.tree_hash);
  const root = { ...commit, content: { ...commit.content, parent_hashes: [] } };
  const others = { commit_head: head, tree_head: tree.hash };
  return packOf([...(await read(storage, namesIn(tree))), root], String(now), others);
}

/**
 * A diff: what leads from one commit to a later one. Holds all commits between them over all parents, and of the files
 * only those that `from` lacks, which original clients accept as well (FORMAT.md 5.5).
 *
 * @throws PackError when `from` is not an ancestor of `to`
 */
export async function diffPack(
  plain: ObjectStorage,
  { from, to }: { readonly from: string; readonly to: string },
  now: Date,
): Promise<Pack> {
  const storage = asReplica(plain);
  if (!(await isAncestor(storage, from, to)))
    throw new PackError("The first commit is not an ancestor of the second.");
  const between = await missingCommits(storage, to, [from]);
  const base = await requireObject(storage, "commit", from);
  const objects = [
    await requireObject(storage, "tree", base.content.tree_hash),
    base,
    ...(await read(storage, (await missingObjects(storage, to, [from])).objects)),
  ];
  const chain = [from, ...between.map((commit) => commit.hash)];
  return packOf(objects, now.toISOString(), { commitChains: JSON.stringify(chain) });
}

async function read(storage: ObjectStorage, names: Iterable<ObjectKey>): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for (const [type, hash] of names) objects.push(await requireObject(storage, type, hash));
  return objects;
}

function packOf(
  objects: readonly StoredObject[],
  timestamp: string,
  others: Readonly<Record<string, string>>,
): Pack {
  const unique = [...new Map(objects.map((o) => [`${o.type} ${o.hash}`, o])).values()];
  return {
    commits: unique.filter((object) => object.type === "commit"),
    trees: unique.filter((object) => object.type === "tree"),
    blobs: unique.filter((object) => object.type === "blob"),
    metadata: unique.filter((object) => object.type === "metadata"),
    header: { version: VERSION, timestamp, others },
  };
}
