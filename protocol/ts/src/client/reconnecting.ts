import { afterClose } from "../codes.ts";
import type { Problem } from "./http.ts";
import { stopsFor, whyClosed } from "./reasons.ts";
import type { Phase } from "./status.ts";
import { backoffMs } from "./surroundings.ts";

/** How an attempt to connect, or a connection, ended. */
export type ConnectionEnd =
  /** The relay gave no credential. */
  | { readonly kind: "refused"; readonly problem: Problem }
  /** The socket closed: before its welcome, or after it had lived for so long. */
  | { readonly kind: "closed"; readonly code: number; readonly livedMs: number | undefined }
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
        return this.#afterClose(end.code, end.livedMs);
    }
  }

  #afterRefusal(problem: Problem): Next {
    const phase = stopsFor(problem);
    if (phase !== undefined) return { kind: "stop", phase };
    const asked = (problem.retryAfterSeconds ?? 0) * 1000;
    return { kind: "retry", afterMs: Math.max(this.#pause(), asked), problem };
  }

  #afterClose(code: number, livedMs: number | undefined): Next {
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
        phase: { kind: "stopped", code: `closed_${code}`, message: whyClosed(code) },
      };
    }
    const afterMs = this.#pause();
    if (then === "refresh") {
      this.#hasRefreshed = true;
      return { kind: "retry", afterMs, first: "refresh" };
    }
    return this.#unwelcomed < ASK_FROM
      ? { kind: "retry", afterMs }
      : { kind: "retry", afterMs, first: "ask" };
  }

  #pause(): number {
    return backoffMs(this.#attempts++, this.#random);
  }
}
