import { concatBytes, fromBase64Url, toBase64Url, toUtf8 } from "../encoding.ts";
import type { World } from "../world.ts";

const ivBytes = 12;

/** Seals small secrets under one key (AES-256-GCM); each use of the key has its own purpose. */
export interface SecretBox {
  /** Tells boxes apart without saying anything about their key. */
  readonly fingerprint: string;
  /** Base64url of IV and ciphertext. `context` must be the same when opening. */
  seal(plain: Uint8Array<ArrayBuffer>, context: string): Promise<string>;
  /** What was sealed; undefined if it was sealed under another key or context, or was changed. */
  open(sealed: string, context: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** A box for `purpose`, its key derived (HKDF-SHA-256) from a secret of full entropy. */
export async function openSecretBox(
  secret: Uint8Array<ArrayBuffer>,
  purpose: string,
  world: World,
): Promise<SecretBox> {
  const root = await crypto.subtle.importKey("raw", secret, "HKDF", false, [
    "deriveKey",
    "deriveBits",
  ]);
  const derive = (info: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: toUtf8(info),
  });
  const aes = { name: "AES-GCM", length: 256 };
  const key = await crypto.subtle.deriveKey(derive(purpose), root, aes, false, [
    "encrypt",
    "decrypt",
  ]);
  const mark = await crypto.subtle.deriveBits(derive(`${purpose} fingerprint`), root, 64);
  const parameters = (iv: Uint8Array<ArrayBuffer>, context: string) => ({
    name: "AES-GCM",
    iv,
    additionalData: toUtf8(context),
  });
  return {
    fingerprint: toBase64Url(new Uint8Array(mark)),
    async seal(plain, context) {
      const iv = world.random(ivBytes);
      const sealed = await crypto.subtle.encrypt(parameters(iv, context), key, plain);
      return toBase64Url(concatBytes([iv, new Uint8Array(sealed)]));
    },
    async open(sealed, context) {
      try {
        const bytes = fromBase64Url(sealed);
        const iv = bytes.slice(0, ivBytes);
        const plain = await crypto.subtle.decrypt(
          parameters(iv, context),
          key,
          bytes.slice(ivBytes),
        );
        return new Uint8Array(plain);
      } catch {
        // WebCrypto tells a wrong key only by throwing, as the decoder does what is no base64url.
        return undefined;
      }
    },
  };
}
