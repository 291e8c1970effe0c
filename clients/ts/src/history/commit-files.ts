import { makeCommit, makeTree } from "../store/create.ts";
import { entriesOf, type CommitObject, type Signature, type TreeEntry } from "../store/objects.ts";
import { asReplica } from "../store/replica.ts";
import { headOf, treeOf, type ObjectStorage } from "../store/storage.ts";

/** Changes a tree's files in place. Throw to commit nothing. */
export type Edit = (files: Map<string, TreeEntry>) => void;

/**
 * Commits a change of the head's files; the blobs of new entries must be in the storage already. When somebody moves
 * the head meanwhile, the edit is made again on the new head.
 *
 * @example
 * ```ts
 * const blob = await makeBlob(new TextEncoder().encode("hello"));
 * await storage.putBlob(blob);
 * await commitFiles(storage, me(), "add hello.txt", (files) => {
 *   files.set("hello.txt", makeEntry(blob.hash));
 * });
 * ```
 */
export async function commitFiles(
  storage: ObjectStorage,
  author: Signature,
  message: string,
  edit: Edit,
): Promise<CommitObject> {
  const replica = asReplica(storage);
  for (;;) {
    const head = await headOf(replica);
    const files =
      head === null ? new Map<string, TreeEntry>() : entriesOf(await treeOf(replica, head));
    edit(files);
    const tree = await makeTree(files);
    const commit = await makeCommit({
      tree_hash: tree.hash,
      parent_hashes: head === null ? [] : [head],
      author,
      committer: author,
      message,
    });
    await replica.putAll([tree, commit]);
    if (await replica.moveHead(head, commit.hash)) return commit;
  }
}

/**
 * Gives a commit that has lost its parents (the shallow root of a compact backup) a twin that matches its hash, so
 * that it can be pushed. The head moves to it when it stood at the old one.
 */
export async function graft(storage: ObjectStorage, shallow: CommitObject): Promise<CommitObject> {
  const twin = await rootTwin(shallow);
  const replica = asReplica(storage);
  await replica.putAll([twin]);
  await replica.moveHead(shallow.hash, twin.hash);
  return twin;
}

/** The commit as the first of a history of its own: the same files, author and message, and the hash that fits. */
export function rootTwin(commit: CommitObject): Promise<CommitObject> {
  return makeCommit({ ...commit.content, parent_hashes: [] });
}
