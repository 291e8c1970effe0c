import type { UnrelatedPolicy } from "../history/merge.ts";
import type { Resolve } from "../history/tree-merge.ts";
import type { Problem } from "./problem.ts";
import { NO_STORE, STORE_REMOVED, stopsFor } from "./reasons.ts";
import type { Phase } from "./status.ts";
import { Sync, type SyncOptions } from "./sync.ts";

/** What {@link syncOnce} needs beside what a {@link Sync} does. */
export interface SyncOnceOptions extends SyncOptions {
  /** Decides conflicts. */
  readonly resolve?: Resolve;
  /** Decides what becomes of two histories without a common commit. */
  readonly unrelated?: UnrelatedPolicy;
  /**
   * Makes the store where there is none: "new" where this copy never belonged to one, "anew" also where the one it
   * belonged to was removed. Left out, it makes none and ends with `no_store` or `store_removed`.
   */
  readonly makes?: "new" | "anew";
  /** Attempts to connect before it gives up; 8 where it is left out, which takes about a minute. */
  readonly attempts?: number;
  /** Gives up when it is aborted; the outcome is then "offline". */
  readonly signal?: AbortSignal;
}

/** How {@link syncOnce} ended: in step, or with what stands in the way. */
export type SyncOnceOutcome = Exclude<Phase, { readonly kind: "connecting" | "syncing" }>;

const ATTEMPTS = 8;

/**
 * Brings a local copy and a store of the relay to the same commit, once, and ends: "up-to-date", or the phase that says what
 * stands in the way. Never drops a local commit.
 *
 * A program that writes begins with it: a first commit made before the relay's was fetched begins a history of its own, and
 * two such histories are "unrelated".
 *
 * @example
 * ```ts
 * const outcome = await syncOnce(options);
 * if (outcome.kind !== "up-to-date") throw new Error(`not in step: ${outcome.kind}`);
 * ```
 */
export async function syncOnce(options: SyncOnceOptions): Promise<SyncOnceOutcome> {
  const { resolve, unrelated, attempts = ATTEMPTS, signal, onStatus, ...rest } = options;
  let ended = Promise.withResolvers<SyncOnceOutcome>();
  let failures = 0;
  const sync = new Sync({
    ...rest,
    onStatus: (status) => {
      const { phase } = status;
      if (phase.kind === "connecting") failures += 1;
      else if (phase.kind !== "syncing" && (phase.kind !== "offline" || failures >= attempts))
        ended.resolve(phase);
      return onStatus?.(status);
    },
  });
  if (resolve !== undefined) sync.resolve(resolve);
  if (unrelated !== undefined) sync.chooseUnrelated(unrelated);
  const giveUp = () => {
    ended.resolve({ kind: "offline" });
  };
  signal?.addEventListener("abort", giveUp);
  if (signal?.aborted === true) giveUp();
  else sync.start();
  let outcome = await ended.promise;
  if (await mayMake(outcome, options)) {
    ended = Promise.withResolvers();
    failures = 0;
    const problem = await sync.makeStore();
    outcome = problem === undefined ? await ended.promise : stuckWith(problem);
  }
  signal?.removeEventListener("abort", giveUp);
  await sync.stop();
  return outcome;
}

async function mayMake(outcome: SyncOnceOutcome, { makes, memory }: SyncOnceOptions) {
  if (outcome.kind !== "stopped" || makes === undefined) return false;
  if (outcome.code !== NO_STORE && outcome.code !== STORE_REMOVED) return false;
  return makes === "anew" || (await memory.load()) === undefined;
}

const stuckWith = (problem: Problem): SyncOnceOutcome => {
  const phase = stopsFor(problem);
  return phase?.kind === "stopped" ? phase : { kind: "offline", problem };
};
