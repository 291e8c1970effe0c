import { afterClose, CLOSE } from "@gitblobs/protocol";
import type { Problem } from "./problem.ts";
import { STORE_REMOVED, stopsFor, whyClosed } from "./reasons.ts";
import type { Phase } from "./status.ts";
import { backoffMs } from "./surroundings.ts";

/** How an attempt to connect, or a connection, ended. */
export type ConnectionEnd =
  /** The relay gave no credential. */
  | { readonly kind: "refused"; readonly problem: Problem }
  /** The socket closed: before its welcome, or after it had lived for so long. `reason` is this side's. */
  | {
      readonly kind: "closed";
      readonly code: number;
      readonly livedMs: number | undefined;
      readonly reason?: string;
    }
  /** Something broke that is neither the relay nor the network. */
  | { readonly kind: "broken"; readonly phase: Phase };

/** What comes next. */
export type Next =
  | { readonly kind: "stop"; readonly phase: Phase }
  /** Wait, then connect again. `first` has to be done before: ask for a fresh token, or why sockets are refused. */
  | {
      readonly kind: "retry";
      readonly afterMs: number;
      readonly first?: "refresh" | "ask";
      readonly problem?: Problem;
    };

/** A connection that lived this long was a good one: what went wrong before it is forgotten. */
const STABLE_MS = 30_000;
/** A socket may fail by chance once; then its refusal is asked for. */
const ASK_FROM = 2;

/** The pause that whoever answered asks for; the jitter comes on top of it, so that not all come back at once. */
export const askedPauseMs = ({ retryAfterSeconds = 0 }: Problem): number =>
  retryAfterSeconds * 1000;

/** A connection that this side has ended. */
const endedHere = (code: number, message: string): Problem => ({
  ...{ status: 0, code: `closed_${code}`, message, then: "wait" },
});

/** One thing has one code, however it was learnt. */
const stopCode = (code: number) => (code === CLOSE.removed ? STORE_REMOVED : `closed_${code}`);

/** Decides, by PROTOCOL.md 8, when to connect again and when not to. */
export class Reconnecting {
  readonly #random: () => number;
  #attempts = 0;
  #unwelcomed = 0;
  #hasRefreshed = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** What comes after a connection, or an attempt at one, has ended. */
  after(end: ConnectionEnd): Next {
    switch (end.kind) {
      case "broken":
        return { kind: "stop", phase: end.phase };
      case "refused":
        return this.#afterRefusal(end.problem);
      case "closed":
        return this.#afterClose(end);
    }
  }

  #afterRefusal(problem: Problem): Next {
    const phase = stopsFor(problem);
    if (phase !== undefined) return { kind: "stop", phase };
    return { kind: "retry", afterMs: this.#pause() + askedPauseMs(problem), problem };
  }

  #afterClose({ code, livedMs, reason }: Extract<ConnectionEnd, { kind: "closed" }>): Next {
    if (livedMs !== undefined && livedMs >= STABLE_MS) {
      this.#attempts = 0;
      this.#hasRefreshed = false;
    }
    this.#unwelcomed = livedMs === undefined ? this.#unwelcomed + 1 : 0;
    const then = afterClose(code);
    // A fresh token did not help: PROTOCOL.md 8 says to log in.
    if (then === "stop" || (then === "refresh" && this.#hasRefreshed)) {
      return {
        kind: "stop",
        phase: { kind: "stopped", code: stopCode(code), message: whyClosed(code) },
      };
    }
    const afterMs = this.#pause();
    if (then === "refresh") {
      this.#hasRefreshed = true;
      return { kind: "retry", afterMs, first: "refresh" };
    }
    if (this.#unwelcomed >= ASK_FROM) return { kind: "retry", afterMs, first: "ask" };
    return reason === undefined
      ? { kind: "retry", afterMs }
      : { kind: "retry", afterMs, problem: endedHere(code, reason) };
  }

  #pause(): number {
    return backoffMs(this.#attempts++, this.#random);
  }
}
