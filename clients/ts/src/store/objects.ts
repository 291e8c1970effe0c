import type { ObjectType } from "@gitblobs/protocol";

/** Anything JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object, its keys in the engine's property order (FORMAT.md 2.2). */
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * The stored objects keep the spelling and the field order of GitBlobsDB (FORMAT.md 1), so that its own storage
 * adapters hold ours and the other way round.
 */
export interface BlobObject {
  readonly type: "blob";
  readonly hash: string;
  /** The bytes that were hashed; not to be changed. */
  readonly content: { readonly data: Uint8Array };
}

/** Free facts about a file. */
export interface MetadataObject {
  readonly type: "metadata";
  readonly hash: string;
  readonly content: { readonly data: JsonObject };
}

/** What a tree says of one file; `metadata_hash` is empty when it has no metadata. */
export interface TreeEntry {
  readonly blob_hash: string;
  readonly metadata_hash: string;
  readonly type: "file";
}

/** All files of a commit, flat; paths are whole strings. Read entries with {@link entriesOf}: any name may occur. */
export interface TreeObject {
  readonly type: "tree";
  readonly hash: string;
  readonly content: { readonly entries: Readonly<Record<string, TreeEntry>> };
}

/** Who did something, and when (UTC, ISO 8601 with milliseconds). */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly timestamp: string;
}

/** What a commit says. */
export interface CommitContent {
  readonly tree_hash: string;
  /** None for the first commit, two for a merge: ours, theirs. Not to be changed, though GitBlobsDB's type lets one. */
  readonly parent_hashes: string[];
  /** Who made the change; the times of day decide the order of the log. */
  readonly author: Signature;
  readonly committer: Signature;
  /** Free text; the first line is its title. */
  readonly message: string;
}

/** A state of all files, and the states it came from. */
export interface CommitObject {
  readonly type: "commit";
  readonly hash: string;
  readonly content: CommitContent;
}

/** One object of any type. */
export type StoredObject = BlobObject | MetadataObject | TreeObject | CommitObject;

/** Names an object of a copy: every type but the one that only its users can read. */
export type ObjectKey = [ObjectType, string];

/** The stored object of a type. */
export type ObjectOf<T extends ObjectType> = Extract<StoredObject, { readonly type: T }>;

/** A tree's entries in stored order; safe for paths named like built-in properties. */
export function entriesOf(tree: TreeObject): Map<string, TreeEntry> {
  return new Map(Object.entries(tree.content.entries));
}

const HASH = /^[0-9a-f]{64}$/u;

/** True for 64 lower-case hex digits; nothing else may be used as a hash. */
export const isHash = (value: unknown): value is string =>
  typeof value === "string" && HASH.test(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** True when a tree, as it came from somewhere else, has the form of a tree. */
export const isEntries = (value: unknown): value is Readonly<Record<string, TreeEntry>> =>
  isRecord(value) && Object.values(value).every(isTreeEntry);

/** The same for one entry of a tree. */
export const isTreeEntry = (value: unknown): value is TreeEntry =>
  isRecord(value) &&
  isHash(value["blob_hash"]) &&
  (value["metadata_hash"] === "" || isHash(value["metadata_hash"])) &&
  value["type"] === "file";

const isSignature = (value: unknown): value is Signature =>
  isRecord(value) &&
  typeof value["name"] === "string" &&
  typeof value["email"] === "string" &&
  typeof value["timestamp"] === "string";

/** The same for a commit. */
export const isCommitContent = (value: unknown): value is CommitContent =>
  isRecord(value) &&
  isHash(value["tree_hash"]) &&
  Array.isArray(value["parent_hashes"]) &&
  value["parent_hashes"].every(isHash) &&
  isSignature(value["author"]) &&
  isSignature(value["committer"]) &&
  typeof value["message"] === "string";

/** The same for metadata: plain JSON values only, nested at most 64 deep. */
export const isJsonObject = (value: unknown): value is JsonObject => isPlain(value, 64);

function isPlain(value: unknown, depth: number): value is JsonObject {
  return isRecord(value) && isBare(value) && Object.values(value).every((v) => isJson(v, depth));
}

function isJson(value: unknown, depth: number): boolean {
  if (value === null || ["string", "boolean", "number"].includes(typeof value)) return true;
  if (depth === 0) return false;
  return Array.isArray(value)
    ? value.every((v) => isJson(v, depth - 1))
    : isPlain(value, depth - 1);
}

function isBare(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
