import { RelayError } from "../http/problem.ts";
import { commonLongPasswords } from "./common-passwords.ts";

/** NIST SP 800-63B-4 for passwords that are the only factor; ASVS 6.2.1 recommends it too. */
export const minPasswordLength = 15;
/** Enough for any passphrase; bounds the work of hashing. */
export const maxPasswordLength = 128;
const minDistinctCharacters = 5;

/**
 * Refuses new passwords that are too short, common, repetitive or made of the user's name. Any characters may be used;
 * length counts code points, and nothing is cut, folded or trimmed.
 *
 * @throws RelayError `weak_password`
 */
export function checkNewPassword(password: string, username: string): void {
  const fault = faultOf(password, username);
  if (fault !== undefined) {
    throw new RelayError("weak_password", { detail: fault });
  }
}

function faultOf(password: string, username: string): string | undefined {
  const length = Array.from(password).length;
  const folded = password.toLowerCase();
  if (length < minPasswordLength || length > maxPasswordLength) {
    return `Use ${minPasswordLength} to ${maxPasswordLength} characters; a sentence is fine.`;
  }
  if (commonLongPasswords.has(folded)) {
    return "This is one of the most common passwords.";
  }
  if (new Set(folded).size < minDistinctCharacters || isRepetition(folded)) {
    return "This repeats itself.";
  }
  const rest = folded.replaceAll(username.toLowerCase(), "").replaceAll("gitblobs", "");
  return rest.length < 8 ? "This is made of the user's or the product's name." : undefined;
}

/** Whether a text is one shorter text several times over: it then occurs in its own double, off both ends. */
function isRepetition(text: string): boolean {
  return (text + text).indexOf(text, 1) < text.length;
}
