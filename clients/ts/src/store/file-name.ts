import { rootOrder } from "./key-order.ts";

/** Longer names are refused: no file system and no original client shows them. */
const MAX_LENGTH = 1024;

/**
 * Why a new file cannot have this name beside the others, or undefined when it can. Stored trees may hold such names:
 * they are read, never made.
 */
export function refuseName(path: string, others: Iterable<string>): string | undefined {
  if (path === "" || path.length > MAX_LENGTH) return `A name has 1 to ${MAX_LENGTH} characters.`;
  if (path === "__proto__") return "Older clients cannot hold a file of this name.";
  if (/\p{Cc}/u.test(path) || !path.isWellFormed()) {
    return "A name may not hold control characters or broken Unicode.";
  }
  if (path.normalize("NFC") !== path) return "The name is not in Unicode normal form C.";
  // Names that sort as the same would make the tree's hash depend on the order of adding.
  for (const other of others) {
    if (other !== path && rootOrder(other, path) === 0) {
      return `There is a file already whose name sorts as the same: ${other}`;
    }
  }
  return undefined;
}
