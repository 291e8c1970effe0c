import { createHmac, scryptSync } from "node:crypto";
import { fromBase64Url, toBase64Url } from "../encoding.ts";
import type { World } from "../world.ts";

/** Cost of a hash: 2^ln blocks of r*128 bytes, p times. */
export interface ScryptCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/**
 * Cost of new hashes: OWASP's and ASVS 5.0's minimum (appendix C) with 32 MiB, under the platform's cap of
 * N*r*p <= 2^20.
 */
export const currentCost: ScryptCost = { ln: 15, r: 8, p: 3 };

const saltBytes = 16;
const hashBytes = 32;
/** scrypt needs a little more than N*r*128 bytes; node's default of 32 MiB would refuse our cost. */
const maxMemoryBytes = 64 * 1024 * 1024;
const phc =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2}),keyid=([\w-]{11})\$([\w-]{22})\$([\w-]{43})$/u;

/**
 * Hashes a password: scrypt, then an HMAC with the pepper, so that a copy of the database alone cannot be guessed at.
 * Returns a PHC string; `keyid` names the pepper. Blocks for about 250 ms: run it through the hash gate.
 */
export function hashPassword(
  password: string,
  pepper: string,
  world: World,
  cost: ScryptCost = currentCost,
): string {
  const salt = world.random(saltBytes);
  const hash = computeHash(password, salt, cost, pepper);
  const parameters = `ln=${cost.ln},r=${cost.r},p=${cost.p},keyid=${pepperId(pepper)}`;
  return `$scrypt$${parameters}$${toBase64Url(salt)}$${toBase64Url(hash)}`;
}

/** How a password compares with a stored hash. */
export interface PasswordVerdict {
  readonly matches: boolean;
  /** The hash was made with another cost than new ones are. */
  readonly outdated: boolean;
  /** The hash was made with another pepper, so nothing matches it any more. */
  readonly foreignPepper: boolean;
}

/** Compares; costs the same whatever the outcome. Blocks like `hashPassword`. */
export function verifyPassword(password: string, stored: string, pepper: string): PasswordVerdict {
  const parsed = phc.exec(stored);
  if (parsed === null) {
    throw new Error("a stored password hash is not in the expected form");
  }
  const [, ln, r, p, keyId, salt = "", hash = ""] = parsed;
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const computed = computeHash(password, fromBase64Url(salt), cost, pepper);
  return {
    matches: crypto.subtle.timingSafeEqual(computed, fromBase64Url(hash)),
    outdated: cost.ln !== currentCost.ln || cost.r !== currentCost.r || cost.p !== currentCost.p,
    foreignPepper: keyId !== pepperId(pepper),
  };
}

/** A hash of nothing anybody knows: what the password of an unknown user is compared with, at the same cost. */
export const hashOfNobody = `$scrypt$ln=${currentCost.ln},r=${currentCost.r},p=${currentCost.p},keyid=${"A".repeat(11)}$${"A".repeat(22)}$${"A".repeat(43)}`;

function computeHash(
  password: string,
  salt: Uint8Array,
  cost: ScryptCost,
  pepper: string,
): Uint8Array<ArrayBuffer> {
  const options = { N: 2 ** cost.ln, r: cost.r, p: cost.p, maxmem: maxMemoryBytes };
  const bare = scryptSync(password, salt, hashBytes, options);
  return new Uint8Array(createHmac("sha256", fromBase64Url(pepper)).update(bare).digest());
}

function pepperId(pepper: string): string {
  const digest = createHmac("sha256", fromBase64Url(pepper)).update("keyid").digest();
  return toBase64Url(new Uint8Array(digest.subarray(0, 8)));
}
