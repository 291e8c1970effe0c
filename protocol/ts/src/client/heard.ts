import type { Pong } from "../pong.ts";
import type { ServerOp } from "../server-ops.ts";

/** The newest event heard of on a connection, so that a pong tells whether some were lost on the way. */
export class Heard {
  #head = 0;
  #epoch = "";
  /** Whether live events come: until all pages of missed ones were read, the relay holds them back. */
  #isLive = false;

  /** Number of the newest event. */
  get head(): number {
    return this.#head;
  }

  /** Takes note of what the relay sent. */
  take(op: ServerOp): void {
    // The other operations say nothing about the numbering.
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check
    switch (op.op) {
      case "welcome":
        this.#head = op.head;
        this.#epoch = op.epoch;
        this.#isLive = !op.resumed && op.reason !== "expired";
        break;
      case "event":
      case "ack":
        this.#head = Math.max(this.#head, op.seq);
        break;
      case "events":
        this.#head = Math.max(this.#head, op.items.at(-1)?.seq ?? 0);
        if (!op.more) this.#isLive = true;
        break;
    }
  }

  /** Whether a pong knows more than what came, or another epoch. */
  isBehind({ epoch, head }: Pong): boolean {
    return epoch !== this.#epoch || (this.#isLive && head > this.#head);
  }
}
