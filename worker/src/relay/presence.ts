import { sendOps, type Connection } from "./connection.ts";
import { welcomed, type Hub } from "./hub.ts";

/** Forgets a connection that was closed by either side, and tells the others if they knew of it. */
export function forgetConnection(hub: Hub, connection: Connection): void {
  hub.connections.delete(connection.socket);
  if (connection.attachment.device !== null) sharePresence(hub);
}

/** Tells everybody who is here: once for all changes of one turn. */
export function sharePresence(hub: Hub): void {
  if (hub.presenceChanged) return;
  hub.presenceChanged = true;
  queueMicrotask(() => {
    hub.presenceChanged = false;
    const now = hub.world.now();
    const here = welcomed(hub);
    const devices = here.map(({ device, connection }) => {
      const { since, state } = connection.attachment;
      return state === null ? { device, since } : { device, since, state };
    });
    for (const { connection } of here) sendOps(connection, [{ op: "presence", devices }], now);
  });
}
