import { mergedText, mergeText, type MergePart } from "./text-merge.ts";

/** Why a person has to decide what becomes of a file. */
export type ConflictKind =
  /** Both sides changed the same lines. */
  | "lines"
  /** Both sides added it, or no common ancestor says what it was. */
  | "added"
  /** One side deleted it, the other changed it. */
  | "deleted"
  /** It is no text, in one of its versions. */
  | "binary";

/** What becomes of a file that both sides may have changed. */
export type FileMerge =
  /** Null where the file goes. */
  | { readonly kind: "merged"; readonly bytes: Uint8Array | null }
  | { readonly kind: "conflict"; readonly why: Exclude<ConflictKind, "lines"> }
  | { readonly kind: "conflict"; readonly why: "lines"; readonly parts: readonly MergePart[] };

/**
 * Merges the contents of one file, null where there is none: a change on one side is taken, the same on both once; texts
 * that both changed are merged by lines. A text is valid UTF-8 without a zero byte.
 *
 * @example
 * ```ts
 * const merge = mergeFile(bytes, bytes, null);
 * if (merge.kind === "merged" && merge.bytes === null) console.log("deleted");
 * ```
 */
export function mergeFile(
  base: Uint8Array | null,
  ours: Uint8Array | null,
  theirs: Uint8Array | null,
): FileMerge {
  if (isEqual(ours, theirs) || isEqual(base, theirs)) return { kind: "merged", bytes: ours };
  if (isEqual(base, ours)) return { kind: "merged", bytes: theirs };
  if (ours === null || theirs === null) return { kind: "conflict", why: "deleted" };
  if (base === null) return { kind: "conflict", why: "added" };
  const [before, left, right] = [textOf(base), textOf(ours), textOf(theirs)];
  if (before === undefined || left === undefined || right === undefined)
    return { kind: "conflict", why: "binary" };
  const { parts, overlaps } = mergeText(before, left, right);
  if (overlaps > 0) return { kind: "conflict", why: "lines", parts };
  return { kind: "merged", bytes: new TextEncoder().encode(mergedText(parts)) };
}

const FATAL_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text that bytes are, its byte order mark with it; undefined where they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return FATAL_UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

function isEqual(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
