import { LIMITS } from "@gitblobs/protocol";
import { sendFrame, type Connection } from "./connection.ts";
import { welcomed, type Hub } from "./hub.ts";
import { textFrames } from "./text-frames.ts";

/** When the devices were last told who is here, and whether they will be told again. */
export interface PresenceTold {
  at: number;
  isDue: boolean;
}

/** Forgets a connection that was closed by either side, and tells the others if they knew of it. */
export function forgetConnection(hub: Hub, connection: Connection): void {
  hub.connections.delete(connection.socket);
  if (connection.attachment.device !== null) sharePresence(hub);
}

/**
 * Tells everybody who is here: at the end of this turn, or once the window since the last time is over. So many devices
 * that come, go or change at once are told of in one operation to each, not in one for each of them. The timer keeps the
 * hub from sleeping for a part of a second; a hub that ends before it rings takes its sockets along.
 */
export function sharePresence(hub: Hub): void {
  const { presence } = hub;
  if (presence.isDue) return;
  presence.isDue = true;
  const waitMs = presence.at + LIMITS.presenceWindowMs - hub.world.now();
  if (waitMs <= 0) {
    queueMicrotask(() => {
      tellPresence(hub);
    });
    return;
  }
  // A clock that was put back must not silence it.
  const timer = scheduler.wait(Math.min(waitMs, LIMITS.presenceWindowMs));
  hub.ctx.waitUntil(
    timer.then(() => {
      tellPresence(hub);
    }),
  );
}

function tellPresence(hub: Hub): void {
  const now = hub.world.now();
  hub.presence.at = now;
  hub.presence.isDue = false;
  const here = welcomed(hub);
  const devices = here.map(({ party: [by, device], connection }) => {
    const { since, state } = connection.attachment;
    return { by, device, since, ...(state === null ? {} : { state }) };
  });
  const frames = textFrames([{ op: "presence", devices }]);
  for (const { connection } of here) {
    for (const frame of frames) sendFrame(connection, frame, now);
  }
}
