import { fromBase64Url } from "./encoding.ts";
import type { Env } from "./env.ts";
import { RelayError } from "./http/problem.ts";

const secretNames = ["JWT_SECRET", "PASSWORD_PEPPER", "ADMIN_TOKEN"] as const;
/** 32 random bytes have some 30 different ones; typed or repeated placeholders have far fewer. */
const minDistinctBytes = 16;
/** Words of placeholders. Each is so long that 43 random characters hold one less than once in a million times. */
const placeholderWords =
  /replace|change|secret|password|passwd|example|placeholder|random|insert|default|sample|base64|deadbeef|qwerty|asdfgh/iu;
/** Characters in a row, each the next one of its alphabet or the same again, as no generator makes them. */
const maxRun = 6;

/** What is wrong with the relay's secrets and variables, one sentence each, never quoting a value. */
export function configurationFaults(env: Env): readonly string[] {
  const previous = env.JWT_SECRET_PREVIOUS ?? "";
  const secrets = new Map<string, string | undefined>(secretNames.map((name) => [name, env[name]]));
  if (previous !== "") {
    secrets.set("JWT_SECRET_PREVIOUS", previous);
  }
  const faults = [...secrets].flatMap(([name, value]) => secretFaults(name, value ?? ""));
  if (new Set(secrets.values()).size < secrets.size) {
    faults.push("Two secrets are the same; each needs its own value.");
  }
  if (typeof env.ENVIRONMENT !== "string" || env.ENVIRONMENT === "") {
    faults.push("ENVIRONMENT is not set.");
  }
  return faults;
}

function secretFaults(name: string, value: string): string[] {
  if (value === "") {
    return [`${name} is not set.`];
  }
  // No base64 text has one character more than a multiple of four.
  if (!/^[\w-]{43,}$/u.test(value) || value.length % 4 === 1) {
    return [`${name} must be base64url of at least 32 random bytes (43 characters).`];
  }
  return looksTyped(value) ? [`${name} looks like a placeholder; make 32 random bytes.`] : [];
}

function looksTyped(value: string): boolean {
  return (
    new Set(fromBase64Url(value)).size < minDistinctBytes ||
    placeholderWords.test(value) ||
    longestRun(value) > maxRun
  );
}

/** The longest stretch in which each character is as far from the one before as that one was: up, down or the same. */
function longestRun(text: string): number {
  let longest = 0;
  let run = 1;
  let step: number | undefined;
  for (let index = 1; index < text.length; index += 1) {
    const next = text.charCodeAt(index) - text.charCodeAt(index - 1);
    run = next === step ? run + 1 : Math.abs(next) <= 1 ? 2 : 1;
    step = Math.abs(next) <= 1 ? next : undefined;
    longest = Math.max(longest, run);
  }
  return longest;
}

/**
 * Lets nobody in while a secret is missing or weak.
 *
 * @throws RelayError `misconfigured`
 */
export function requireConfiguration(env: Env): void {
  if (configurationFaults(env).length > 0) {
    throw new RelayError("misconfigured", { detail: "GET /health says what is missing." });
  }
}
