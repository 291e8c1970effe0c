import { readSavedLogin, type SavedLogin, type Vault } from "@gitblobs/client";
import { keep, readKept } from "../ui/kept.ts";

/** The key under which this browser's tabs share the login. */
export const LOGIN_KEY = "gitblobs/login";

/**
 * Keeps the login in localStorage, which all tabs of this origin share and nobody else reads: the page runs no script
 * but its own. Refreshing is done by one tab at a time.
 *
 * @param onSaved called with every login that is kept
 */
export function browserVault(onSaved: (login: SavedLogin | null) => void): Vault {
  return {
    load: () => Promise.resolve(readLogin()),
    save: (login) => {
      keep(LOGIN_KEY, login === null ? null : JSON.stringify(login));
      onSaved(login);
      return Promise.resolve();
    },
    exclusively: (work) => navigator.locks.request("gitblobs/refresh", work),
  };
}

/** The login that is kept, or null; text that cannot be read counts as none. */
export function readLogin(): SavedLogin | null {
  return readSavedLogin(readKept(LOGIN_KEY) ?? "");
}
