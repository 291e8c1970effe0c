import { isHash } from "../store/objects.ts";
import type { ObjectStorage } from "../store/storage.ts";
import { takeBack, type RevertOptions, type RevertOutcome } from "./revert.ts";

/** A step of the head that this copy made. */
export interface HeadStep {
  /** Null for the first commit. */
  readonly from: string | null;
  readonly to: string;
  /** What it was, for people: "delete file: plan.txt". */
  readonly what: string;
}

/**
 * Where this copy's own steps are kept, oldest first: beside the store's layout, where clients that know nothing of them
 * leave them alone. What other devices did is no step.
 */
export interface HeadLog {
  load(): Promise<readonly HeadStep[]>;
  save(steps: readonly HeadStep[]): Promise<void>;
}

const MAX_STEPS = 100;

/**
 * A log that lives as long as the process.
 *
 * @example
 * ```ts
 * const log = volatileHeadLog();
 * await noteStep(log, { from: ours, to: theirs, what: "delete file: plan.txt" });
 * ```
 */
export function volatileHeadLog(): HeadLog {
  let kept: readonly HeadStep[] = [];
  return {
    load: () => Promise.resolve(kept),
    save: (steps) => {
      kept = steps;
      return Promise.resolve();
    },
  };
}

/** Notes a step that this copy made; the oldest of more than a hundred are forgotten. */
export async function noteStep(log: HeadLog, step: HeadStep): Promise<void> {
  await log.save([...(await log.load()), step].slice(-MAX_STEPS));
}

/** How undoing ends: as a revert does, or there is no step left. */
export type UndoOutcome = RevertOutcome | { readonly kind: "no-step" };

/**
 * Undoes the last step that is in the log, by a new commit, so that it may have been pushed long ago; what came since stays.
 * The step leaves the log unless it is in conflict, so that the next call undoes the one before.
 *
 * @example
 * ```ts
 * const outcome = await undoLastStep(storage, log, { author: me() });
 * console.log(outcome.kind);
 * ```
 */
export async function undoLastStep(
  storage: ObjectStorage,
  log: HeadLog,
  options: RevertOptions,
): Promise<UndoOutcome> {
  const steps = await log.load();
  const last = steps.at(-1);
  if (last === undefined) return { kind: "no-step" };
  const outcome = await takeBack(storage, last, `Undo ${last.what}`, options);
  if (outcome.kind !== "conflicted") await log.save(steps.slice(0, -1));
  return outcome;
}

/** Reads steps as they were kept by a program; whatever has not their form counts as none. */
export const readSteps = (value: unknown): readonly HeadStep[] =>
  Array.isArray(value) && value.every(isStep) ? value : [];

function isStep(value: unknown): value is HeadStep {
  if (typeof value !== "object" || value === null) return false;
  const { from, to, what } = value as Partial<Record<string, unknown>>;
  return (from === null || isHash(from)) && isHash(to) && typeof what === "string";
}
