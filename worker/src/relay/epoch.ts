import { CLOSE } from "@gitblobs/protocol";
import { toHex } from "../encoding.ts";
import { renewEpoch } from "../sync/store-table.ts";
import { close } from "./connection.ts";
import { forgetStock, setPong, type Hub } from "./hub.ts";

/** Where D1 says the store stands. */
export interface PositionRow {
  readonly head: number;
  readonly epoch: string;
  readonly oldest: number;
  readonly kept_until: number;
  readonly kept_since: number;
  /** When the first of what was pushed would go; NULL if nothing of it is there. */
  readonly soonest: number | null;
}

/** A new epoch: 8 hex digits. */
export const newEpoch = (random: (bytes: number) => Uint8Array): string => toHex(random(4));

/**
 * Notices that the store was removed, or put back in time: D1 stands before what this hub had published when it began
 * to read the row. Then clients must not trust their cursors: the store gets a new epoch and everybody reconnects.
 */
export async function checkPosition(
  hub: Hub,
  row: PositionRow | undefined,
  publishedBefore: number,
): Promise<void> {
  if (row === undefined) {
    closeAll(hub, CLOSE.removed, "the store was removed");
    return;
  }
  hub.kept = { since: row.kept_since, until: row.kept_until };
  hub.known?.setKept(row.kept_since, row.kept_until);
  if (row.head >= publishedBefore) return;
  forgetStock(hub);
  const epoch = newEpoch((bytes) => hub.world.random(bytes));
  await renewEpoch(hub.env.DB, hub.scope.storeId, epoch).run();
  hub.epoch = epoch;
  hub.published = row.head;
  await hub.ctx.storage.put("head", row.head);
  setPong(hub);
  closeAll(hub, CLOSE.restart, "the store was put back in time");
}

/** Closes every socket of the hub. */
export function closeAll(hub: Hub, code: number, reason: string): void {
  for (const connection of hub.connections.values()) close(connection, code, reason);
}
