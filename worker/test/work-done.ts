import { env } from "cloudflare:workers";
import { meteredDatabase } from "../src/sync/metered-database.ts";
import { replaceBindings } from "./hub-database.ts";

/** What a hub asked of the database. */
export interface WorkDone {
  /** Statements, each of a batch by itself: as the platform counts queries. */
  queries: number;
  rowsRead: number;
  rowsWritten: number;
}

/** Gives a hub, before its first socket, a database that counts what is asked of it, as the platform bills it. */
export async function countWork(id: number): Promise<WorkDone> {
  const work: WorkDone = { queries: 0, rowsRead: 0, rowsWritten: 0 };
  await replaceBindings(id, { DB: counting(env.DB, work) });
  return work;
}

/** A database that counts. */
export const counting = (db: D1Database, work: WorkDone): D1Database =>
  meteredDatabase(db, (_, { meta }) => {
    work.queries += 1;
    work.rowsRead += meta.rows_read;
    work.rowsWritten += meta.rows_written;
  });
