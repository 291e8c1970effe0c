/**
 * What the page keeps in this browser's localStorage. Browsers refuse it when it is full or blocked: then a value lives
 * as long as the page does, so that the page works as well, and only forgets.
 */
const overridden = new Map<string, string | null>();

/** The value kept under this key; null when there is none. */
export function readKept(key: string): string | null {
  const own = overridden.get(key);
  if (own !== undefined) return own;
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a value, or forgets it (null). */
export function keep(key: string, value: string | null): void {
  overridden.delete(key);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    overridden.set(key, value);
    dropStale(key);
  }
}

/** An outdated value is worse than none: other tabs would go by it, and a login's tokens can be used once only. */
function dropStale(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Blocked altogether: nobody else can read it either.
  }
}

/** Calls back when another tab changed the value under this key. */
export function onKeptElsewhere(key: string, listener: () => void): void {
  addEventListener("storage", (event) => {
    if (event.key !== key && event.key !== null) return;
    overridden.delete(key);
    listener();
  });
}
