import { parseJson, type WireObject } from "@gitblobs/protocol";
import { canonicalText, hashedPart } from "./canonical.ts";
import { sha256 } from "./hash.ts";
import { foreignOrders, rootOrder, type KeyOrder } from "./key-order.ts";
import { isCommitContent, isEntries, isJsonObject, type StoredObject } from "./objects.ts";

const UTF8 = new TextEncoder();
const FATAL_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const asReceived: KeyOrder = () => 0;

/**
 * The exact bytes an object was hashed as (PROTOCOL.md 3), which is what travels. Tries the root order first, then the
 * order the keys came in, then those of other languages. Undefined when none has the object's hash: a shallow root, or
 * a damaged object; such an object cannot be pushed.
 */
export async function wireBytes(object: StoredObject): Promise<Uint8Array | undefined> {
  const part = hashedPart(object);
  if (object.type === "blob" || part === undefined) {
    const data = object.type === "blob" ? object.content.data : new Uint8Array();
    return (await sha256(data)) === object.hash ? data : undefined;
  }
  for (const order of orders()) {
    const bytes = UTF8.encode(canonicalText(part, order));
    if ((await sha256(bytes)) === object.hash) return bytes;
  }
  return undefined;
}

function* orders(): Generator<KeyOrder> {
  yield rootOrder;
  yield asReceived;
  yield* foreignOrders();
}

/** True when the object's content has its hash. */
export async function isIntact(object: StoredObject): Promise<boolean> {
  return (await wireBytes(object)) !== undefined;
}

/** Reads an object that travelled; undefined when its bytes do not have its hash or not the form of its type. */
export async function readWire(wire: WireObject): Promise<StoredObject | undefined> {
  if ((await sha256(wire.bytes)) !== wire.hash) return undefined;
  const { type, hash } = wire;
  // A copy: the bytes are a view into a whole frame, which would otherwise live as long as the blob.
  if (type === "blob") return { type, hash, content: { data: wire.bytes.slice() } };
  const value = parseText(wire.bytes);
  switch (type) {
    case "tree":
      return isEntries(value) ? { type, hash, content: { entries: value } } : undefined;
    case "commit":
      return isCommitContent(value) ? { type, hash, content: value } : undefined;
    case "metadata":
      return isJsonObject(value) ? { type, hash, content: { data: value } } : undefined;
    case "sealed":
      return undefined;
  }
}

function parseText(bytes: Uint8Array): unknown {
  try {
    return parseJson(FATAL_UTF8.decode(bytes))?.value;
  } catch {
    return undefined;
  }
}
