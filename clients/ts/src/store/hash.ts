const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** SHA-256 as 64 lower-case hex digits. Browsers offer it on secure pages only (https, or this machine). */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // WebCrypto's types refuse shared memory, which nobody hands in here.
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  let hex = "";
  for (const byte of new Uint8Array(digest)) hex += HEX[byte] ?? "";
  return hex;
}
