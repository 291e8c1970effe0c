import type { TreeEntry } from "@gitblobs/client/store";
import type { Replica } from "../replica/replica.ts";

/** How a file's bytes are best shown. */
export type Content =
  | { readonly kind: "text"; readonly text: string; readonly bytes: Uint8Array }
  | { readonly kind: "image"; readonly type: string; readonly bytes: Uint8Array }
  | { readonly kind: "binary"; readonly bytes: Uint8Array }
  /** Too large to be looked at whole; it may be a text. */
  | { readonly kind: "large"; readonly bytes: Uint8Array };

/** Larger texts are not shown or edited as such. */
export const MAX_TEXT_BYTES = 2 * 1024 * 1024;

const IMAGE_MAGIC: readonly (readonly [type: string, offset: number, magic: string])[] = [
  ["image/png", 0, "\x89PNG\r\n"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF8"],
  ["image/webp", 8, "WEBP"],
  ["image/avif", 4, "ftypavif"],
];

/**
 * Decides by the bytes alone: a name says nothing reliable. Text is what is valid UTF-8 without NUL; SVG is text too,
 * so that nothing a file holds is ever rendered as markup.
 */
export function readContent(bytes: Uint8Array): Content {
  for (const [type, offset, magic] of IMAGE_MAGIC) {
    const isThere = Array.from(magic, (c) => c.charCodeAt(0)).every(
      (b, i) => bytes[offset + i] === b,
    );
    if (isThere) return { kind: "image", type, bytes };
  }
  if (bytes.includes(0)) return { kind: "binary", bytes };
  if (bytes.length > MAX_TEXT_BYTES) return { kind: "large", bytes };
  try {
    // A byte order mark is part of the text: saving must not lose it.
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { kind: "text", text: decoder.decode(bytes), bytes };
  } catch {
    return { kind: "binary", bytes };
  }
}

/** A file's bytes; rejects when they are not in this copy. */
export async function bytesOf(replica: Replica, entry: TreeEntry): Promise<Uint8Array> {
  const blob = await replica.storage.getBlob(entry.blob_hash);
  if (blob === null) throw new Error("The content of this file is not in this copy.");
  return blob.content.data;
}

/** Hands bytes to the user as a file. The browser is told that it is plain data: it is saved, never opened. */
export function saveAs(name: string, bytes: Uint8Array): void {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" });
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name.split("/").at(-1) ?? name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}
