import { makeCommit, makeTree } from "../store/create.ts";
import {
  entriesOf,
  isHash,
  isTreeEntry,
  type CommitObject,
  type Signature,
  type TreeEntry,
} from "../store/objects.ts";
import { asReplica, type ReplicaStorage } from "../store/replica.ts";
import { headOf, treeOf, type ObjectStorage } from "../store/storage.ts";
import { mergeContents } from "./content-merge.ts";
import { sameEntry, type Conflict, type Files, type Resolve } from "./tree-merge.ts";

/** A file whose conflict was left open: what it was on this side, and on what base. Their version is the head's. */
export interface UndecidedFile {
  readonly path: string;
  readonly base: TreeEntry | null;
  readonly ours: TreeEntry | null;
  /** The commit that has ours. */
  readonly commit: string;
  /** The device that made the other version, where that is known. */
  readonly device?: string;
}

/** Reads such files as they were kept by a program; whatever has not their form counts as none. */
export const readUndecided = (value: unknown): readonly UndecidedFile[] =>
  Array.isArray(value) && value.every(isUndecided) ? value : [];

function isUndecided(value: unknown): value is UndecidedFile {
  if (typeof value !== "object" || value === null) return false;
  const { path, base, ours, commit, device } = value as Partial<Record<string, unknown>>;
  const isSide = (side: unknown) => side === null || isTreeEntry(side);
  const isNamed = device === undefined || typeof device === "string";
  return typeof path === "string" && isSide(base) && isSide(ours) && isHash(commit) && isNamed;
}

/** What is still asked of files that were left undecided, with the head's versions as theirs. */
export async function conflictsOf(
  storage: ObjectStorage,
  undecided: readonly UndecidedFile[],
): Promise<Conflict[]> {
  const head = undecided.length === 0 ? null : await headOf(storage);
  return head === null ? [] : conflictsWith(undecided, entriesOf(await treeOf(storage, head)));
}

const conflictsWith = (undecided: readonly UndecidedFile[], files: Files): Conflict[] =>
  undecided
    .map((file) => asConflict(file, files))
    .filter(({ ours, theirs }) => !sameEntry(ours, theirs));

/** What a settling came to. */
export interface Settled {
  /** The commit that holds what was decided; undefined where nothing had to change. */
  readonly commit?: CommitObject;
  readonly open: readonly Conflict[];
  /** What has to be kept on. */
  readonly undecided: readonly UndecidedFile[];
}

/** What to keep of conflicts that a merge left open. */
export const undecidedFiles = (
  conflicts: readonly Conflict[],
  commit: string,
): readonly UndecidedFile[] =>
  conflicts.map(({ path, base, ours, device }) => ({
    ...{ path, base, ours, commit },
    ...(device === undefined ? {} : { device }),
  }));

/**
 * Settles files that were left undecided, as far as that is possible now: those that were decided, those that the head has
 * as this side had them, and those that merge by lines with what the head has by now. One commit on the head holds all
 * of them.
 *
 * @throws BrokenStoreError when the storage lacks the head's files
 */
export async function settleUndecided(
  storage: ObjectStorage,
  undecided: readonly UndecidedFile[],
  author: Signature,
  resolve?: Resolve,
): Promise<Settled> {
  const replica = asReplica(storage);
  for (;;) {
    const settled = await settleOnce(replica, undecided, author, resolve);
    if (settled !== undefined) return settled;
  }
}

async function settleOnce(
  storage: ReplicaStorage,
  undecided: readonly UndecidedFile[],
  author: Signature,
  resolve: Resolve | undefined,
): Promise<Settled | undefined> {
  const head = await headOf(storage);
  if (head === null || undecided.length === 0) return { open: [], undecided: [] };
  const before: Files = entriesOf(await treeOf(storage, head));
  const found = conflictsWith(undecided, before);
  const { decided, blobs, open } = await mergeContents(storage, found, resolve);
  const rest = {
    open,
    undecided: undecided.filter(({ path }) => open.some((conflict) => conflict.path === path)),
  };
  const files = new Map(before);
  for (const [path, entry] of decided) {
    if (entry === null) files.delete(path);
    else files.set(path, entry);
  }
  const tree = await makeTree(files);
  const paths = [...decided.keys()].filter(
    (path) => !sameEntry(files.get(path) ?? null, before.get(path) ?? null),
  );
  if (paths.length === 0) return rest;
  const commit = await makeCommit({
    ...{ tree_hash: tree.hash, parent_hashes: [head], author, committer: author },
    message: `Decide ${paths.length === 1 ? (paths[0] ?? "") : `${paths.length} files`}`,
  });
  await storage.putAll([...blobs, tree, commit]);
  return (await storage.moveHead(head, commit.hash)) ? { ...rest, commit } : undefined;
}

function asConflict({ path, base, ours, device }: UndecidedFile, files: Files): Conflict {
  const theirs = files.get(path) ?? null;
  return { path, base, ours, theirs, ...(device === undefined ? {} : { device }) };
}
