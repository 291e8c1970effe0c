import { fromBase64Url } from "./encoding.ts";
import type { Env } from "./env.ts";
import { RelayError } from "./http/problem.ts";

const secretNames = ["JWT_SECRET", "PASSWORD_PEPPER", "ADMIN_TOKEN"] as const;
/** 32 random bytes have some 30 different ones; typed or repeated placeholders have far fewer. */
const minDistinctBytes = 16;

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
  const bytes = fromBase64Url(value);
  return new Set(bytes).size < minDistinctBytes ? [`${name} looks like a placeholder.`] : [];
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
