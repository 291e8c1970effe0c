import type { Env } from "../env.ts";
import type { Scope } from "../sync/pack-table.ts";
import { rowsOf } from "../sync/piece.ts";
import { readSettings } from "../sync/settings.ts";
import type { SocketAdmission } from "./admission.ts";
import { runBatch } from "./commit.ts";
import { lookAt } from "./look.ts";
import { placeFor } from "./socket-count.ts";

/** What happens at the entry of a hub: before it is loaded as well. */
export interface Entry {
  /** Sockets that are being admitted. */
  opening: number;
  /** How often sockets were closed because a session or an account ended. */
  endings: number;
  /** How often a batch of writes was begun or done. */
  batches: number;
}

/** Nothing has happened yet. */
export const freshEntry = (): Entry => ({ opening: 0, endings: 0, batches: 0 });

/** Where a store stood when a socket was admitted: good for its hello if nothing has happened since. */
export interface EarlyLook {
  readonly results: readonly D1Result[];
  readonly at: number;
  readonly endings: number;
  readonly batches: number;
}

/** A hello that comes later than this asks anew. */
const earlyMs = 2_000;

/** Whether nothing has happened that a welcome would have to tell otherwise. */
export const isFresh = (look: EarlyLook, entry: Entry, now: number): boolean =>
  now - look.at <= earlyMs && look.endings === entry.endings && look.batches === entry.batches;

/**
 * Takes a place for a socket and looks where its store stands, both in one batch, which needs no loaded hub: undefined
 * if there is no place for it.
 */
export async function enter(
  ctx: DurableObjectState,
  env: Env,
  entry: Entry,
  admission: SocketAdmission,
  now: number,
): Promise<EarlyLook | undefined> {
  const scope: Scope = { storeId: admission.storeId, userId: admission.ownerId };
  const { quotaSockets } = readSettings(env);
  const { endings, batches } = entry;
  entry.opening += 1;
  try {
    const [place, ...results] = await runBatch(env.DB, [
      placeFor(env.DB, scope, ctx, entry.opening, quotaSockets, now),
      ...lookAt(env.DB, scope, admission.sessionId, now),
    ]);
    return rowsOf(place).length === 1 ? { results, at: now, endings, batches } : undefined;
  } finally {
    entry.opening -= 1;
  }
}
