const REPLACEMENT = "\ufffd";
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * Counts the keys written in a JSON text that is already known to be well formed. Strings are found
 * by the engine's own search, so long bodies cost next to nothing.
 */
function keysWritten(text: string): number {
  let keys = 0;
  for (let open = text.indexOf('"'); open >= 0;) {
    let close = text.indexOf('"', open + 1);
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
    let after = close + 1;
    while (isSpace(text.charCodeAt(after))) after++;
    if (text.charCodeAt(after) === COLON) keys++;
    open = text.indexOf('"', after);
  }
  return keys;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Counts the keys of all objects in a value, without recursion: a hostile text may be nested deeply. */
export function countKeys(value: unknown): number {
  let keys = 0;
  let next: unknown = value;
  const open: unknown[] = [];
  while (next !== undefined) {
    if (typeof next === "object" && next !== null) {
      const isObject = !Array.isArray(next);
      for (const child of Object.values(next)) {
        if (isObject) keys += 1;
        if (typeof child === "object") open.push(child);
      }
    }
    next = open.pop();
  }
  return keys;
}

/**
 * Parses JSON and refuses what `JSON.parse` lets pass: an object with the same key twice.
 * Returns undefined when the text is not JSON or has such an object; never throws.
 */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return keysWritten(text) === countKeys(value) ? { value } : undefined;
}

/**
 * Whether a text that came over a socket may not be what was sent: a runtime puts U+FFFD where the bytes were no UTF-8.
 * Whoever means that character spells it as an escape ({@link toJson}).
 */
export const mayBeMended = (text: string): boolean => text.includes(REPLACEMENT);

/** Writes a value as JSON in which U+FFFD is an escape (PROTOCOL.md 4). */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  return mayBeMended(json) ? json.replaceAll(REPLACEMENT, "\\ufffd") : json;
}
