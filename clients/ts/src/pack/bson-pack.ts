import { isHash, type StoredObject } from "../store/objects.ts";
import { readObject } from "../store/read-object.ts";
import { PackError, packKind, type Pack, type PackHeader } from "./pack.ts";

/** Far above what any original client can write (17 MiB), below what a browser tab can hold. */
const MAX_PACK_BYTES = 512 * 1024 * 1024;

/** The codec's usual buffer; a larger pack needs a larger one (FORMAT.md 4). */
const USUAL_BUFFER_BYTES = 17 * 1024 * 1024;

/** Loaded with the first pack: most visits never see one. */
const loadBson = () => import("bson");

/**
 * Reads a pack file. Every field is checked for its form; hashes are not compared with contents (`checkPack`).
 *
 * @throws PackError when it is not a pack
 *
 * @example
 * ```ts
 * const pack = await readPack(bytes);
 * console.log(pack.commits.length);
 * ```
 */
export async function readPack(bytes: Uint8Array): Promise<Pack> {
  if (bytes.byteLength > MAX_PACK_BYTES) throw new PackError("The pack is larger than 512 MiB.");
  const { deserialize } = await loadBson();
  let document: Record<string, unknown>;
  try {
    document = deserialize(bytes, { promoteBuffers: true });
  } catch (cause) {
    throw new PackError("The file is not a pack: it is cut off, damaged or something else.", {
      cause,
    });
  }
  const pack = {
    commits: readAll(document, "commits", "commit"),
    trees: readAll(document, "trees", "tree"),
    blobs: readAll(document, "blobs", "blob"),
    metadata: readAll(document, "metadata", "metadata"),
    header: readHeader(document["_header"]),
  };
  const kind = packKind(pack.header);
  const named = kind.kind === "diff" ? kind.chain : kind.kind === "backup" ? [kind.head] : [];
  if (!named.every(isHash)) throw new PackError("The pack names a commit that is not a hash.");
  return pack;
}

function readAll<T extends StoredObject["type"]>(
  document: Record<string, unknown>,
  field: string,
  type: T,
): Extract<StoredObject, { type: T }>[] {
  const list = document[field];
  if (!Array.isArray(list)) throw new PackError(`The file is not a pack: it has no ${field}.`);
  return list.map((entry: unknown, index) => {
    const object = readObject(entry);
    if (object?.type === type) return object as Extract<StoredObject, { type: T }>;
    throw new PackError(`Entry ${index} of the pack's ${field} is not a ${type}.`);
  });
}

function readHeader(value: unknown): PackHeader {
  if (typeof value === "object" && value !== null && "version" in value && "timestamp" in value) {
    const { version, timestamp } = value;
    const others = "others" in value ? value.others : undefined;
    if (typeof version === "string" && typeof timestamp === "string" && isTexts(others)) {
      return others === undefined ? { version, timestamp } : { version, timestamp, others };
    }
  }
  throw new PackError("The file is not a pack: its header cannot be read.");
}

const isTexts = (value: unknown): value is Record<string, string> | undefined =>
  value === undefined ||
  (typeof value === "object" &&
    value !== null &&
    Object.values(value).every((text) => typeof text === "string"));

/**
 * Writes a pack file, byte for byte as the original does: backups and diffs differ in the order of their fields.
 *
 * @throws PackError when a name holds NUL, which the format cannot say
 *
 * @example
 * ```ts
 * const bytes = await writePack(await fullBackup(storage, new Date()));
 * ```
 */
export async function writePack(pack: Pack): Promise<Uint8Array> {
  const { calculateObjectSize, serialize, setInternalBufferSize } = await loadBson();
  const { commits, trees, blobs, metadata, header } = pack;
  const isDiff = header.others?.["commitChains"] !== undefined;
  const document = isDiff
    ? { commits, blobs, trees, metadata, _header: header }
    : { commits, trees, blobs, metadata, _header: header };
  try {
    const size = calculateObjectSize(document);
    if (size > MAX_PACK_BYTES) throw new PackError("The pack would be larger than 512 MiB.");
    setInternalBufferSize(Math.max(size, USUAL_BUFFER_BYTES));
    return serialize(document);
  } catch (cause) {
    if (cause instanceof PackError) throw cause;
    throw new PackError("The pack cannot be written: a name holds a NUL character.", { cause });
  }
}
