import { mergeIntoHead } from "@gitblobs/client/history";
import {
  compactBackup,
  diffPack,
  fullBackup,
  importPack,
  PackError,
  readPack,
  writePack,
  type Pack,
} from "@gitblobs/client/pack";
import { pendingMerge } from "../merge/pending-merge.ts";
import type { Replica } from "../replica/replica.ts";
import type { ReportWork } from "../ui/work.tsx";

export type ExportKind =
  | { readonly kind: "full" }
  | { readonly kind: "compact" }
  | { readonly kind: "diff"; readonly from: string };

/** Writes a pack of a store. */
export async function exportBytes(
  replica: Replica,
  what: ExportKind,
  report: ReportWork,
): Promise<Uint8Array> {
  report("Collecting what goes into the pack");
  const pack = await collect(replica, what);
  report("Writing the pack");
  return writePack(pack);
}

async function collect({ storage, head }: Replica, what: ExportKind): Promise<Pack> {
  const now = new Date();
  switch (what.kind) {
    case "full":
      return fullBackup(storage, now);
    case "compact":
      return compactBackup(storage, now);
    case "diff": {
      const to = head.get();
      if (to === null) throw new PackError("The store is empty: there is nothing to export.");
      return diffPack(storage, { from: what.from, to }, now);
    }
  }
}

/** How an import ends. */
export type Imported =
  | { readonly kind: "done"; readonly message: string }
  /** The user has to decide; the conflicts are the pending merge. */
  | { readonly kind: "conflicted" };

/** Takes a pack file in and merges it into the head. */
export async function importBytes(
  replica: Replica,
  bytes: Uint8Array,
  report: ReportWork,
): Promise<Imported> {
  report("Reading the pack");
  return takePack(replica, await readPack(bytes), report);
}

/**
 * Takes a pack in and merges it into the head. A compact backup gets a new root: its commit lost its parents, so that
 * it no longer matches its hash and could not be shared.
 *
 * @throws PackError when the pack is damaged or incomplete; nothing was taken
 */
export async function takePack(
  replica: Replica,
  pack: Pack,
  report: ReportWork,
): Promise<Imported> {
  const { storage, store } = replica;
  report("Checking and storing the pack");
  const { commit: theirs, graftedFrom } = await importPack(storage, pack);
  const isGrafted = graftedFrom !== undefined;
  report("Merging the pack");
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
      throw new PackError("The pack has nothing in common with this store.");
  }
}
