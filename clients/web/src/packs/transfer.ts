import { mergeIntoHead } from "@gitblobs/protocol/history";
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
  const { commit: theirs, graftedFrom } = await importPack(storage, await readPack(bytes));
  const unrelated = "merge";
  const outcome = await mergeIntoHead(storage, theirs, { merger: replica.signature(), unrelated });
  const isGrafted = graftedFrom !== undefined;
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
      throw new PackError("The pack has nothing in common with this store.");
  }
}
