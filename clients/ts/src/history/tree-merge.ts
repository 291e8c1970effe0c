import type { ConflictKind } from "../merge/file-merge.ts";
import type { TreeEntry } from "../store/objects.ts";

/** Path to entry, in tree order. */
export type Files = ReadonlyMap<string, TreeEntry>;

/** A file that both sides changed, each in its own way; null where a side does not have it. Only a person can decide. */
export interface Conflict {
  readonly path: string;
  /** The common ancestor's file; null when it had none, or the ancestors disagree. */
  readonly base: TreeEntry | null;
  /** The file as the head has it. */
  readonly ours: TreeEntry | null;
  /** The file as the merged commit has it. */
  readonly theirs: TreeEntry | null;
  /** Why it cannot be merged, where its content was looked into: the same lines, two files, no text, other metadata. */
  readonly why?: ConflictKind | "metadata";
  /** The device that made their version, where that is known. */
  readonly device?: string;
}

/** What becomes of a file in conflict: an entry, null to delete it, undefined while it is undecided. */
export type Resolve = (conflict: Conflict) => TreeEntry | null | undefined;

/** What a merge of trees comes to. */
export interface TreeMerge {
  /** The merged files, without those in conflict. */
  readonly files: Files;
  /** The files that nobody has decided. */
  readonly conflicts: readonly Conflict[];
}

/** Whether two entries stand for the same file: metadata counts like content. */
export function sameEntry(a: TreeEntry | null, b: TreeEntry | null): boolean {
  if (a === null || b === null) return a === b;
  return a.blob_hash === b.blob_hash && a.metadata_hash === b.metadata_hash;
}

/**
 * Three trees made one, by the right-hand column of FORMAT.md 9.6: a change on one side is taken, the same change on
 * both is taken once, different changes to one file are a conflict. With several bases (criss-cross) a file is decided
 * only where all of them say the same; with none, every file counts as added.
 */
export function mergeTrees(
  bases: readonly Files[],
  ours: Files,
  theirs: Files,
  resolve: Resolve = () => undefined,
): TreeMerge {
  const files = new Map<string, TreeEntry>();
  const conflicts: Conflict[] = [];
  const paths = new Set([...bases.flatMap((b) => [...b.keys()]), ...ours.keys(), ...theirs.keys()]);
  for (const path of paths) {
    const before = bases.length === 0 ? [null] : bases.map((base) => base.get(path) ?? null);
    const left = ours.get(path) ?? null;
    const right = theirs.get(path) ?? null;
    const conflict = { path, base: common(before), ours: left, theirs: right };
    let decision = decide(before, left, right);
    if (decision === undefined) decision = resolve(conflict);
    if (decision === undefined) conflicts.push(conflict);
    else if (decision !== null) files.set(path, decision);
  }
  return { files, conflicts };
}

function decide(
  bases: readonly (TreeEntry | null)[],
  ours: TreeEntry | null,
  theirs: TreeEntry | null,
): TreeEntry | null | undefined {
  if (sameEntry(ours, theirs)) return ours;
  if (bases.every((base) => sameEntry(base, ours))) return theirs;
  if (bases.every((base) => sameEntry(base, theirs))) return ours;
  return undefined;
}

function common(bases: readonly (TreeEntry | null)[]): TreeEntry | null {
  const first = bases[0] ?? null;
  return bases.every((base) => sameEntry(base, first)) ? first : null;
}
