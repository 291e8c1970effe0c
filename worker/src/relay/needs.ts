import { LIMITS, type Key, type Need } from "@gitblobs/protocol";
import { sendOps } from "./connection.ts";
import { partyName } from "../sync/event-table.ts";
import { welcomed, type Hub, type NeedEntry, type Needs } from "./hub.ts";
import type { Peer } from "./peer.ts";
import type { Settled } from "./write-queue.ts";

const needMs = 3_600_000;
/** A need is noted anew when half of its time has passed. */
const freshMs = needMs / 2;
/** Objects waited for in one store; beyond it the oldest are forgotten. */
const maxNeeds = 10 * LIMITS.objectsPerOp;
const prefix = "need:";
/** Entries one storage call may hold. */
const storagePage = 128;

const keyOf = ([type, hash]: Key): string => `${prefix}${type} ${hash}`;

/** Brings back what was waited for before the hub slept. */
export async function recallNeeds(storage: DurableObjectStorage): Promise<Needs> {
  return storage.list<NeedEntry>({ prefix });
}

/**
 * Asks the other devices for objects, and remembers who waits. Gives back how many there are. Each is told of a need
 * once, as long as it connected before, so that a need that is repeated reaches those who came since.
 */
export function askForObjects(hub: Hub, peer: Peer, need: Need): number {
  const now = hub.world.now();
  const own = partyName(peer.party);
  const changed: [string, NeedEntry][] = [];
  for (const object of need.objects) {
    const key = keyOf(object);
    const before = hub.needs.get(key);
    // Asked again soon after, it costs nothing: the platform bills each key that is written.
    if (before?.devices.includes(own) === true && now - before.at < freshMs) {
      hub.needs.delete(key);
      hub.needs.set(key, before);
      continue;
    }
    // Asked by another device as well, it is not asked of those again who know of it.
    if (before === undefined || now - before.at >= freshMs) askAnew(hub, key);
    const devices = new Set(before?.devices).add(own);
    const entry = { devices: [...devices], at: now };
    hub.needs.delete(key);
    hub.needs.set(key, entry);
    changed.push([key, entry]);
  }
  for (let at = 0; at < changed.length; at += storagePage) {
    void hub.ctx.storage.put(Object.fromEntries(changed.slice(at, at + storagePage)));
  }
  forgetOld(hub, now);
  const [by, from] = peer.party;
  const others = welcomed(hub).filter(({ name }) => name !== own);
  for (const { connection } of others) {
    const objects = need.objects.filter((object) => !connection.askedFor.has(keyOf(object)));
    if (objects.length === 0) continue;
    for (const object of objects) connection.askedFor.add(keyOf(object));
    sendOps(connection, [{ op: "need", by, from, objects }], now);
  }
  return others.length;
}

/** Everybody may be told of a need again. */
function askAnew(hub: Hub, key: string): void {
  for (const { askedFor } of hub.connections.values()) askedFor.delete(key);
}

/** Tells those who waited that objects are there again. */
export function tellAvailable(hub: Hub, settled: readonly Settled[]): void {
  if (hub.needs.size === 0) return;
  const now = hub.world.now();
  const byDevice = new Map<string, Key[]>();
  for (const { write, outcome } of settled) {
    const stored = outcome.kind === "answer" && outcome.op.op === "ok" && "state" in outcome.op;
    const { object } = write;
    if (!stored || object === undefined) continue;
    const entry = hub.needs.get(keyOf(object));
    if (entry === undefined) continue;
    forget(hub, [keyOf(object)]);
    if (now - entry.at > needMs) continue;
    for (const device of entry.devices) {
      const objects = byDevice.get(device);
      if (objects === undefined) byDevice.set(device, [object]);
      else objects.push(object);
    }
  }
  for (const { connection, name } of welcomed(hub)) {
    const objects = byDevice.get(name);
    for (let at = 0; objects !== undefined && at < objects.length; at += LIMITS.objectsPerOp) {
      const some = objects.slice(at, at + LIMITS.objectsPerOp);
      sendOps(connection, [{ op: "available", objects: some }], now);
    }
  }
}

function forgetOld(hub: Hub, now: number): void {
  const old: string[] = [];
  for (const [key, entry] of hub.needs) {
    if (hub.needs.size - old.length <= maxNeeds && now - entry.at <= needMs) break;
    old.push(key);
  }
  forget(hub, old);
}

function forget(hub: Hub, keys: readonly string[]): void {
  for (const key of keys) {
    hub.needs.delete(key);
    askAnew(hub, key);
  }
  for (let at = 0; at < keys.length; at += storagePage) {
    void hub.ctx.storage.delete(keys.slice(at, at + storagePage));
  }
}
