import type { Surroundings } from "./surroundings.ts";

const PING_EVERY_MS = 30_000;
const PONG_WITHIN_MS = 10_000;

/** Finds out that a connection is dead though nobody closed it (PROTOCOL.md 4). */
export class Heartbeat {
  #alive = new AbortController();

  /**
   * Pings until the connection has ended; returns then, or when a ping was followed by nothing.
   *
   * @returns whether the connection is dead
   */
  async run(world: Surroundings, ended: AbortSignal, ping: () => void): Promise<boolean> {
    for (;;) {
      await world.wait(PING_EVERY_MS, ended);
      if (isOver(ended)) return false;
      this.#alive = new AbortController();
      const heard = AbortSignal.any([this.#alive.signal, ended]);
      ping();
      await world.wait(PONG_WITHIN_MS, heard);
      if (!heard.aborted) return true;
    }
  }

  /** Something came: behind a large download the pong itself may take its time. */
  beat(): void {
    this.#alive.abort();
  }
}

/** Read anew each time: a signal changes while one waits. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;
