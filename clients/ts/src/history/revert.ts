import { makeCommit, makeTree } from "../store/create.ts";
import { entriesOf, type CommitObject, type Signature, type TreeEntry } from "../store/objects.ts";
import { asReplica, type ReplicaStorage } from "../store/replica.ts";
import {
  BrokenStoreError,
  headOf,
  requireObject,
  treeOf,
  type ObjectStorage,
} from "../store/storage.ts";
import { commitFiles } from "./commit-files.ts";
import { mergeContents } from "./content-merge.ts";
import { mergeTrees, sameEntry, type Conflict, type Files, type Resolve } from "./tree-merge.ts";

/** How taking a change back ends; the store is changed by `reverted` alone. */
export type RevertOutcome =
  | { readonly kind: "reverted"; readonly commit: CommitObject }
  /** Nothing of the change is in the head any more. */
  | { readonly kind: "nothing" }
  /** These files were changed since in the same places; theirs is what they would go back to. */
  | { readonly kind: "conflicted"; readonly conflicts: readonly Conflict[] };

/** How to take a change back. */
export interface RevertOptions {
  /** Author and committer of what comes out. */
  readonly author: Signature;
  /** Of a merge: which of its parents it is compared with; the first, unless told otherwise. */
  readonly parent?: number;
  /** Decides files in conflict; without it, none is decided. */
  readonly resolve?: Resolve;
}

/**
 * Takes back what a commit changed, by a new commit on the head: what came since stays, merged by lines where it is text.
 * Nothing that is in the history is rewritten.
 *
 * @throws BrokenStoreError when the commit, or what it is compared with, is not in the storage
 *
 * @example
 * ```ts
 * const outcome = await revertCommit(storage, theirs, { author: me() });
 * if (outcome.kind === "conflicted") console.log(outcome.conflicts.map(({ path }) => path));
 * ```
 */
export async function revertCommit(
  storage: ObjectStorage,
  commit: string,
  options: RevertOptions,
): Promise<RevertOutcome> {
  const { content } = await requireObject(asReplica(storage), "commit", commit);
  const parent = content.parent_hashes[options.parent ?? 0] ?? null;
  const [title = ""] = content.message.split("\n");
  return takeBack(storage, { from: parent, to: commit }, `Revert ${title}`, options);
}

/**
 * Makes one version of a file, null for none, the head's.
 *
 * @returns the commit; undefined where the file is so already
 *
 * @example
 * ```ts
 * for await (const { entry } of fileHistory(storage, "plan.txt", ours))
 *   if (entry !== null) await restoreFile(storage, me(), "plan.txt", entry);
 * ```
 */
export async function restoreFile(
  storage: ObjectStorage,
  author: Signature,
  path: string,
  entry: TreeEntry | null,
): Promise<CommitObject | undefined> {
  const replica = asReplica(storage);
  if (entry !== null && !(await replica.has("blob", entry.blob_hash)))
    throw new BrokenStoreError(`the content of that version of ${path} is not in the store`);
  const head = await headOf(replica);
  const files: Files = head === null ? new Map() : entriesOf(await treeOf(replica, head));
  if (sameEntry(files.get(path) ?? null, entry)) return undefined;
  return commitFiles(replica, author, `restore file: ${path}`, (now) => {
    if (entry === null) now.delete(path);
    else now.set(path, entry);
  });
}

/** Takes back what lies between two commits, null for none before. */
export async function takeBack(
  storage: ObjectStorage,
  step: { readonly from: string | null; readonly to: string },
  message: string,
  options: RevertOptions,
): Promise<RevertOutcome> {
  const replica = asReplica(storage);
  for (;;) {
    const outcome = await tryOnce(replica, step, message, options);
    if (outcome !== undefined) return outcome;
  }
}

async function tryOnce(
  storage: ReplicaStorage,
  { from, to }: { readonly from: string | null; readonly to: string },
  message: string,
  { author, resolve }: RevertOptions,
): Promise<RevertOutcome | undefined> {
  const filesOf = async (commit: string | null): Promise<Files> =>
    commit === null ? new Map<string, TreeEntry>() : entriesOf(await treeOf(storage, commit));
  const head = await headOf(storage);
  const [after, now, before] = [await filesOf(to), await filesOf(head), await filesOf(from)];
  const found = mergeTrees([after], now, before).conflicts;
  const { decided, blobs, conflicts, open } = await mergeContents(storage, found, resolve);
  if (open.length > 0) return { kind: "conflicted", conflicts };
  const { files } = mergeTrees([after], now, before, ({ path }) => decided.get(path));
  const tree = await makeTree(files);
  if (head === null || tree.hash === (await treeOf(storage, head)).hash) return { kind: "nothing" };
  const commit = await makeCommit({
    ...{ tree_hash: tree.hash, parent_hashes: [head], author, committer: author, message },
  });
  await storage.putAll([...blobs, tree, commit]);
  return (await storage.moveHead(head, commit.hash)) ? { kind: "reverted", commit } : undefined;
}
