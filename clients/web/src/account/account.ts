import { Login, realSurroundings, type SavedLogin } from "@gitblobs/protocol/client";
import { createValue, type Value } from "../ui/value.ts";
import { browserVault, LOGIN_KEY, readLogin } from "./vault.ts";

/** Who is logged in in this browser; null when nobody is. Other tabs' logins and logouts show at once. */
export const account: Value<SavedLogin | null> = createValue(readLogin());

/** Why the user was logged out without asking for it; shown with the login form. */
export const signedOutReason: Value<string | null> = createValue<string | null>(null);

const vault = browserVault();

/** The login of this browser at the relay that served the page. */
export const login = new Login(
  location.origin,
  realSurroundings,
  {
    ...vault,
    save: async (saved) => {
      await vault.save(saved);
      account.set(saved);
    },
  },
  () => {
    signedOutReason.set("Your session has ended. Log in again; changes made here are kept.");
  },
);

addEventListener("storage", ({ key }) => {
  if (key === LOGIN_KEY || key === null) account.set(readLogin());
});
