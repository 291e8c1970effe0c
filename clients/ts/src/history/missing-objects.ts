import { entriesOf, type CommitObject, type ObjectKey, type TreeObject } from "../store/objects.ts";
import { asReplica } from "../store/replica.ts";
import { requireObject, type ObjectStorage } from "../store/storage.ts";
import { missingCommits } from "./ancestry.ts";

/** What a receiver lacks of a commit's history. */
export interface MissingObjects {
  /** Parents before children. */
  readonly commits: readonly CommitObject[];
  /** All names, in an order in which everything follows what it refers to. */
  readonly objects: readonly ObjectKey[];
}

/**
 * Everything reachable from `wanted` and not from `known`, over all parents. Leaves out files that the receiver has in
 * the known commits next to the missing ones; others that it may have are found by asking it.
 *
 * @throws BrokenStoreError when the storage lacks a tree of these commits
 */
export async function missingObjects(
  storage: ObjectStorage,
  wanted: string,
  known: Iterable<string>,
): Promise<MissingObjects> {
  const knownHashes = new Set(known);
  const replica = asReplica(storage);
  const commits = await missingCommits(replica, wanted, knownHashes);
  const missing = new Set(commits.map((commit) => commit.hash));
  const edge = new Set(knownHashes);
  for (const { content } of commits) for (const parent of content.parent_hashes) edge.add(parent);
  const there = new Map<string, ObjectKey>();
  for (const hash of edge) {
    const commit = missing.has(hash) ? null : await replica.getCommit(hash);
    const tree = commit === null ? null : await replica.getTree(commit.content.tree_hash);
    if (tree !== null) addFiles(tree, there);
  }
  const objects = new Map<string, ObjectKey>();
  for (const commit of commits) {
    addFiles(await requireObject(replica, "tree", commit.content.tree_hash), objects);
    objects.set(`commit ${commit.hash}`, ["commit", commit.hash]);
  }
  for (const name of there.keys()) objects.delete(name);
  return { commits, objects: [...objects.values()] };
}

/** Names a tree's files with their metadata, and then the tree itself. */
export function* namesIn(tree: TreeObject): Generator<ObjectKey, void> {
  for (const entry of entriesOf(tree).values()) {
    yield ["blob", entry.blob_hash];
    if (entry.metadata_hash !== "") yield ["metadata", entry.metadata_hash];
  }
  yield ["tree", tree.hash];
}

function addFiles(tree: TreeObject, objects: Map<string, ObjectKey>): void {
  if (objects.has(`tree ${tree.hash}`)) return;
  for (const [type, hash] of namesIn(tree)) objects.set(`${type} ${hash}`, [type, hash]);
}
