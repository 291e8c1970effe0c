import { countSockets, staleSocketsMs, takeSocketPlace } from "../sync/store-table.ts";
import type { Hub } from "./hub.ts";

/**
 * Takes a place for one more socket if the user's quota over all stores allows; false if it does not. Check and count
 * are one statement, so that many sockets opened at once cannot slip past it together.
 */
export async function takePlace(hub: Hub): Promise<boolean> {
  hub.opening += 1;
  try {
    const now = hub.world.now();
    const sockets = heldSockets(hub) + hub.opening;
    const rule = { quota: hub.settings.quotaSockets, since: now - staleSocketsMs };
    return await takeSocketPlace(hub.env.DB, storeOf(hub), sockets, now, rule);
  } finally {
    hub.opening -= 1;
  }
}

/** Tells D1 how many sockets this hub holds. */
export async function reportSockets(hub: Hub): Promise<void> {
  const sockets = heldSockets(hub) + hub.opening;
  await countSockets(hub.env.DB, storeOf(hub), sockets, hub.world.now()).run();
}

const storeOf = ({ scope }: Hub) => ({ id: scope.storeId, userId: scope.userId });

/** One that was closed by the hub counts for as long as the other side has not answered. */
function heldSockets(hub: Hub): number {
  return hub.ctx.getWebSockets().filter(({ readyState }) => readyState !== WebSocket.CLOSED).length;
}
