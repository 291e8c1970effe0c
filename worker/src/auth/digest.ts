import { toBase64Url, toUtf8 } from "../encoding.ts";

/** SHA-256 of a text in base64url. Enough for secrets of 128 random bits and more; never for passwords. */
export async function digestOf(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", toUtf8(text))));
}

/** Whether two secrets or digests are the same, in a time that says nothing about where they differ. */
export async function isSameSecret(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [left, right].map((text) => crypto.subtle.digest("SHA-256", toUtf8(text))),
  );
  return a !== undefined && b !== undefined && crypto.subtle.timingSafeEqual(a, b);
}
