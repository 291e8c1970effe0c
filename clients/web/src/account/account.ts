import { Login, realSurroundings, type SavedLogin } from "@gitblobs/client";
import { onKeptElsewhere } from "../ui/kept.ts";
import { createValue, type Value } from "../ui/value.ts";
import { browserVault, LOGIN_KEY, readLogin } from "./vault.ts";

/** Who is logged in in this browser; null when nobody is. Other tabs' logins and logouts show at once. */
export const account: Value<SavedLogin | null> = createValue(readLogin());

/** Why the user was logged out without asking for it; shown with the login form. */
export const signedOutReason: Value<string | null> = createValue<string | null>(null);

const vault = browserVault(account.set);

/** The relay that the page is of: the one that served it, unless it names another. */
const relay =
  document.querySelector<HTMLMetaElement>('meta[name="gitblobs-relay"]')?.content ??
  location.origin;

/** The login of this browser at that relay. */
export const login = new Login(relay, realSurroundings, vault, () => {
  signedOutReason.set("Your session has ended. Log in again; changes made here are kept.");
});

/** Notes that the user has chosen a password of their own, so that no tab and no later visit asks again. */
export function passwordWasChanged(): Promise<void> {
  return vault.exclusively(async () => {
    const saved = await vault.load();
    if (saved !== null)
      await vault.save({ ...saved, user: { ...saved.user, password_must_change: false } });
  });
}

onKeptElsewhere(LOGIN_KEY, () => {
  account.set(readLogin());
});
