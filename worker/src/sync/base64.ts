/** Base64 of any bytes. */
export const toBase64 = (bytes: Uint8Array): string => bytes.toBase64();

/** The bytes of a base64 text this relay wrote. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.fromBase64(text);
