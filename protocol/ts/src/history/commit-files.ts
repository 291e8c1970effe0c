import { makeCommit, makeTree } from "../store/create.ts";
import { entriesOf, type CommitObject, type Signature, type TreeEntry } from "../store/objects.ts";
import { headOf, treeOf, type ReplicaStorage } from "../store/storage.ts";

/** Changes a tree's files in place. Throw to commit nothing. */
export type Edit = (files: Map<string, TreeEntry>) => void;

/**
 * Commits a change of the head's files; the blobs of new entries must be in the storage already. When somebody moves
 * the head meanwhile, the edit is made again on the new head.
 */
export async function commitFiles(
  storage: ReplicaStorage,
  author: Signature,
  message: string,
  edit: Edit,
): Promise<CommitObject> {
  for (;;) {
    const head = await headOf(storage);
    const files =
      head === null ? new Map<string, TreeEntry>() : entriesOf(await treeOf(storage, head));
    edit(files);
    const tree = await makeTree(files);
    const commit = await makeCommit({
      tree_hash: tree.hash,
      parent_hashes: head === null ? [] : [head],
      author,
      committer: author,
      message,
    });
    await storage.putAll([tree, commit]);
    if (await storage.moveHead(head, commit.hash)) return commit;
  }
}

/**
 * Gives a commit that has lost its parents (the shallow root of a compact backup) a twin that matches its hash, so
 * that it can be pushed. The head moves to it when it stood at the old one.
 */
export async function graft(storage: ReplicaStorage, shallow: CommitObject): Promise<CommitObject> {
  const twin = await makeCommit({ ...shallow.content, parent_hashes: [] });
  await storage.putAll([twin]);
  await storage.moveHead(shallow.hash, twin.hash);
  return twin;
}
