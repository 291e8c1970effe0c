import vectors from "../../../../protocol/vectors/merge.json" with { type: "json" };
import { mergeFile, type FileMerge } from "../../src/merge/file-merge.ts";
import { fromHex, type Claim } from "../../../../protocol/ts/test/vectors/claim.ts";

/** A content as the vectors write it; see their README. */
type Content =
  | null
  | string
  | { readonly hex: string }
  | { readonly repeat: string; readonly times: number }
  | readonly Content[];

const UTF8 = new TextEncoder();
const LATIN1 = new TextDecoder("latin1");

function bytesOf(content: Content): Uint8Array | null {
  if (content === null) return null;
  if (typeof content === "string") return UTF8.encode(content);
  if ("hex" in content) return fromHex(content.hex);
  if ("repeat" in content) return UTF8.encode(content.repeat.repeat(content.times));
  return UTF8.encode(
    content.map((part) => new TextDecoder().decode(bytesOf(part) ?? UTF8.encode())).join(""),
  );
}

/** Short enough to be read where a claim fails. */
const shown = (bytes: Uint8Array | null) => bytes && LATIN1.decode(bytes);
const shownContent = (content: Content) => shown(bytesOf(content));

const shownMerge = (merge: FileMerge) => {
  if (merge.kind === "merged") return { merged: shown(merge.bytes) };
  if (merge.why !== "lines") return { conflict: merge.why };
  const overlaps = merge.parts.filter((part) => part.kind === "overlap");
  return {
    conflict: merge.why,
    regions: overlaps.map(({ base, ours, theirs }) => [base, ours, theirs].map(shownContent)),
  };
};

/** What merge.json says of single files. */
export const textClaims: readonly Claim[] = vectors.texts.map((vector) => {
  const { name, base, ours, theirs } = vector;
  const regions =
    vector.conflict !== undefined && "regions" in vector.conflict
      ? vector.conflict.regions
      : undefined;
  return {
    name: `a file is merged: ${name}`,
    wanted:
      vector.conflict === undefined
        ? { merged: shownContent(vector.merged) }
        : {
            conflict: vector.conflict.kind,
            ...(regions === undefined
              ? {}
              : { regions: regions.map((r) => [r.base, r.ours, r.theirs].map(shownContent)) }),
          },
    actual: () => shownMerge(mergeFile(bytesOf(base), bytesOf(ours), bytesOf(theirs))),
  };
});
