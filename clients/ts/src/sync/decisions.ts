import type { UnrelatedPolicy } from "../history/merge.ts";
import type { Resolve } from "../history/tree-merge.ts";

/** What a merge is told of the user's decisions. */
export interface Decided {
  readonly resolve?: Resolve | undefined;
  readonly unrelated?: { readonly policy: UnrelatedPolicy } | undefined;
}

/** What the user decided, until a merge has used it: what is decided while one runs is for the next. */
export class Decisions {
  #now: Decided = {};

  /** As they stand. */
  get now(): Decided {
    return this.#now;
  }

  /** Decides files in conflict. */
  resolve(resolve: Resolve): void {
    this.#now = { ...this.#now, resolve };
  }

  /** Decides what becomes of two histories without a common commit. */
  chooseUnrelated(policy: UnrelatedPolicy): void {
    this.#now = { ...this.#now, unrelated: { policy } };
  }

  /** Forgets what a merge has used, and nothing that was decided since. */
  used({ resolve, unrelated }: Decided): void {
    this.#now = {
      resolve: this.#now.resolve === resolve ? undefined : this.#now.resolve,
      unrelated: this.#now.unrelated === unrelated ? undefined : this.#now.unrelated,
    };
  }
}
