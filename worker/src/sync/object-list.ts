import { fields, type SizedKey, type TypeLabel } from "@gitblobs/protocol";
import * as v from "valibot";

/** Objects of one type in a row: their hashes one after the other, and their sizes. */
const runSchema = v.tuple([fields.type, v.string(), v.array(v.number())]);
const listSchema = v.array(runSchema);

const hashLength = 64;

/** Names and sizes as the database keeps them: a type is written once for all objects of it in a row. */
export function encodeList(objects: readonly SizedKey[]): string {
  const runs: [TypeLabel, string[], number[]][] = [];
  for (const [type, hash, size] of objects) {
    const last = runs.at(-1);
    if (last?.[0] === type) {
      last[1].push(hash);
      last[2].push(size);
    } else runs.push([type, [hash], [size]]);
  }
  return JSON.stringify(runs.map(([type, hashes, sizes]) => [type, hashes.join(""), sizes]));
}

/** Reads a list this relay wrote itself; anything else counts as empty. */
export function decodeList(text: string): readonly SizedKey[] {
  const list = v.safeParse(listSchema, JSON.parse(text));
  if (!list.success) return [];
  return list.output.flatMap(([type, hashes, sizes]) =>
    sizes.map((size, i): SizedKey => [
      type,
      hashes.slice(i * hashLength, (i + 1) * hashLength),
      size,
    ]),
  );
}

/** Characters that the bytes of an object take in a pack: base64 of their own, so that each can be cut out. */
export const packedLength = (size: number): number => 4 * Math.ceil(size / 3);
