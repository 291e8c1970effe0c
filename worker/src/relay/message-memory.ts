import { LIMITS } from "@gitblobs/protocol";

const memoryMs = LIMITS.messageMemorySeconds * 1_000;
/** New mids are written together, this long after the first: writing holds back everything the hub sends. */
const writeMs = 100;
/** Mids in one entry: it stays far below the storage's limit of 2 MB. */
const midsPerEntry = 10_000;
/** Beyond so many mids in the time that is remembered the oldest are forgotten: memory has an end. */
const maxRemembered = 100_000;
/** Entries one storage call may delete. */
const storagePage = 128;
const prefix = "mids:";

/** Which unkept messages were relayed of late, so that a repeated one has no second effect. */
export interface MessageMemory {
  /** Notes a device's mid; true if it is new. */
  admit(device: string, mid: string, now: number): boolean;
}

/** `device mid` of one stretch of time; in storage and, the newest, in memory only for a moment. */
interface Entry {
  readonly at: number;
  readonly names: readonly string[];
}

/**
 * Brings back what the hub knew before it slept. Only a crash may forget the mids of the last moment.
 */
export async function recallMessages(ctx: DurableObjectState, now: number): Promise<MessageMemory> {
  const kept = await ctx.storage.list<Entry>({ prefix });
  const entries = new Map<string, Entry>(kept);
  const known = new Set<string>();
  for (const { names } of entries.values()) for (const name of names) known.add(name);
  let unwritten: string[] = [];
  let count = kept.size;

  const forget = (at: number) => {
    const old: string[] = [];
    let size = known.size;
    for (const [key, entry] of entries) {
      if (at - entry.at <= memoryMs && size <= maxRemembered) break;
      old.push(key);
      size -= entry.names.length;
      for (const name of entry.names) known.delete(name);
    }
    for (const key of old) entries.delete(key);
    for (let from = 0; from < old.length; from += storagePage) {
      void ctx.storage.delete(old.slice(from, from + storagePage), { allowUnconfirmed: true });
    }
  };

  const write = async (at: number) => {
    await scheduler.wait(writeMs);
    const taken = unwritten;
    unwritten = [];
    for (let from = 0; from < taken.length; from += midsPerEntry) {
      const entry: Entry = { at, names: taken.slice(from, from + midsPerEntry) };
      // In the order of time, which is the order in which they come back and are forgotten.
      const key = `${prefix}${String(at).padStart(15, "0")}:${String(count++).padStart(9, "0")}`;
      entries.set(key, entry);
      await ctx.storage.put(key, entry, { allowUnconfirmed: true });
    }
    forget(at);
  };

  forget(now);
  return {
    admit(device, mid, at) {
      const name = `${device} ${mid}`;
      if (known.has(name)) return false;
      known.add(name);
      if (unwritten.length === 0) ctx.waitUntil(write(at));
      unwritten.push(name);
      return true;
    },
  };
}
