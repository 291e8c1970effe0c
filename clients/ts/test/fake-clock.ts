import type { Surroundings } from "../src/sync/surroundings.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that stands still until its owner moves it. */
export class FakeClock implements Pick<Surroundings, "now" | "wait"> {
  /** Every pause that was asked for, in order. */
  readonly pauses: number[] = [];
  readonly #sleepers = new Set<Sleeper>();
  #now = 1_700_000_000_000;

  now = (): number => this.#now;

  wait = (ms: number, signal: AbortSignal): Promise<void> => {
    this.pauses.push(ms);
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        at: this.#now + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      if (signal.aborted) {
        resolve();
        return;
      }
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", sleeper.wake);
    });
  };

  /** Moves on; who waits for a moment that has come then is woken in its turn, and has done what it does. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await everythingDone();
      const next = [...this.#sleepers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      this.#now = next.at;
      next.wake();
    }
    this.#now = until;
  }
}

/** Lets everything run that needs no time to pass. */
async function everythingDone(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
