import { mergedText, mergeFile, mergeText, type MergePart } from "@gitblobs/client/history";
import {
  entriesOf,
  headOf,
  makeBlob,
  makeEntry,
  treeOf,
  type CommitObject,
  type ObjectStorage,
  type TreeEntry,
} from "@gitblobs/client/store";
import type { Replica } from "../replica/replica.ts";
import type { Draft } from "./drafts.ts";
import { withLineEnds } from "./line-ends.ts";

/** How saving a draft ends. */
export type SaveOutcome =
  /** The file has this text now, which may hold more than was typed. */
  | {
      readonly kind: "saved";
      readonly text: string;
      readonly blob: string;
      readonly merged: boolean;
      /** Undefined where the file had this text already. */
      readonly commit: CommitObject | undefined;
    }
  /** The file was changed meanwhile in the same places: nothing was saved. */
  | { readonly kind: "asks"; readonly theirs: string; readonly parts: readonly MergePart[] };

const UTF8 = new TextEncoder();
const LOSSY = new TextDecoder("utf-8", { ignoreBOM: true });

/** The file was changed while it was being saved. */
class ChangedMeanwhile extends Error {}

/**
 * Saves a draft into the file as it is now: what another tab or device changed since the draft began stays, merged by lines.
 * Nothing is overwritten: where both changed the same lines, the user is asked.
 */
export async function saveDraft(replica: Replica, draft: Draft): Promise<SaveOutcome> {
  for (;;) {
    try {
      return await trySave(replica, draft);
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error;
    }
  }
}

async function trySave(replica: Replica, draft: Draft): Promise<SaveOutcome> {
  const { path } = draft;
  const text = withLineEnds(draft.original, draft.text);
  const entry = await entryOf(replica.storage, path);
  const isSame = entry === null || entry.blob_hash === draft.base;
  const merge = isSame
    ? { kind: "merged" as const, bytes: UTF8.encode(text) }
    : mergeFile(
        await contentOf(replica.storage, draft.base),
        UTF8.encode(text),
        await contentOf(replica.storage, entry.blob_hash),
      );
  if (merge.kind === "conflict") {
    const theirs = entry?.blob_hash ?? "";
    if (merge.why === "lines") return { kind: "asks", theirs, parts: merge.parts };
    const now = LOSSY.decode((await contentOf(replica.storage, theirs)) ?? new Uint8Array());
    return {
      kind: "asks",
      theirs,
      parts: [{ kind: "overlap", base: "", ours: text, theirs: now }],
    };
  }
  const bytes = merge.bytes ?? new Uint8Array();
  const { hash: blob } = await makeBlob(bytes);
  const isThere = blob === entry?.blob_hash;
  const commit = isThere ? undefined : await commitBytes(replica, path, entry, bytes);
  const saved = LOSSY.decode(bytes);
  return { kind: "saved", text: saved, blob, merged: saved !== text, commit };
}

async function commitBytes(
  replica: Replica,
  path: string,
  before: TreeEntry | null,
  bytes: Uint8Array,
): Promise<CommitObject> {
  const hash = await replica.putBytes(bytes);
  return replica.commit(`update file: ${path}`, (tree) => {
    const now = tree.get(path);
    if (now?.blob_hash !== before?.blob_hash) throw new ChangedMeanwhile();
    tree.set(path, makeEntry(hash, now?.metadata_hash ?? ""));
  });
}

/** The file as the head has it now; null where it has none. */
export async function entryOf(storage: ObjectStorage, path: string): Promise<TreeEntry | null> {
  const head = await headOf(storage);
  return head === null ? null : (entriesOf(await treeOf(storage, head)).get(path) ?? null);
}

const contentOf = async (storage: ObjectStorage, hash: string): Promise<Uint8Array | null> =>
  (await storage.getBlob(hash))?.content.data ?? null;

/** The draft once it was saved: what was typed while it was being saved stays typed. */
export function afterSave(
  now: Draft,
  saved: Draft,
  { text, blob }: { readonly text: string; readonly blob: string },
): Draft {
  const typed = now.text === saved.text ? text : bothOf(saved.text, now.text, text);
  return { ...now, base: blob, original: text, text: typed };
}

/** Both changes of one text; where they touch, one behind the other, so that nothing typed is lost. */
export function bothOf(base: string, ours: string, theirs: string): string {
  const [before, left, right] = [plain(base), plain(ours), plain(theirs)];
  const { parts } = mergeText(before, left, right);
  return mergedText(
    parts.map((part) =>
      part.kind === "merged" ? part : { kind: "merged", text: lined(part.theirs) + part.ours },
    ),
  );
}

/** Editors know one line end. */
const plain = (text: string) => text.replaceAll(/\r\n?/gu, "\n");
const lined = (text: string) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
