import { CLOSE, LIMITS } from "@gitblobs/protocol";
import { findSessionById } from "../auth/session-table.ts";
import { liveSession } from "../auth/session-guard.ts";
import { asRelayError } from "../http/platform-error.ts";
import { syncSweepables } from "../sync/expired-rows-table.ts";
import { countSockets } from "../sync/store-table.ts";
import { amend, close, sendOps } from "./connection.ts";
import type { Hub } from "./hub.ts";
import { publishMissed } from "./writing.ts";

/** `auth_soon` comes this long before the end. */
const warningMs = 60_000;
/** Sessions are looked at again this often, should a revocation not have reached the hub. */
const recheckMs = 300_000;
/** Missed events are looked for this soon after a batch whose end is not known. */
const unsureMs = 1_000;
const sweepMs = 3_600_000;
const sweepRows = 500;

/** When the hub must wake by itself: the hub has one alarm and no timers, so that it can sleep. */
function nextAlarm(hub: Hub): number {
  const now = hub.world.now();
  let next = now + (hub.connections.size > 0 ? recheckMs : sweepMs);
  if (hub.unsure) next = Math.min(next, now + unsureMs);
  for (const { attachment } of hub.connections.values()) {
    const { device, since, until, warned } = attachment;
    if (device === null) next = Math.min(next, since + LIMITS.helloSeconds * 1_000);
    next = Math.min(next, warned ? until : until - warningMs);
  }
  return Math.max(next, now + 10);
}

/** Sets the alarm if it has to come earlier than it would. */
export async function setAlarm(hub: Hub): Promise<void> {
  const next = nextAlarm(hub);
  const present = await hub.ctx.storage.getAlarm();
  if (present === null || present > next) await hub.ctx.storage.setAlarm(next);
}

/** What is due: late hellos, ending tokens, ended sessions, missed events, expired rows. */
export async function upkeep(hub: Hub): Promise<void> {
  const now = hub.world.now();
  closeLate(hub, now);
  if (hub.unsure) await publishMissed(hub);
  await closeEnded(hub, now);
  await reportSockets(hub);
  for (const table of syncSweepables) await table.remove(hub.env.DB, now, sweepRows).run();
}

function closeLate(hub: Hub, now: number): void {
  for (const connection of hub.connections.values()) {
    const { device, since, until, warned } = connection.attachment;
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
    const row = await findSessionById(hub.env.DB, id);
    const code = row?.disabled_at === null ? CLOSE.reauth : CLOSE.disabled;
    if (row !== null && isLive(row, now)) continue;
    for (const connection of hub.connections.values()) {
      if (connection.attachment.session === id) close(connection, code, "the session has ended");
    }
  }
}

function isLive(row: Parameters<typeof liveSession>[0], now: number): boolean {
  try {
    liveSession(row, now);
    return true;
  } catch (error) {
    if (asRelayError(error).code === "internal") throw error;
    return false;
  }
}

/** Tells D1 how many sockets this hub holds, for the user's quota over all stores. */
export async function reportSockets(hub: Hub): Promise<void> {
  const open = [...hub.connections.values()].filter(
    (connection) => connection.socket.readyState === WebSocket.OPEN,
  ).length;
  const store = { id: hub.scope.storeId, userId: hub.scope.userId };
  await countSockets(hub.env.DB, store, open, hub.world.now()).run();
}
