import { canonicalText } from "./canonical.ts";
import { sha256 } from "./hash.ts";
import type {
  BlobObject,
  CommitContent,
  CommitObject,
  JsonObject,
  MetadataObject,
  TreeEntry,
  TreeObject,
} from "./objects.ts";

const UTF8 = new TextEncoder();
const hashOf = (value: object) => sha256(UTF8.encode(canonicalText(value)));

/**
 * A blob of these bytes, which must not be changed afterwards.
 *
 * @example
 * ```ts
 * const blob = await makeBlob(new TextEncoder().encode("hello"));
 * await storage.putBlob(blob);
 * ```
 */
export async function makeBlob(data: Uint8Array): Promise<BlobObject> {
  return { type: "blob", hash: await sha256(data), content: { data } };
}

/** Metadata of these facts. */
export async function makeMetadata(data: JsonObject): Promise<MetadataObject> {
  return { type: "metadata", hash: await hashOf(data), content: { data } };
}

/**
 * What a tree says of a file, its fields in the order that is hashed.
 *
 * @example
 * ```ts
 * const blob = await makeBlob(new TextEncoder().encode("hello"));
 * const entry = makeEntry(blob.hash);
 * ```
 */
export function makeEntry(blobHash: string, metadataHash = ""): TreeEntry {
  return { blob_hash: blobHash, metadata_hash: metadataHash, type: "file" };
}

/** A tree of these files. Names are the caller's care: see `refuseName`. */
export async function makeTree(files: Iterable<readonly [string, TreeEntry]>): Promise<TreeObject> {
  const entries = Object.fromEntries(
    [...files].map(([path, e]) => [path, makeEntry(e.blob_hash, e.metadata_hash)]),
  );
  return { type: "tree", hash: await hashOf(entries), content: { entries } };
}

/** A commit with this content. */
export async function makeCommit(content: CommitContent): Promise<CommitObject> {
  const { tree_hash, parent_hashes, author, committer, message } = content;
  const ordered = { tree_hash, parent_hashes, author, committer, message };
  return { type: "commit", hash: await hashOf(ordered), content: ordered };
}
