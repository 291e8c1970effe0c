import { rootOrder, type KeyOrder } from "./key-order.ts";
import type { StoredObject } from "./objects.ts";

/**
 * The canonical text of FORMAT.md 2.1: compact JSON with the top-level keys sorted, stably, and then put into the
 * engine's property order again (integer-like keys first). Nested objects keep their order.
 */
export function canonicalText(value: object, order: KeyOrder = rootOrder): string {
  const sorted = Object.entries(value).sort(([a], [b]) => order(a, b));
  return JSON.stringify(Object.fromEntries(sorted));
}

/** The part of an object that is hashed as canonical text; undefined for a blob, whose bytes are hashed as they are. */
export function hashedPart(object: StoredObject): object | undefined {
  switch (object.type) {
    case "blob":
      return undefined;
    case "tree":
      return object.content.entries;
    case "commit":
      return object.content;
    case "metadata":
      return object.content.data;
  }
}
