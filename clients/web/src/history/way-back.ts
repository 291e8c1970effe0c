import { restoreFile, revertCommit } from "@gitblobs/client/history";
import type { CommitObject, TreeEntry } from "@gitblobs/client/store";
import type { Replica } from "../replica/replica.ts";
import { plural, shownName } from "../ui/format.ts";
import { announce } from "../ui/toast.tsx";

/** Makes a version of a file, null for none, the present one. */
export async function restore(
  replica: Replica,
  path: string,
  entry: TreeEntry | null,
): Promise<void> {
  const name = shownName(path);
  const commit = await restoreFile(replica.storage, replica.signature(), path, entry);
  if (commit === undefined) {
    announce(`${name} is so already.`);
    return;
  }
  replica.headMoved(commit.hash);
  announce(`${name} was restored.`, undoOf(replica, commit));
}

/**
 * Takes back what a commit changed; what came since stays.
 *
 * @throws Error for the user where the same places were changed since; nothing was done
 */
export async function revert(replica: Replica, commit: string, parent = 0): Promise<void> {
  const author = replica.signature();
  const outcome = await revertCommit(replica.storage, commit, { author, parent });
  switch (outcome.kind) {
    case "nothing":
      announce("Nothing of this change is there any more.");
      break;
    case "conflicted": {
      const [first] = outcome.conflicts;
      const which =
        outcome.conflicts.length === 1
          ? shownName(first?.path ?? "")
          : plural(outcome.conflicts.length, "file");
      throw new Error(
        `Not taken back: ${which} changed since in the same places. Restore an earlier version instead.`,
      );
    }
    case "reverted":
      replica.headMoved(outcome.commit.hash);
      announce("Taken back.", undoOf(replica, outcome.commit));
      break;
  }
}

/** What the Undo of an announcement does. */
export const undoOf =
  (replica: Replica, { hash }: CommitObject) =>
  (): Promise<void> =>
    revert(replica, hash);
