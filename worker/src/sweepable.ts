/** Rows that nobody can use any more, and how to count and remove them. */
export interface Sweepable {
  /** The table, as answers and logs name it. */
  readonly name: string;
  /** One row with `n`: how many rows there are to remove at `now`. */
  count(db: D1Database, now: number): D1PreparedStatement;
  /** Removes at most `limit` of them, giving back one row for each. */
  remove(db: D1Database, now: number, limit: number): D1PreparedStatement;
}

/** What keeps the books once rows of the other kinds were removed: a statement at the end of a sweep. */
export type Bookkeeping = (db: D1Database, now: number, limit: number) => D1PreparedStatement;

/** All that expires. */
export interface Sweep {
  readonly kinds: readonly Sweepable[];
  readonly books: readonly Bookkeeping[];
}
