import { CLOSE, LIMITS } from "@gitblobs/protocol";
import { findSessionById } from "../auth/session-table.ts";
import { amend, close, isSilent, sendOps } from "./connection.ts";
import type { Hub } from "./hub.ts";
import { warningMs } from "./schedule.ts";
import { closeCodeOf } from "./session-check.ts";
import { reportSockets } from "./socket-count.ts";
import { publishMissed } from "./writing.ts";

/** What is due: silent sockets, late hellos, ending tokens, ended sessions, missed events. What expired is the hourly sweep's. */
export async function upkeep(hub: Hub): Promise<void> {
  const now = hub.world.now();
  closeLate(hub, now);
  if (hub.unsure) await publishMissed(hub);
  await closeEnded(hub, now);
  await reportSockets(hub);
}

function closeLate(hub: Hub, now: number): void {
  for (const connection of hub.connections.values()) {
    const { device, since, until, warned } = connection.attachment;
    if (isSilent(connection, now)) {
      close(connection, CLOSE.goingAway, "nothing was heard of it");
      continue;
    }
    if (device === null && now - since >= LIMITS.helloSeconds * 1_000) {
      close(connection, CLOSE.noHello, "no hello in time");
    } else if (now >= until) {
      close(connection, CLOSE.reauth, "the token has expired");
    } else if (!warned && now >= until - warningMs && device !== null) {
      amend(connection, { warned: true });
      sendOps(connection, [{ op: "auth_soon", expires_at: until }], now);
    }
  }
}

async function closeEnded(hub: Hub, now: number): Promise<void> {
  const sessions = new Set([...hub.connections.values()].map((c) => c.attachment.session));
  for (const id of sessions) {
    const code = closeCodeOf(await findSessionById(hub.env.DB, id), now);
    if (code === undefined) continue;
    for (const connection of hub.connections.values()) {
      if (connection.attachment.session === id) close(connection, code, "the session has ended");
    }
  }
}
