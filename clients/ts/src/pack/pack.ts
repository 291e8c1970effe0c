import type {
  BlobObject,
  CommitObject,
  MetadataObject,
  StoredObject,
  TreeObject,
} from "../store/objects.ts";
import { isIntact } from "../store/wire.ts";

/** What a pack file holds (FORMAT.md 4). */
export interface Pack {
  /** Not in any order that counts. */
  readonly commits: readonly CommitObject[];
  readonly trees: readonly TreeObject[];
  readonly blobs: readonly BlobObject[];
  readonly metadata: readonly MetadataObject[];
  readonly header: PackHeader;
}

/** What a pack says of itself (FORMAT.md 4). */
export interface PackHeader {
  /** `1`; no reader looks at it. */
  readonly version: string;
  /** Free text: a date as JavaScript prints it in backups, ISO 8601 in diffs. */
  readonly timestamp: string;
  /** Tells the kind (`packKind`): the head of a backup, or the chain of a diff. */
  readonly others?: Readonly<Record<string, string>>;
}

/** A pack cannot be read, written or applied; the message says why, for people. */
export class PackError extends Error {
  override readonly name = "PackError";
}

/** What a pack is for: the whole of a store, or the way from one commit to another. */
export type PackKind =
  | { readonly kind: "backup"; readonly head: string }
  | { readonly kind: "diff"; readonly chain: readonly string[] }
  | { readonly kind: "empty" };

/**
 * Says what a pack is by what its header holds; nothing else tells.
 *
 * @throws PackError when the header says neither
 */
export function packKind(header: PackHeader): PackKind {
  const others = new Map(Object.entries(header.others ?? {}));
  const head = others.get("commit_head");
  if (head !== undefined) return head === "" ? { kind: "empty" } : { kind: "backup", head };
  const chains = others.get("commitChains");
  if (chains !== undefined) return { kind: "diff", chain: parseChain(chains) };
  throw new PackError("The pack does not say what it is: it names neither a head nor a chain.");
}

function parseChain(text: string): string[] {
  try {
    const chain: unknown = JSON.parse(text);
    if (Array.isArray(chain) && chain.length > 0 && chain.every((h) => typeof h === "string"))
      return chain;
  } catch {
    // Falls through to the same refusal: text that is no JSON is no chain either.
  }
  throw new PackError("The pack's chain of commits cannot be read.");
}

/** All objects of a pack, in an order in which nothing comes before what it refers to, except commits. */
export function objectsOf(pack: Pack): StoredObject[] {
  return [...pack.blobs, ...pack.metadata, ...pack.trees, ...pack.commits];
}

/** What checking a pack found. */
export interface PackReport {
  /** Objects whose content does not have their hash. */
  readonly damaged: readonly StoredObject[];
  /** Commits that lost their parents when a compact backup was made, and with them the match with their hash. */
  readonly shallow: readonly CommitObject[];
}

/** Checks every object of a pack against its hash. */
export async function checkPack(pack: Pack): Promise<PackReport> {
  const head = pack.header.others?.["commit_head"];
  const damaged: StoredObject[] = [];
  const shallow: CommitObject[] = [];
  for (const object of objectsOf(pack)) {
    if (await isIntact(object)) continue;
    const isShallow =
      object.type === "commit" && object.hash === head && object.content.parent_hashes.length === 0;
    if (isShallow) shallow.push(object);
    else damaged.push(object);
  }
  return { damaged, shallow };
}
