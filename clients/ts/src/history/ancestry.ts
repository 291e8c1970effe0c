import type { CommitObject } from "../store/objects.ts";
import type { ObjectStorage } from "../store/storage.ts";
import { walkCommits } from "./commit-walk.ts";

const LEFT = 1;
const RIGHT = 2;
const BOTH = LEFT | RIGHT;
/** Reachable from a common ancestor: nothing more is to be learnt below. */
const STALE = 4;

type Commits = Pick<ObjectStorage, "getCommit">;

/**
 * Two sets of commits are painted down the history, newest first, until everything still waiting carries both
 * colours; so the cost is that of the part in which they differ, as long as clocks were roughly right.
 */
class Painting {
  readonly #storage: Commits;
  readonly #commits = new Map<string, CommitObject | null>();
  readonly #colours = new Map<string, number>();
  readonly #queue: CommitObject[] = [];

  constructor(storage: Commits) {
    this.#storage = storage;
  }

  async paint(left: Iterable<string>, right: Iterable<string>): Promise<string[]> {
    for (const hash of left) await this.#colour(hash, LEFT);
    for (const hash of right) await this.#colour(hash, RIGHT);
    const common = new Set<string>();
    while (this.#queue.some((commit) => (this.colourOf(commit.hash) & STALE) === 0)) {
      const commit = this.#queue.shift();
      if (commit === undefined) break;
      let colour = this.colourOf(commit.hash);
      if ((colour & BOTH) === BOTH) {
        if ((colour & STALE) === 0) common.add(commit.hash);
        colour |= STALE;
      }
      for (const parent of commit.content.parent_hashes) await this.#colour(parent, colour);
    }
    return [...common].filter((hash) => (this.colourOf(hash) & STALE) === 0);
  }

  colourOf(hash: string): number {
    return this.#colours.get(hash) ?? 0;
  }

  async commit(hash: string): Promise<CommitObject | null> {
    let commit = this.#commits.get(hash);
    if (commit === undefined) {
      commit = await this.#storage.getCommit(hash);
      this.#commits.set(hash, commit);
    }
    return commit;
  }

  async #colour(hash: string, colour: number): Promise<void> {
    const before = this.colourOf(hash);
    if ((before | colour) === before) return;
    const commit = await this.commit(hash);
    if (commit === null) return;
    this.#colours.set(hash, before | colour);
    if (!this.#queue.includes(commit)) {
      const older = this.#queue.findIndex((other) => isOlder(other, commit));
      this.#queue.splice(older === -1 ? this.#queue.length : older, 0, commit);
    }
  }
}

function isOlder(a: CommitObject, b: CommitObject): boolean {
  const [left, right] = [a.content.committer.timestamp, b.content.committer.timestamp];
  return left < right || (left === right && a.hash > b.hash);
}

/**
 * The best common ancestors: those not reachable from another one. None when the histories are unrelated, several
 * after criss-cross merges.
 */
export async function mergeBases(storage: Commits, left: string, right: string): Promise<string[]> {
  const common = await new Painting(storage).paint([left], [right]);
  const bases: string[] = [];
  for (const hash of common) {
    const others = common.filter((other) => other !== hash);
    if (!(await reachesAny(storage, others, hash))) bases.push(hash);
  }
  return bases;
}

async function reachesAny(storage: Commits, from: string[], to: string): Promise<boolean> {
  if (from.length === 0) return false;
  for await (const commit of walkCommits(storage, from)) if (commit.hash === to) return true;
  return false;
}

/** Whether `ancestor` is the commit itself or reachable from it. */
export async function isAncestor(
  storage: Commits,
  ancestor: string,
  commit: string,
): Promise<boolean> {
  const bases = await mergeBases(storage, ancestor, commit);
  return bases.length === 1 && bases[0] === ancestor;
}

/**
 * The commits reachable from `wanted` and from none of `known`, parents before children. Commits that the storage
 * lacks are taken as known.
 */
export async function missingCommits(
  storage: Commits,
  wanted: string,
  known: Iterable<string>,
): Promise<CommitObject[]> {
  const painting = new Painting(storage);
  await painting.paint([wanted], known);
  const ordered = new Map<string, CommitObject>();
  const stack = [wanted];
  for (let hash = stack.at(-1); hash !== undefined; hash = stack.at(-1)) {
    const commit = painting.colourOf(hash) === LEFT ? await painting.commit(hash) : null;
    const waiting = (commit?.content.parent_hashes ?? []).find(
      (parent) => painting.colourOf(parent) === LEFT && !ordered.has(parent),
    );
    if (commit !== null && waiting !== undefined) {
      stack.push(waiting);
      continue;
    }
    stack.pop();
    if (commit !== null) ordered.set(hash, commit);
  }
  return [...ordered.values()];
}
