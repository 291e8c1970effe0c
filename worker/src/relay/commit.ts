import { asRelayError } from "../http/platform-error.ts";

/** Pauses before the second and third attempt. */
const pausesMs = [50, 250];

/**
 * Runs a batch, and again if the database says it could not be reached: it may have been committed all the same, so
 * only statements that may be repeated belong here. Throws what the last attempt threw.
 */
export async function runBatch(
  db: D1Database,
  statements: readonly D1PreparedStatement[],
): Promise<readonly D1Result[]> {
  return withRetries(() => db.batch([...statements]));
}

/** Does something that may be repeated, and again if the database says it could not be reached. */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await scheduler.wait(pause);
    }
  }
  return work();
}

/** Whether trying again may help; an overloaded database is not helped by more of the same. */
export function isTransient(error: unknown): boolean {
  const overloaded = error instanceof Error && error.message.includes("overloaded");
  return !overloaded && isUnavailable(error);
}

/** Whether the database did not do its part. */
export function isUnavailable(error: unknown): boolean {
  return asRelayError(error).code === "database_unavailable";
}
