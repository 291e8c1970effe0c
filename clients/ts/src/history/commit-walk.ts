import type { CommitObject } from "../store/objects.ts";
import type { ObjectStorage } from "../store/storage.ts";

interface Pending {
  readonly commit: CommitObject;
  /** Never newer than the child it was found from, so that clocks cannot put a parent first. */
  readonly rank: string;
  readonly found: number;
}

/**
 * All commits reachable over all parents, newest first, each once; a commit comes after the child it was found from
 * even where clocks were wrong. Reads as it goes: the first hundred of a long history cost a hundred reads. Commits
 * that are not in the storage are left out.
 *
 * @example
 * ```ts
 * for await (const { hash, content } of walkCommits(storage, [theirs]))
 *   console.log(hash, content.message);
 * ```
 */
export async function* walkCommits(
  storage: Pick<ObjectStorage, "getCommit">,
  starts: Iterable<string>,
): AsyncGenerator<CommitObject, void> {
  const seen = new Set<string>();
  const queue: Pending[] = [];
  const enqueue = async (hash: string, childRank?: string) => {
    if (seen.has(hash)) return;
    seen.add(hash);
    const commit = await storage.getCommit(hash);
    if (commit === null) return;
    const own = commit.content.committer.timestamp;
    const rank = childRank !== undefined && childRank < own ? childRank : own;
    insert(queue, { commit, rank, found: seen.size });
  };
  for (const hash of starts) await enqueue(hash);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    yield next.commit;
    for (const parent of next.commit.content.parent_hashes) await enqueue(parent, next.rank);
  }
}

/** Keeps the queue sorted; it is as long as the history is wide, which is short. */
function insert(queue: Pending[], pending: Pending): void {
  const after = queue.findIndex(
    (other) =>
      other.rank < pending.rank || (other.rank === pending.rank && other.found > pending.found),
  );
  queue.splice(after === -1 ? queue.length : after, 0, pending);
}
