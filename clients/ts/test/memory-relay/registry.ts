/** Which store the one user has, and which there were. */
export class Registry {
  #id = 1;
  #isThere = true;
  readonly #removed = new Set<number>();

  /** The store's id, or that of the last one. */
  get id(): number {
    return this.#id;
  }

  /** Makes a store unless there is one; whether it did. */
  make(): boolean {
    if (this.#isThere) return false;
    this.#id += 1;
    this.#isThere = true;
    return true;
  }

  remove(): void {
    this.#isThere = false;
    this.#removed.add(this.#id);
  }

  /** Why a request that may name an id is not served. */
  refusal({ searchParams }: URL): [status: number, code: string] | undefined {
    const named = searchParams.get("id");
    const isMeant = named === null || Number(named) === this.#id;
    if (this.#isThere && isMeant) return undefined;
    return named !== null && this.#removed.has(Number(named))
      ? [410, "store_removed"]
      : [404, "no_store"];
  }
}
