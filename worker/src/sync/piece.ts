import type { ServerOp } from "@gitblobs/protocol";
import type { Scope } from "./object-table.ts";
import type { Settings } from "./settings.ts";

/** What the writing side of a store needs; clock and database come from outside. */
export interface SyncDeps {
  readonly db: D1Database;
  readonly scope: Scope;
  readonly settings: Settings;
  readonly now: number;
}

/** How a write came out: an answer, or an event that takes its place in the store's history. */
export type Outcome =
  | { readonly kind: "answer"; readonly op: ServerOp }
  | { readonly kind: "event"; readonly id: number; readonly mid: string; readonly seq: number }
  /** Something to do once the events of the batch are published. */
  | { readonly kind: "afterwards"; readonly act: () => void };

/** One or more writes as statements of a group's batch, and what their results mean. */
export interface Piece {
  readonly statements: readonly D1PreparedStatement[];
  /** Reads the results of the statements, after they are committed; one outcome for each write. */
  settle(results: readonly D1Result[]): Promise<readonly Outcome[]> | readonly Outcome[];
}

/** Wraps an answer. */
export const answer = (op: ServerOp): Outcome => ({ kind: "answer", op });

/** The rows of a result, read as what the statement selects. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as D1 itself types it
export function rowsOf<Row>(result: D1Result | undefined): readonly Row[] {
  return (result as D1Result<Row> | undefined)?.results ?? [];
}
