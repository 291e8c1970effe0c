import type { ClientOp, ErrorOp, ServerOp } from "@gitblobs/protocol";

/** The relay refused a request; `op.retry` says how to go on. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  constructor(readonly op: ErrorOp) {
    super(op.message);
  }
}

/** The connection ended before the answer came; what was asked happened once or not at all. */
export class ConnectionClosed extends Error {
  override readonly name = "ConnectionClosed";
  constructor(readonly code: number) {
    super(`the connection ended (${code})`);
  }
}

type Unnumbered<Op> = Op extends { readonly id: number } ? Omit<Op, "id"> : never;
/** A request before it has its number. */
export type RequestOp = Unnumbered<ClientOp>;

/** Gets the `objects` and `part`s that come before a request's last answer, one at a time. */
export type OnPart = (op: ServerOp) => Promise<void>;

/** Answers that end a request; `objects` and `part` come before one. */
const LAST: ReadonlySet<string> = new Set(["want", "ok", "ack", "events", "done", "error"]);

interface Waiting {
  readonly onPart: OnPart;
  readonly resolve: (op: ServerOp) => void;
  readonly reject: (reason: Error) => void;
}

/** The requests of one connection that wait for their answers. */
export class OpenRequests {
  readonly #waiting = new Map<number, Waiting>();
  #closed: ConnectionClosed | undefined;

  /** Waits for the last answer to a request. */
  add(id: number, onPart: OnPart): Promise<ServerOp> {
    const answer = new Promise<ServerOp>((resolve, reject) => {
      if (this.#closed === undefined) this.#waiting.set(id, { onPart, resolve, reject });
      else reject(this.#closed);
    });
    // A caller of many requests may stop at the first failure; the others are then nobody's.
    answer.catch(() => undefined);
    return answer;
  }

  /**
   * Hands an answer to its request; false when it answers none. An error without a number is about a whole frame, and
   * which one it was is not told: all that wait are refused. Asked again, none of them has a second effect.
   */
  async take(op: ServerOp): Promise<boolean> {
    if (op.op === "error" && op.id === undefined) {
      this.#failAll(new RequestRefused(op));
      return true;
    }
    const id = "id" in op ? op.id : undefined;
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (waiting === undefined || id === undefined) return false;
    if (LAST.has(op.op)) {
      this.#waiting.delete(id);
      if (op.op === "error") waiting.reject(new RequestRefused(op));
      else waiting.resolve(op);
    } else {
      // What cannot be stored fails the request, not the connection.
      await waiting.onPart(op).catch((error: unknown) => {
        waiting.reject(error instanceof Error ? error : new Error(String(error)));
      });
    }
    return true;
  }

  /** Fails all that wait and all to come. */
  close(reason: ConnectionClosed): void {
    this.#closed = reason;
    this.#failAll(reason);
  }

  #failAll(reason: Error): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
