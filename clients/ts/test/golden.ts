import { makeBlob, makeCommit, makeMetadata, makeTree } from "../src/store/create.ts";
import { canonicalText } from "../src/store/canonical.ts";
import { rootOrder } from "../src/store/key-order.ts";
import type { CommitContent, JsonObject, TreeEntry } from "../src/store/objects.ts";
import { isIntact } from "../src/store/wire.ts";
import { readPack, writePack } from "../src/pack/bson-pack.ts";
import { checkPack } from "../src/pack/pack.ts";

/** The golden data, as plain values: the same checks run in Node and, bundled, in a browser. */
export interface Golden {
  readonly hashes: {
    readonly blobs: readonly { name: string; size: number; data_base64?: string; hash: string }[];
    readonly metadata: readonly {
      name: string;
      data_in_insertion_order: [string, JsonObject][];
      canonical_json: string;
      hash: string;
    }[];
    readonly trees: readonly {
      name: string;
      entries_in_insertion_order: [string, TreeEntry][];
      canonical_json: string;
      hash: string;
    }[];
    readonly commits: readonly {
      name: string;
      content: CommitContent;
      canonical_json: string;
      hash: string;
    }[];
  };
  readonly collation: {
    readonly sorted: readonly string[];
    readonly pairs: readonly [string, string, number][];
  };
  /** Name to base64. */
  readonly packs: Readonly<Record<string, string>>;
}

/** What the checks found; `checked` guards against a run that looked at nothing. */
export interface GoldenReport {
  readonly language: string;
  readonly checked: number;
  readonly failures: readonly string[];
}

/** Checks canonical text, hashes, key order and packs against what the original produced. */
export async function checkGolden(golden: Golden): Promise<GoldenReport> {
  const failures: string[] = [];
  let checked = 0;
  const expect = (name: string, actual: unknown, wanted: unknown) => {
    checked++;
    if (actual !== wanted) failures.push(`${name}: ${String(actual)} instead of ${String(wanted)}`);
  };
  await checkHashes(golden, expect);
  for (const [a, b, sign] of golden.collation.pairs) {
    expect(`order of ${a} and ${b}`, Math.sign(rootOrder(a, b)), sign);
  }
  const { sorted } = golden.collation;
  expect("sorted", JSON.stringify(sorted.toReversed().sort(rootOrder)), JSON.stringify(sorted));
  for (const [name, text] of Object.entries(golden.packs)) await checkOnePack(name, text, expect);
  return { language: new Intl.Collator().resolvedOptions().locale, checked, failures };
}

type Expect = (name: string, actual: unknown, wanted: unknown) => void;

async function checkHashes({ hashes }: Golden, expect: Expect): Promise<void> {
  for (const { name, size, data_base64, hash } of hashes.blobs) {
    const data = data_base64 === undefined ? generated(size) : fromBase64(data_base64);
    expect(`blob ${name}`, (await makeBlob(data)).hash, hash);
  }
  for (const { name, data_in_insertion_order, canonical_json, hash } of hashes.metadata) {
    const data = Object.fromEntries(data_in_insertion_order);
    expect(`text of metadata ${name}`, canonicalText(data), canonical_json);
    expect(`metadata ${name}`, (await makeMetadata(data)).hash, hash);
  }
  for (const { name, entries_in_insertion_order, canonical_json, hash } of hashes.trees) {
    const entries = Object.fromEntries(entries_in_insertion_order);
    expect(`text of tree ${name}`, canonicalText(entries), canonical_json);
    const object = { type: "tree", hash, content: { entries } } as const;
    expect(`tree ${name}`, await isIntact(object), true);
    const isUsual = name !== "entry-fields-reordered";
    expect(`new tree ${name}`, (await makeTree(Object.entries(entries))).hash === hash, isUsual);
  }
  for (const { name, content, canonical_json, hash } of hashes.commits) {
    expect(`text of commit ${name}`, canonicalText(content), canonical_json);
    expect(`commit ${name}`, (await makeCommit(content)).hash, hash);
  }
}

async function checkOnePack(name: string, text: string, expect: Expect): Promise<void> {
  const bytes = fromBase64(text);
  const pack = await readPack(bytes);
  const report = await checkPack(pack);
  expect(`damage in ${name}`, report.damaged.length, 0);
  expect(`shallow roots in ${name}`, report.shallow.length, name === "linear-compact.bin" ? 1 : 0);
  expect(`bytes of ${name}`, toBase64(await writePack(pack)), text);
}

/** The bytes of the one blob that is given by its rule. */
function generated(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => i * 31 + Math.floor(i / 256) * 7 + 7);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
