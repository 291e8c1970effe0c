import { LIMITS, type Key, type Need } from "@gitblobs/protocol";
import { sendOps } from "./connection.ts";
import { welcomed, type Hub, type NeedEntry, type Needs } from "./hub.ts";
import type { Peer } from "./peer.ts";
import type { Settled } from "./write-queue.ts";

const needMs = 3_600_000;
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

/** Asks the other devices for objects, and remembers who waits. Gives back how many were asked. */
export function askForObjects(hub: Hub, peer: Peer, need: Need): number {
  const now = hub.world.now();
  const changed: [string, NeedEntry][] = [];
  for (const object of need.objects) {
    const key = keyOf(object);
    const devices = new Set(hub.needs.get(key)?.devices).add(peer.device);
    const entry = { devices: [...devices], at: now };
    hub.needs.delete(key);
    hub.needs.set(key, entry);
    changed.push([key, entry]);
  }
  for (let at = 0; at < changed.length; at += storagePage) {
    void hub.ctx.storage.put(Object.fromEntries(changed.slice(at, at + storagePage)));
  }
  forgetOld(hub, now);
  const others = welcomed(hub).filter(({ device }) => device !== peer.device);
  for (const { connection } of others) {
    sendOps(connection, [{ op: "need", from: peer.device, objects: need.objects }], now);
  }
  return others.length;
}

/** Tells those who waited that objects are there again. */
export function tellAvailable(hub: Hub, settled: readonly Settled[]): void {
  if (hub.needs.size === 0) return;
  const now = hub.world.now();
  const byDevice = new Map<string, Key[]>();
  for (const { write, outcome } of settled) {
    const stored = outcome.kind === "answer" && outcome.op.op === "ok" && "state" in outcome.op;
    const object: Key | undefined =
      write.kind === "put" ? [write.put.object.type, write.put.object.hash] : write.object;
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
  for (const { connection, device } of welcomed(hub)) {
    const objects = byDevice.get(device);
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
  for (const key of keys) hub.needs.delete(key);
  for (let at = 0; at < keys.length; at += storagePage) {
    void hub.ctx.storage.delete(keys.slice(at, at + storagePage));
  }
}
