import { toBase64Url } from "../encoding.ts";
import type { World } from "../world.ts";

/** A one-time password can be used to log in for so long. */
export const oneTimePasswordMs = 24 * 60 * 60 * 1000;

/** A random password of 144 bits in groups of six, for somebody to copy once. */
export function makeOneTimePassword(world: World): string {
  const text = toBase64Url(world.random(18));
  return text.match(/.{6}/gu)?.join(".") ?? text;
}
