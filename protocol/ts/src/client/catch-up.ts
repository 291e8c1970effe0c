import type { Key } from "../fields.ts";
import { namesIn } from "../history/missing-objects.ts";
import { hasWholeCommit } from "../history/whole-commit.ts";
import type { CommitObject, StoredObject } from "../store/objects.ts";
import type { ReplicaStorage } from "../store/replica.ts";
import type { Connection } from "./connection.ts";
import { fetchAfter, getObjects, type Receive } from "./download.ts";

/** How many objects have arrived. */
export type Arrived = (objects: number) => void;

/** Whether a commit is here with all it refers to, or which objects the relay no longer has. */
export type CaughtUp =
  { readonly kind: "whole" } | { readonly kind: "gone"; readonly keys: readonly Key[] };

const WHOLE = { kind: "whole" } as const;

/**
 * Brings a commit and everything it refers to into the storage. Commits are held back until all else is there, and
 * written parents first: a whole commit in the storage always stands for its whole history. One that a compact backup
 * cut off from its parents is replaced by the whole one.
 *
 * @param after the last event whose objects are here, for the way of one round trip; without it, what is missing is
 * found by following references
 * @throws RequestRefused, ConnectionClosed
 */
export async function catchUp(
  connection: Connection,
  storage: ReplicaStorage,
  commit: string,
  after: number | undefined,
  onArrived: Arrived,
): Promise<CaughtUp> {
  if (await hasWholeCommit(storage, commit)) return WHOLE;
  const staged = new Map<string, CommitObject>();
  const present = new Set<string>();
  let arrived = 0;
  const receive: Receive = async (objects) => {
    const files: StoredObject[] = [];
    for (const object of objects) {
      if (object.type === "commit") staged.set(object.hash, object);
      else files.push(object);
    }
    if (files.length > 0) await storage.putAll(files);
    for (const { type, hash } of objects) present.add(`${type} ${hash}`);
    arrived += objects.length;
    onArrived(arrived);
  };
  if (after !== undefined) await fetchAfter(connection, after, receive);
  for (;;) {
    const { commits, missing } = await survey(storage, commit, staged, present);
    if (missing.length === 0) {
      await storage.putAll(commits);
      return WHOLE;
    }
    const { gone } = await getObjects(connection, missing, receive);
    if (gone.length > 0) return { kind: "gone", keys: gone };
  }
}

/** The staged commits that lead to the tip, parents first, and what is missing for them to be whole. */
async function survey(
  storage: ReplicaStorage,
  tip: string,
  staged: ReadonlyMap<string, CommitObject>,
  present: Set<string>,
): Promise<{ commits: CommitObject[]; missing: Key[] }> {
  const missing = new Map<string, Key>();
  const commits = await parentsFirst(storage, tip, staged, missing);
  for (const { content } of commits) {
    const tree = await storage.getTree(content.tree_hash);
    if (tree === null) {
      missing.set(`tree ${content.tree_hash}`, ["tree", content.tree_hash]);
      continue;
    }
    for (const [type, hash] of namesIn(tree)) {
      const name = `${type} ${hash}`;
      // What one tree was found to have need not be looked up for the next, which mostly has the same files.
      if (present.has(name)) continue;
      if (await storage.has(type, hash)) present.add(name);
      else missing.set(name, [type, hash]);
    }
  }
  return { commits, missing: [...missing.values()] };
}

async function parentsFirst(
  storage: ReplicaStorage,
  tip: string,
  staged: ReadonlyMap<string, CommitObject>,
  missing: Map<string, Key>,
): Promise<CommitObject[]> {
  const ordered = new Map<string, CommitObject>();
  const opened = new Set<string>();
  const stack = [tip];
  for (let hash = stack.at(-1); hash !== undefined; hash = stack.at(-1)) {
    const commit = staged.get(hash);
    if (opened.has(hash) || commit === undefined) {
      stack.pop();
      if (commit !== undefined) ordered.set(hash, commit);
      else if (!(await hasWholeCommit(storage, hash)))
        missing.set(`commit ${hash}`, ["commit", hash]);
      continue;
    }
    opened.add(hash);
    stack.push(...commit.content.parent_hashes.filter((parent) => !opened.has(parent)));
  }
  return [...ordered.values()];
}
