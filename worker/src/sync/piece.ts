import type { ServerOp } from "@gitblobs/protocol";
import type { Declarations } from "./declaration-table.ts";
import type { Scope } from "./pack-table.ts";
import type { Settings } from "./settings.ts";
import type { Stock } from "./stock.ts";

/** What the writing side of a store needs; clock, database and what the hub remembers come from outside. */
export interface SyncDeps {
  readonly db: D1Database;
  readonly scope: Scope;
  readonly settings: Settings;
  readonly now: number;
  readonly stock: Stock;
  readonly declarations: Declarations;
  /** A random id for a row. */
  readonly newId: () => number;
}

/** How a write came out: an answer, or an event that takes its place in the store's history. */
export type Outcome =
  | { readonly kind: "answer"; readonly op: ServerOp }
  | { readonly kind: "event"; readonly id: number; readonly mid: string; readonly seq: number }
  /** Something to do once the events of the batch are published. */
  | { readonly kind: "afterwards"; readonly act: () => void };

/** The writes of one kind of a group as statements of its batch, and what their results mean. */
export interface Piece {
  readonly statements: readonly D1PreparedStatement[];
  /**
   * Reads the results of the statements, after they are committed; one outcome for each write. `head` is where the
   * store stood before the batch.
   */
  settle(
    results: readonly D1Result[],
    head: number,
  ): Promise<readonly Outcome[]> | readonly Outcome[];
}

/** Wraps an answer. */
export const answer = (op: ServerOp): Outcome => ({ kind: "answer", op });

/** The rows of a result, read as what the statement selects. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as D1 itself types it
export function rowsOf<Row>(result: D1Result | undefined): readonly Row[] {
  return (result as D1Result<Row> | undefined)?.results ?? [];
}

/** Cuts a list so that each part stays below a number of characters; a larger one stands alone. */
export function sliced<T>(
  list: readonly T[],
  lengthOf: (one: T) => number,
  most: number,
  mostItems = Infinity,
): T[][] {
  const slices: T[][] = [];
  let room = 0;
  for (const one of list) {
    const length = lengthOf(one);
    const last = slices.at(-1);
    if (last === undefined || length > room || last.length >= mostItems) {
      slices.push([one]);
      room = most - length;
    } else {
      last.push(one);
      room -= length;
    }
  }
  return slices;
}
