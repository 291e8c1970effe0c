import { makeCommit, makeTree } from "../store/create.ts";
import { entriesOf, type CommitObject, type Signature } from "../store/objects.ts";
import { headOf, requireObject, treeOf, type ReplicaStorage } from "../store/storage.ts";
import { mergeBases } from "./ancestry.ts";
import { mergeTrees, type Conflict, type Files, type Resolve } from "./tree-merge.ts";

/** What to do when two histories have no common ancestor, as fresh browsers' have. */
export type UnrelatedPolicy = "refuse" | "merge" | "replace-local";

export interface MergeOptions {
  /** Author and committer of what comes out. */
  readonly merger: Signature;
  readonly resolve?: Resolve;
  readonly unrelated?: UnrelatedPolicy;
}

/** How a merge into the head ends; the store is changed by `fast-forwarded` and `merged` alone. */
export type MergeOutcome =
  | { readonly kind: "up-to-date"; readonly head: string }
  | { readonly kind: "fast-forwarded"; readonly from: string | null; readonly to: string }
  | { readonly kind: "merged"; readonly commit: CommitObject }
  | {
      readonly kind: "conflicted";
      readonly ours: string;
      readonly theirs: string;
      readonly conflicts: readonly Conflict[];
    }
  | { readonly kind: "unrelated"; readonly ours: string; readonly theirs: string }
  /** Somebody moved the head meanwhile: try again. */
  | { readonly kind: "head-moved" };

/**
 * Merges a commit, whose whole history must be in the storage, into the head.
 *
 * @throws BrokenStoreError when it is not
 */
export async function mergeIntoHead(
  storage: ReplicaStorage,
  theirs: string,
  options: MergeOptions,
): Promise<MergeOutcome> {
  const ours = await headOf(storage);
  if (ours === theirs) return { kind: "up-to-date", head: ours };
  if (ours === null) return moveHead(storage, null, theirs);
  const bases = await mergeBases(storage, ours, theirs);
  if (bases.includes(theirs)) return { kind: "up-to-date", head: ours };
  if (bases.includes(ours)) return moveHead(storage, ours, theirs);
  const policy = options.unrelated ?? "refuse";
  if (bases.length === 0 && policy === "refuse") return { kind: "unrelated", ours, theirs };
  if (bases.length === 0 && policy === "replace-local") return moveHead(storage, ours, theirs);
  return mergeCommits(storage, bases, { ours, theirs }, options);
}

async function moveHead(
  storage: ReplicaStorage,
  from: string | null,
  to: string,
): Promise<MergeOutcome> {
  await requireObject(storage, "commit", to);
  const moved = await storage.moveHead(from, to);
  return moved ? { kind: "fast-forwarded", from, to } : { kind: "head-moved" };
}

async function mergeCommits(
  storage: ReplicaStorage,
  bases: readonly string[],
  { ours, theirs }: { readonly ours: string; readonly theirs: string },
  { merger, resolve }: MergeOptions,
): Promise<MergeOutcome> {
  const files = async (commit: string): Promise<Files> => entriesOf(await treeOf(storage, commit));
  const before = await Promise.all(bases.map(files));
  const merge = mergeTrees(before, await files(ours), await files(theirs), resolve);
  if (merge.conflicts.length > 0)
    return { kind: "conflicted", ours, theirs, conflicts: merge.conflicts };
  const tree = await makeTree(merge.files);
  const commit = await makeCommit({
    tree_hash: tree.hash,
    parent_hashes: [ours, theirs],
    author: merger,
    committer: merger,
    message: `Merge ${theirs} into ${ours}`,
  });
  await storage.putAll([tree, commit]);
  return (await storage.moveHead(ours, commit.hash))
    ? { kind: "merged", commit }
    : { kind: "head-moved" };
}
