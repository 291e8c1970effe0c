import { RelayError } from "./problem.ts";

const maxDepth = 32;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Strings and brackets of a text that is known to be JSON. */
const tokens = /"(?:[^"\\]|\\.)*"\s*(:?)|[{}[\]]/gsu;

/**
 * Reads JSON the way every strict reader would, so that no two readers can understand a body differently: no BOM, no
 * bad UTF-8, no key twice in an object, no key that JavaScript objects inherit, at most 32 levels deep.
 *
 * @throws RelayError `invalid_json`
 */
export function readStrictJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  checkKeysAndDepth(text);
  return value;
}

function refuse(detail: string): RelayError {
  return new RelayError("invalid_json", { detail });
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw refuse("The body starts with a byte order mark.");
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw refuse("The body is not UTF-8.");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse("The body is not JSON.");
  }
}

function checkKeysAndDepth(text: string): void {
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === "{" || token === "[") {
      if (open.push(new Set()) > maxDepth) {
        throw refuse(`The body is nested more than ${maxDepth} levels deep.`);
      }
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (colon === ":") {
      checkKey(open.at(-1), String(JSON.parse(token.slice(0, token.lastIndexOf('"') + 1))));
    }
  }
}

function checkKey(seen: Set<string> | undefined, key: string): void {
  if (key in Object.prototype) {
    throw refuse("The body uses a key that is not allowed.");
  }
  if (seen?.has(key) === true) {
    throw refuse("The body has a key twice in one object.");
  }
  seen?.add(key);
}
