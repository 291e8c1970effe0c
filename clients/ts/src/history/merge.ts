import { makeCommit, makeTree } from "../store/create.ts";
import { entriesOf, type CommitObject, type Signature } from "../store/objects.ts";
import { asReplica, type ReplicaStorage } from "../store/replica.ts";
import { headOf, requireObject, treeOf, type ObjectStorage } from "../store/storage.ts";
import { mergeBases } from "./ancestry.ts";
import { mergeContents } from "./content-merge.ts";
import { mergeTrees, type Conflict, type Files, type Resolve } from "./tree-merge.ts";

/**
 * What to do when two histories have no common ancestor, as fresh browsers' have: ask, merge them as if there was
 * nothing before, or let the head go to theirs.
 */
export type UnrelatedPolicy = "refuse" | "merge" | "replace-local";

/** How to merge. */
export interface MergeOptions {
  /** Author and committer of what comes out. */
  readonly merger: Signature;
  /** Decides files in conflict; without it, none is decided. */
  readonly resolve?: Resolve;
  /** `refuse` unless told otherwise. */
  readonly unrelated?: UnrelatedPolicy;
  /**
   * Keeps what nobody has decided, so that all else need not wait for it: those files become theirs, ours stay in the
   * history. Called before the head moves, with the commit that has ours; answers whether it is kept. Without it, and
   * where it is not, nothing is merged while a file is undecided.
   */
  readonly leaveOpen?: (conflicts: readonly Conflict[], ours: string) => Promise<boolean>;
}

/** How a merge into the head ends; the store is changed by `fast-forwarded` and `merged` alone. */
export type MergeOutcome =
  | { readonly kind: "up-to-date"; readonly head: string }
  | { readonly kind: "fast-forwarded"; readonly from: string | null; readonly to: string }
  /** `open` names the files that were left to be decided later. */
  | {
      readonly kind: "merged";
      readonly commit: CommitObject;
      readonly open: readonly Conflict[];
    }
  /** Names every file in conflict, also those that were decided: all of them have to be, in one merge. */
  | {
      readonly kind: "conflicted";
      readonly ours: string;
      readonly theirs: string;
      readonly conflicts: readonly Conflict[];
    }
  | { readonly kind: "unrelated"; readonly ours: string; readonly theirs: string };

/**
 * Merges a commit, whose whole history must be in the storage, into the head; begins anew when somebody moves the head
 * meanwhile, so that the outcome is about the head as it stands.
 *
 * @throws BrokenStoreError when the history is not whole
 *
 * @example
 * ```ts
 * const outcome = await mergeIntoHead(storage, theirs, { merger: me() });
 * if (outcome.kind === "conflicted") console.log(outcome.conflicts.map(({ path }) => path));
 * ```
 */
export async function mergeIntoHead(
  storage: ObjectStorage,
  theirs: string,
  options: MergeOptions,
): Promise<MergeOutcome> {
  const replica = asReplica(storage);
  for (;;) {
    const outcome = await mergeOnce(replica, theirs, options);
    if (outcome !== HEAD_MOVED) return outcome;
  }
}

/** Somebody moved the head meanwhile. */
const HEAD_MOVED = Symbol("the head moved");
type Attempt = Promise<MergeOutcome | typeof HEAD_MOVED>;

async function mergeOnce(storage: ReplicaStorage, theirs: string, options: MergeOptions): Attempt {
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

async function moveHead(storage: ReplicaStorage, from: string | null, to: string): Attempt {
  await requireObject(storage, "commit", to);
  const moved = await storage.moveHead(from, to);
  return moved ? { kind: "fast-forwarded", from, to } : HEAD_MOVED;
}

async function mergeCommits(
  storage: ReplicaStorage,
  bases: readonly string[],
  { ours, theirs }: { readonly ours: string; readonly theirs: string },
  { merger, resolve, leaveOpen }: MergeOptions,
): Attempt {
  const files = async (commit: string): Promise<Files> => entriesOf(await treeOf(storage, commit));
  const before = await Promise.all(bases.map(files));
  const [left, right] = [await files(ours), await files(theirs)];
  const found = mergeTrees(before, left, right).conflicts;
  const { decided, blobs, conflicts, open } = await mergeContents(storage, found, resolve);
  const isLeft = open.length === 0 || ((await leaveOpen?.(open, ours)) ?? false);
  if (!isLeft) return { kind: "conflicted", ours, theirs, conflicts };
  const merge = mergeTrees(before, left, right, ({ path, theirs: their }) => {
    const decision = decided.get(path);
    return decision === undefined ? their : decision;
  });
  const tree = await makeTree(merge.files);
  const commit = await makeCommit({
    tree_hash: tree.hash,
    parent_hashes: [ours, theirs],
    author: merger,
    committer: merger,
    message: `Merge ${theirs} into ${ours}`,
  });
  await storage.putAll([...blobs, tree, commit]);
  return (await storage.moveHead(ours, commit.hash))
    ? { kind: "merged", commit, open }
    : HEAD_MOVED;
}
