import type { ObjectType } from "@gitblobs/protocol";
import type {
  BlobObject,
  CommitObject,
  MetadataObject,
  ObjectOf,
  StoredObject,
  TreeObject,
} from "./objects.ts";

/** Where a store stands. Only type `commit` is ever written. */
export interface Head {
  readonly type: "ref" | "commit";
  readonly value: string;
}

/** A named commit. Neither this library nor the original's programs follow refs. */
export interface Ref {
  readonly name: string;
  readonly commit_hash: string;
}

/**
 * The part of GitBlobsDB's storage interface that this library uses. Any of its adapters fits as it is, wherever a
 * storage is asked for; the types match by structure, so that neither side imports the other.
 */
export interface ObjectStorage {
  // Each get resolves with null when the object is not there; each put replaces what is.
  getBlob(hash: string): Promise<BlobObject | null>;
  putBlob(blob: BlobObject): Promise<void>;
  getTree(hash: string): Promise<TreeObject | null>;
  putTree(tree: TreeObject): Promise<void>;
  getCommit(hash: string): Promise<CommitObject | null>;
  putCommit(commit: CommitObject): Promise<void>;
  getMetadata(hash: string): Promise<MetadataObject | null>;
  putMetadata(metadata: MetadataObject): Promise<void>;
  getHead(): Promise<Head | null>;
  setHead(head: Head): Promise<void>;
}

/**
 * The commit a store stands at; null for an empty one.
 *
 * @example
 * ```ts
 * const head = await headOf(storage);
 * const files = head === null ? new Map() : entriesOf(await treeOf(storage, head));
 * ```
 */
export async function headOf(storage: ObjectStorage): Promise<string | null> {
  const head = await storage.getHead();
  if (head === null || head.value === "") return null;
  if (head.type === "commit") return head.value;
  throw new BrokenStoreError("the head names a ref, which no client follows");
}

const getters = {
  blob: (storage: ObjectStorage, hash: string) => storage.getBlob(hash),
  tree: (storage: ObjectStorage, hash: string) => storage.getTree(hash),
  commit: (storage: ObjectStorage, hash: string) => storage.getCommit(hash),
  metadata: (storage: ObjectStorage, hash: string) => storage.getMetadata(hash),
} as const;

/** Reads an object by type and hash; null when it is not there. */
export function getObject<T extends ObjectType>(
  storage: ObjectStorage,
  type: T,
  hash: string,
): Promise<ObjectOf<T> | null> {
  const get: (s: ObjectStorage, h: string) => Promise<StoredObject | null> = getters[type];
  return get(storage, hash) as Promise<ObjectOf<T> | null>;
}

/** Stores an object of any type. */
export function putObject(storage: ObjectStorage, object: StoredObject): Promise<void> {
  switch (object.type) {
    case "blob":
      return storage.putBlob(object);
    case "tree":
      return storage.putTree(object);
    case "commit":
      return storage.putCommit(object);
    case "metadata":
      return storage.putMetadata(object);
  }
}

/** A store lacks something that it refers to, or says something that cannot be. */
export class BrokenStoreError extends Error {
  override readonly name = "BrokenStoreError";
}

/** Reads an object that must be there. */
export async function requireObject<T extends ObjectType>(
  storage: ObjectStorage,
  type: T,
  hash: string,
): Promise<ObjectOf<T>> {
  const object = await getObject(storage, type, hash);
  if (object === null) throw new BrokenStoreError(`the ${type} ${hash} is not in the store`);
  return object;
}

/** The tree of a commit. */
export async function treeOf(storage: ObjectStorage, commit: string): Promise<TreeObject> {
  const { content } = await requireObject(storage, "commit", commit);
  return requireObject(storage, "tree", content.tree_hash);
}
