import { mergeFile } from "../merge/file-merge.ts";
import { makeBlob, makeEntry } from "../store/create.ts";
import type { BlobObject, TreeEntry } from "../store/objects.ts";
import type { ObjectStorage } from "../store/storage.ts";
import type { Conflict, Resolve } from "./tree-merge.ts";

/** What becomes of the files that both sides changed. */
export interface ContentMerge {
  /** Path to entry, null where the file goes: those that merged by lines, and those that were decided. */
  readonly decided: ReadonlyMap<string, TreeEntry | null>;
  /** What has to be stored for them. */
  readonly blobs: readonly BlobObject[];
  /** Whatever only a person can decide, be it decided or not. */
  readonly conflicts: readonly Conflict[];
  /** Those of them that nobody has decided. */
  readonly open: readonly Conflict[];
}

/**
 * Looks into files that a merge of trees could not decide: texts are merged by lines, and only what is left is asked. A
 * file whose content is not in the storage is asked about, too.
 */
export async function mergeContents(
  storage: ObjectStorage,
  found: readonly Conflict[],
  resolve: Resolve = () => undefined,
): Promise<ContentMerge> {
  const decided = new Map<string, TreeEntry | null>();
  const [blobs, conflicts, open]: [BlobObject[], Conflict[], Conflict[]] = [[], [], []];
  for (const each of found) {
    const inside = await mergeInside(storage, each);
    if (inside.blob !== undefined) {
      blobs.push(inside.blob);
      decided.set(each.path, makeEntry(inside.blob.hash, each.ours?.metadata_hash));
      continue;
    }
    const { conflict } = inside;
    conflicts.push(conflict);
    const decision = resolve(conflict);
    if (decision === undefined) open.push(conflict);
    else decided.set(each.path, decision);
  }
  return { decided, blobs, conflicts, open };
}

type Inside =
  | { readonly blob: BlobObject; readonly conflict?: undefined }
  | { readonly blob?: undefined; readonly conflict: Conflict };

async function mergeInside(storage: ObjectStorage, conflict: Conflict): Promise<Inside> {
  const { base, ours, theirs } = conflict;
  if (ours === null || theirs === null) return { conflict: { ...conflict, why: "deleted" } };
  if (base === null) return { conflict: { ...conflict, why: "added" } };
  if (ours.metadata_hash !== theirs.metadata_hash)
    return { conflict: { ...conflict, why: "metadata" } };
  const [before, left, right] = await Promise.all(
    [base, ours, theirs].map(async ({ blob_hash }) => (await storage.getBlob(blob_hash))?.content),
  );
  // What is damaged or missing here is no reason to stop the rest.
  if (before === undefined || left === undefined || right === undefined) return { conflict };
  const merge = mergeFile(before.data, left.data, right.data);
  if (merge.kind === "conflict") return { conflict: { ...conflict, why: merge.why } };
  return { blob: await makeBlob(merge.bytes ?? new Uint8Array()) };
}
