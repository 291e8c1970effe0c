import type { ObjectStorage } from "../store/storage.ts";
import { isIntact } from "../store/wire.ts";

/**
 * Whether a commit is in the storage as it was hashed. A commit that a compact backup cut off from its parents is not:
 * its history ends there only as far as this storage knows.
 */
export async function hasWholeCommit(
  storage: Pick<ObjectStorage, "getCommit">,
  hash: string,
): Promise<boolean> {
  const commit = await storage.getCommit(hash);
  if (commit === null) return false;
  return commit.content.parent_hashes.length > 0 || isIntact(commit);
}
