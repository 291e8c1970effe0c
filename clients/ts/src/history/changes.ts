import type { TreeEntry } from "../store/objects.ts";
import { sameEntry, type Files } from "./tree-merge.ts";

/** What happened to one file between two trees. */
export interface Change {
  readonly kind: "added" | "edited" | "deleted";
  readonly path: string;
  /** Null for an added file. */
  readonly before: TreeEntry | null;
  /** Null for a deleted file. */
  readonly after: TreeEntry | null;
}

/**
 * The files that differ, in the order of the newer tree, the deleted ones last. Renames are not guessed.
 *
 * @example
 * ```ts
 * const [before, after] = [await treeOf(storage, ours), await treeOf(storage, theirs)];
 * for (const { kind, path } of changesBetween(entriesOf(before), entriesOf(after)))
 *   console.log(kind, path);
 * ```
 */
export function changesBetween(before: Files, after: Files): Change[] {
  const changes: Change[] = [];
  for (const path of new Set([...after.keys(), ...before.keys()])) {
    const old = before.get(path) ?? null;
    const now = after.get(path) ?? null;
    if (sameEntry(old, now)) continue;
    const kind = old === null ? "added" : now === null ? "deleted" : "edited";
    changes.push({ kind, path, before: old, after: now });
  }
  return changes;
}
