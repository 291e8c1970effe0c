import { LIMITS } from "@gitblobs/protocol";
import type { Env } from "../env.ts";

/** What a deployment allows: times to live, quotas and rates. */
export interface Settings {
  readonly ttlSeconds: number;
  readonly ttlMaxSeconds: number;
  readonly quotaBytes: number;
  readonly quotaObjects: number;
  readonly quotaStores: number;
  readonly quotaSockets: number;
}

const defaults: Settings = {
  ttlSeconds: 7 * 86_400,
  ttlMaxSeconds: 30 * 86_400,
  quotaBytes: 1_073_741_824,
  quotaObjects: 1_000_000,
  quotaStores: 20,
  quotaSockets: 16,
};

const positive = (text: string | undefined, otherwise: number): number => {
  const value = Number(text);
  return text !== undefined && text !== "" && Number.isSafeInteger(value) && value > 0
    ? value
    : otherwise;
};

/** Reads the deployment's settings; what is not a positive whole number counts as not set. */
export function readSettings(env: Env): Settings {
  const ttlMaxSeconds = positive(env.TTL_MAX_SECONDS, defaults.ttlMaxSeconds);
  return {
    ttlSeconds: Math.min(positive(env.TTL_DEFAULT_SECONDS, defaults.ttlSeconds), ttlMaxSeconds),
    ttlMaxSeconds,
    quotaBytes: positive(env.QUOTA_BYTES, defaults.quotaBytes),
    quotaObjects: positive(env.QUOTA_OBJECTS, defaults.quotaObjects),
    quotaStores: positive(env.QUOTA_STORES, defaults.quotaStores),
    quotaSockets: positive(env.QUOTA_SOCKETS, defaults.quotaSockets),
  };
}

/** When something stored at `now` expires: as asked, at most the maximum, else the default. */
export function expiryOf(settings: Settings, now: number, ttl: number | undefined): number {
  return now + Math.min(ttl ?? settings.ttlSeconds, settings.ttlMaxSeconds) * 1_000;
}

/** When unfinished work started at `now` is dropped. */
export const unfinishedUntil = (now: number): number => now + LIMITS.unfinishedSeconds * 1_000;
