import { entriesOf, type CommitObject, type TreeEntry } from "../store/objects.ts";
import { asReplica } from "../store/replica.ts";
import { requireObject, type ObjectStorage } from "../store/storage.ts";
import { walkCommits } from "./commit-walk.ts";
import { sameEntry, type Files } from "./tree-merge.ts";

/** One version of a file. */
export interface FileVersion {
  /** The commit that made it. */
  readonly commit: CommitObject;
  /** Null where the commit deleted the file. */
  readonly entry: TreeEntry | null;
}

/** A file that is there no more. */
export interface DeletedFile {
  readonly path: string;
  /** As it was last. */
  readonly entry: TreeEntry;
  /** The commit that took it away. */
  readonly commit: CommitObject;
}

/**
 * The versions of one file, newest first, beginning at a commit: those commits that made it something that none of their
 * parents has. Reads as it goes.
 *
 * @throws BrokenStoreError when the storage lacks a tree
 *
 * @example
 * ```ts
 * for await (const { commit, entry } of fileHistory(storage, "plan.txt", ours))
 *   console.log(commit.content.message, entry?.blob_hash ?? "deleted");
 * ```
 */
export async function* fileHistory(
  storage: ObjectStorage,
  path: string,
  from: string,
): AsyncGenerator<FileVersion, void> {
  const trees = new Trees(storage);
  for await (const commit of walkCommits(asReplica(storage), [from])) {
    const entry = (await trees.of(commit)).get(path) ?? null;
    const before = await trees.ofParents(commit);
    const isNew = before.every((files) => !sameEntry(files.get(path) ?? null, entry));
    if (isNew && (before.length > 0 || entry !== null)) yield { commit, entry };
  }
}

/**
 * Files that the commit no longer has and its history does, those deleted last first. Reads as it goes.
 *
 * @throws BrokenStoreError when the storage lacks a tree
 *
 * @example
 * ```ts
 * for await (const { path, entry } of deletedFiles(storage, ours))
 *   await restoreFile(storage, me(), path, entry);
 * ```
 */
export async function* deletedFiles(
  storage: ObjectStorage,
  from: string,
): AsyncGenerator<DeletedFile, void> {
  const trees = new Trees(storage);
  const told = new Set<string>();
  for await (const commit of walkCommits(asReplica(storage), [from])) {
    const files = await trees.of(commit);
    if (commit.hash === from) for (const path of files.keys()) told.add(path);
    for (const before of await trees.ofParents(commit)) {
      for (const [path, entry] of before) {
        if (files.has(path) || told.has(path)) continue;
        told.add(path);
        yield { path, entry, commit };
      }
    }
  }
}

/** Trees of commits; each is read once for as long as its neighbours are looked at. */
class Trees {
  readonly #storage: ObjectStorage;
  readonly #known = new Map<string, Files>();

  constructor(storage: ObjectStorage) {
    this.#storage = asReplica(storage);
  }

  async of({ content }: CommitObject): Promise<Files> {
    const known = this.#known.get(content.tree_hash);
    if (known !== undefined) return known;
    const files = entriesOf(await requireObject(this.#storage, "tree", content.tree_hash));
    this.#known.set(content.tree_hash, files);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT_TREES && oldest !== undefined) this.#known.delete(oldest);
    return files;
  }

  /** Parents that are not in the storage, where a compact backup ends, are left out. */
  async ofParents({ content }: CommitObject): Promise<Files[]> {
    const trees: Files[] = [];
    for (const hash of content.parent_hashes) {
      const parent = await this.#storage.getCommit(hash);
      if (parent !== null) trees.push(await this.of(parent));
    }
    return trees;
  }
}

const KEPT_TREES = 16;
