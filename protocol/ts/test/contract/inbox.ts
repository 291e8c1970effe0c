import type { ServerOp } from "../../src/index.ts";

/** Longer than any answer takes on a busy machine: what has not come by then does not come. */
const patienceMs = 20_000;

/** What a device was sent and the scenario has not taken yet. */
export class Inbox {
  readonly #ops: ServerOp[] = [];
  readonly #watchers = new Set<() => void>();
  #closedWith: number | undefined;

  constructor(readonly owner: string) {}

  /** What is still here. */
  get ops(): readonly ServerOp[] {
    return this.#ops;
  }

  /** The close code, once there is one. */
  get closedWith(): number | undefined {
    return this.#closedWith;
  }

  receive(...ops: readonly ServerOp[]): void {
    this.#ops.push(...ops);
    this.#wake();
  }

  end(code: number): void {
    this.#closedWith ??= code;
    this.#wake();
  }

  /** Takes the first operation that is meant, waiting for it. */
  take(what: string, isMeant: (op: ServerOp) => boolean): Promise<ServerOp> {
    return this.#until(what, () => {
      const at = this.#ops.findIndex(isMeant);
      const [op] = at < 0 ? [] : this.#ops.splice(at, 1);
      if (op === undefined && this.#closedWith !== undefined)
        throw new Error(`${this.owner} was closed with ${this.#closedWith} before ${what} came`);
      return op;
    });
  }

  /** Waits until the connection has ended. */
  ended(): Promise<number> {
    return this.#until("its end", () => this.#closedWith);
  }

  #until<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        this.#watchers.delete(watch);
        clearTimeout(timer);
      };
      const watch = () => {
        try {
          const found = look();
          if (found === undefined) return;
          finish();
          resolve(found);
        } catch (error) {
          finish();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`${this.owner} waits for ${what}, and has ${shortly(this.#ops)}`));
      }, patienceMs);
      this.#watchers.add(watch);
      watch();
    });
  }

  #wake(): void {
    for (const watch of [...this.#watchers]) watch();
  }
}

/** Operations for a message, without their bodies. */
export const shortly = (ops: unknown): string =>
  JSON.stringify(ops, (_, value: unknown) =>
    value instanceof Uint8Array ? `${value.length} bytes` : value,
  ).slice(0, 2_000);
