import { savedLoginSchema, type Vault } from "@gitblobs/protocol/client";
import { safeParse } from "valibot";

/** The key under which this browser's tabs share the login. */
export const LOGIN_KEY = "gitblobs/login";

/**
 * Keeps the login in localStorage, which all tabs of this origin share and nobody else reads: the page runs no script
 * but its own. Refreshing is done by one tab at a time.
 */
export function browserVault(): Vault {
  return {
    load: () => Promise.resolve(readLogin()),
    save: (login) => {
      if (login === null) localStorage.removeItem(LOGIN_KEY);
      else localStorage.setItem(LOGIN_KEY, JSON.stringify(login));
      return Promise.resolve();
    },
    exclusively: (work) => navigator.locks.request("gitblobs/refresh", work),
  };
}

/** The login that is kept, or null; text that cannot be read counts as none. */
export function readLogin() {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(LOGIN_KEY) ?? "null");
    const result = safeParse(savedLoginSchema, value);
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
