import { countSockets, staleSocketsMs, takeSocketPlace } from "../sync/store-table.ts";
import type { Scope } from "../sync/pack-table.ts";
import type { Hub } from "./hub.ts";

/**
 * The statement that takes a place for one more socket if the user's quota over all stores allows: a row if it does.
 * Check and count are one statement, so that many sockets opened at once cannot slip past it together.
 *
 * @param opening sockets of the hub that are being admitted, this one among them
 */
export function placeFor(
  db: D1Database,
  { storeId: id, userId }: Scope,
  ctx: DurableObjectState,
  opening: number,
  quota: number,
  now: number,
): D1PreparedStatement {
  const rule = { quota, since: now - staleSocketsMs };
  return takeSocketPlace(db, { id, userId }, heldSockets(ctx) + opening, now, rule);
}

/** Tells D1 how many sockets this hub holds. */
export async function reportSockets(hub: Hub): Promise<void> {
  const sockets = heldSockets(hub.ctx) + hub.entry.opening;
  const store = { id: hub.scope.storeId, userId: hub.scope.userId };
  await countSockets(hub.env.DB, store, sockets, hub.world.now()).run();
}

/** One that was closed by the hub counts for as long as the other side has not answered. */
function heldSockets(ctx: DurableObjectState): number {
  return ctx.getWebSockets().filter(({ readyState }) => readyState !== WebSocket.CLOSED).length;
}
