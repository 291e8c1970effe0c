import type { Key } from "@gitblobs/protocol";
import { namesIn } from "../history/missing-objects.ts";
import { hasWholeCommit } from "../history/whole-commit.ts";
import type { CommitObject, StoredObject, ObjectKey } from "../store/objects.ts";
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
 * What a connection has brought so far of commits that are not whole: kept while objects are missing, so that nothing is
 * asked for twice.
 */
export class Staging {
  /** Held back until all they refer to is there. */
  readonly commits = new Map<string, CommitObject>();
  /** Names of objects that were found to be here. */
  readonly present = new Set<string>();
  /** The last event whose objects were asked for; undefined where there is none to begin from. */
  after: number | undefined;

  /** @param after the last event whose objects are here; without it, what is missing is found by following references */
  constructor(after: number | undefined) {
    this.after = after;
  }
}

/**
 * Brings a commit and everything it refers to into the storage. Commits are held back until all else is there, and
 * written parents first: a whole commit in the storage always stands for its whole history. One that a compact backup
 * cut off from its parents is replaced by the whole one.
 *
 * @param head the relay's newest event, as far as is known
 * @throws RequestRefused, ConnectionClosed
 */
export async function catchUp(
  connection: Connection,
  storage: ReplicaStorage,
  commit: string,
  staging: Staging,
  head: number,
  onArrived: Arrived,
): Promise<CaughtUp> {
  if (await hasWholeCommit(storage, commit)) return WHOLE;
  const { commits: staged, present, after } = staging;
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
  if (after !== undefined && after < head) {
    const { seq } = await fetchAfter(connection, after, receive);
    staging.after = Math.max(after, seq ?? head);
  }
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
): Promise<{ commits: CommitObject[]; missing: ObjectKey[] }> {
  const missing = new Map<string, ObjectKey>();
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
  missing: Map<string, ObjectKey>,
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
