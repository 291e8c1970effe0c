import { graft, mergeIntoHead } from "@gitblobs/protocol/history";
import {
  compactBackup,
  diffPack,
  fullBackup,
  importPack,
  PackError,
  readPack,
  writePack,
} from "@gitblobs/protocol/pack";
import { pendingMerge } from "../merge/pending-merge.ts";
import type { Replica } from "../replica/replica.ts";

export type ExportKind =
  | { readonly kind: "full" }
  | { readonly kind: "compact" }
  | { readonly kind: "diff"; readonly from: string };

/** Writes a pack of a store. */
export async function exportBytes(replica: Replica, what: ExportKind): Promise<Uint8Array> {
  const { storage } = replica;
  const now = new Date();
  switch (what.kind) {
    case "full":
      return writePack(await fullBackup(storage, now));
    case "compact":
      return writePack(await compactBackup(storage, now));
    case "diff": {
      const to = replica.head.get();
      if (to === null) throw new PackError("The store is empty: there is nothing to export.");
      return writePack(await diffPack(storage, { from: what.from, to }, now));
    }
  }
}

/** How an import ends. */
export type Imported =
  | { readonly kind: "done"; readonly message: string }
  /** The user has to decide; the conflicts are the pending merge. */
  | { readonly kind: "conflicted" };

/**
 * Takes a pack in and merges it into the head. A compact backup gets a new root: its commit lost its parents, so that
 * it no longer matches its hash and could not be shared.
 */
export async function importBytes(replica: Replica, bytes: Uint8Array): Promise<Imported> {
  const { storage, store } = replica;
  const imported = await importPack(storage, await readPack(bytes));
  const { shallow } = imported;
  const isGrafted = shallow !== undefined && !(await isWhole(replica, imported.commit));
  const theirs = isGrafted ? (await graft(storage, shallow)).hash : imported.commit;
  const unrelated = "merge";
  const outcome = await mergeIntoHead(storage, theirs, { merger: replica.signature(), unrelated });
  const root = isGrafted ? " It was a compact backup: its history begins anew here." : "";
  switch (outcome.kind) {
    case "up-to-date":
      return { kind: "done", message: "Everything in the pack was here already." };
    case "fast-forwarded":
      replica.headMoved(outcome.to);
      return { kind: "done", message: `Imported.${root}` };
    case "merged":
      replica.headMoved(outcome.commit.hash);
      return { kind: "done", message: `Imported and merged.${root}` };
    case "conflicted":
      pendingMerge.set({ store, theirs, unrelated, conflicts: outcome.conflicts });
      return { kind: "conflicted" };
    case "unrelated":
    case "head-moved":
      return importBytes(replica, bytes);
  }
}

/** Whether the store has the commit with its parents: then the trimmed one of the pack is of no use. */
async function isWhole(replica: Replica, commit: string): Promise<boolean> {
  const here = await replica.storage.getCommit(commit);
  return (here?.content.parent_hashes.length ?? 0) > 0;
}
