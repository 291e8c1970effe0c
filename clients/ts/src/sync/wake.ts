/** Lets a loop sleep until something calls for it; a call that comes while it works counts for its next sleep. */
export class Wake {
  #next = new AbortController();

  /** Begins to listen: the signal is aborted by the next call. */
  arm(): AbortSignal {
    this.#next = new AbortController();
    return this.#next.signal;
  }

  /** Calls. */
  poke(): void {
    this.#next.abort();
  }
}

/** Read anew each time: a signal changes while one waits. */
export const isOver = (signal: AbortSignal): boolean => signal.aborted;

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener("abort", () => {
        resolve();
      });
  });
