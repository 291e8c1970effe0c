import { makeEntry, refuseName, type CommitObject } from "@gitblobs/client/store";
import type { Replica } from "../replica/replica.ts";
import { plural } from "../ui/format.ts";

/** The relay takes no larger object. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;

/** A file to add: its path in the store and its bytes. */
export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Adds files, or replaces those of the same name, in one commit.
 *
 * @throws Error for the user when a name or a size is not possible; nothing was added
 */
export async function addFiles(
  replica: Replica,
  files: readonly NewFile[],
  onStored: (done: number) => void = () => undefined,
): Promise<CommitObject | undefined> {
  for (const { path, bytes } of files) {
    if (bytes.length > MAX_FILE_BYTES) throw new Error(`${path} is larger than 32 MB.`);
  }
  const hashes: string[] = [];
  for (const { bytes } of files) {
    hashes.push(await replica.putBytes(bytes));
    onStored(hashes.length);
  }
  const [first] = files;
  if (first === undefined) return undefined;
  const message =
    files.length === 1 ? `add file: ${first.path}` : `add ${plural(files.length, "file")}`;
  return replica.commit(message, (tree) => {
    for (const [index, { path }] of files.entries()) {
      requireName(path, tree.keys());
      const old = tree.get(path);
      tree.set(path, makeEntry(hashes[index] ?? "", old?.metadata_hash ?? ""));
    }
  });
}

/** Gives a file another name; it keeps its place in the tree. */
export function renameFile(replica: Replica, from: string, to: string): Promise<CommitObject> {
  return replica.commit(`rename file: ${from} to ${to}`, (tree) => {
    if (tree.has(to)) throw new Error(`There is a file named ${to} already.`);
    const entries = [...tree];
    requireName(
      to,
      entries.map(([path]) => path).filter((path) => path !== from),
    );
    tree.clear();
    for (const [path, entry] of entries) tree.set(path === from ? to : path, entry);
  });
}

/** Deletes files; earlier versions stay in the history. */
export function deleteFiles(replica: Replica, paths: readonly string[]): Promise<CommitObject> {
  const [first = ""] = paths;
  const message =
    paths.length === 1 ? `delete file: ${first}` : `delete ${plural(paths.length, "file")}`;
  return replica.commit(message, (tree) => {
    for (const path of paths) tree.delete(path);
  });
}

function requireName(path: string, others: Iterable<string>): void {
  const reason = refuseName(path, others);
  if (reason !== undefined) throw new Error(reason);
}
