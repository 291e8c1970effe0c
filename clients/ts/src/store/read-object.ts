import { isCommitContent, isEntries, isHash, isJsonObject, type StoredObject } from "./objects.ts";

/**
 * Reads an object in stored form (`{type, hash, content}`) that came from outside: a pack, a dump, another storage.
 * Undefined when it has not the form of its type. The hash is not checked against the content.
 */
export function readObject(value: unknown): StoredObject | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("type" in value && "hash" in value && "content" in value)) return undefined;
  const { type, hash, content } = value;
  if (!isHash(hash) || typeof content !== "object" || content === null) return undefined;
  switch (type) {
    case "commit":
      return isCommitContent(content) ? { type, hash, content } : undefined;
    case "tree":
      return "entries" in content && isEntries(content.entries)
        ? { type, hash, content: { entries: content.entries } }
        : undefined;
    case "metadata":
      return "data" in content && isJsonObject(content.data)
        ? { type, hash, content: { data: content.data } }
        : undefined;
    case "blob":
      return "data" in content ? readBlob(hash, content.data) : undefined;
    default:
      return undefined;
  }
}

function readBlob(hash: string, data: unknown): StoredObject | undefined {
  if (data instanceof Uint8Array) return { type: "blob", hash, content: { data } };
  if (!Array.isArray(data) || !data.every(isByte)) return undefined;
  return { type: "blob", hash, content: { data: Uint8Array.from(data) } };
}

const isByte = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255;
