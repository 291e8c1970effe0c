/** Where a page of events can be held back. */
export type Moment = "reading" | "sending";

/** Holds a page of events back, for tests of what happens meanwhile. */
export class PageGate {
  #heldAt: Moment | undefined;
  #reached = Promise.withResolvers<undefined>();
  #released = Promise.withResolvers<undefined>();

  /** Holds the next page at this moment. */
  hold(moment: Moment): void {
    this.#heldAt = moment;
    this.#reached = Promise.withResolvers();
    this.#released = Promise.withResolvers();
  }

  /** Settles when a page is held. */
  get reached(): Promise<undefined> {
    return this.#reached.promise;
  }

  release(): void {
    this.#released.resolve(undefined);
  }

  /** Waits where it is held; others pass. */
  async pass(moment: Moment): Promise<void> {
    if (this.#heldAt !== moment) return;
    this.#heldAt = undefined;
    this.#reached.resolve(undefined);
    await this.#released.promise;
  }
}
