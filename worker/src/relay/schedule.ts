import { LIMITS } from "@gitblobs/protocol";
import type { Hub } from "./hub.ts";

/** `auth_soon` comes this long before the end. */
export const warningMs = 60_000;
/** Sessions are looked at again this often, should a revocation not have reached the hub. */
const recheckMs = 300_000;
/** Missed events are looked for this soon after a batch whose end is not known. */
const unsureMs = 1_000;

/**
 * When the hub must wake by itself: it has one alarm and no timers, so that it can sleep. Without sockets and with
 * nothing in doubt it sleeps until somebody comes; what expires meanwhile is swept by the hourly cron.
 */
function nextAlarm(hub: Hub): number {
  const now = hub.world.now();
  let next = hub.connections.size > 0 ? now + recheckMs : Infinity;
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
  if (next === Infinity) return;
  const present = await hub.ctx.storage.getAlarm();
  if (present === null || present > next) await hub.ctx.storage.setAlarm(next);
}

/** Sets the alarm to when it has to come, even if that is later: one that nobody needs would keep the hub from sleeping. */
export async function moveAlarm(hub: Hub): Promise<void> {
  const next = nextAlarm(hub);
  if (next !== Infinity) await hub.ctx.storage.setAlarm(next);
}
