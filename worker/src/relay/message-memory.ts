import { LIMITS } from "@gitblobs/protocol";

const memoryMs = LIMITS.messageMemorySeconds * 1_000;
/** New mids are written together, this long after the first: writing holds back everything the hub sends. */
const writeMs = 100;
/** Entries that are kept, each with the mids of one write. */
const slots = 1_024;
/** Mids in one entry: it stays far below the storage's limit. */
const midsPerSlot = 5_000;
const maxRemembered = 100_000;

/** Which unkept messages were relayed of late, so that a repeated one has no second effect. */
export interface MessageMemory {
  /** Notes a device's mid; true if it is new. */
  admit(device: string, mid: string, now: number): boolean;
}

/** Mids by device, of one stretch of time. */
type Generation = Map<string, Set<string>>;

interface Slot {
  readonly at: number;
  readonly device: string;
  readonly mids: readonly string[];
}

/**
 * Brings back what the hub knew before it slept: two generations, so that forgetting costs nothing. Only a crash may
 * forget the mids of the last moment.
 */
export async function recallMessages(ctx: DurableObjectState, now: number): Promise<MessageMemory> {
  const kept = await ctx.storage.list<Slot>({ prefix: "mids:" });
  let older: Generation = new Map();
  let newer: Generation = new Map();
  let since = now;
  let size = 0;
  let slot = 0;
  let newest = 0;
  for (const [name, { at, device, mids }] of kept) {
    if (now - at <= memoryMs) for (const mid of mids) setOf(newer, device).add(mid);
    if (at >= newest) [newest, slot] = [at, (Number(name.slice("mids:".length)) + 1) % slots];
  }
  let unwritten: Generation = new Map();
  const write = async (at: number) => {
    await scheduler.wait(writeMs);
    const taken = unwritten;
    unwritten = new Map();
    for (const [device, set] of taken) {
      const all = [...set];
      for (let from = 0; from < all.length; from += midsPerSlot) {
        const entry: Slot = { at, device, mids: all.slice(from, from + midsPerSlot) };
        await ctx.storage.put(`mids:${slot}`, entry, { allowUnconfirmed: true });
        slot = (slot + 1) % slots;
      }
    }
  };
  return {
    admit(device, mid, at) {
      if (at - since > memoryMs || size > maxRemembered) {
        older = newer;
        newer = new Map();
        since = at;
        size = 0;
      }
      const present = setOf(newer, device);
      if (present.has(mid) || older.get(device)?.has(mid) === true) return false;
      present.add(mid);
      size += 1;
      if (unwritten.size === 0) ctx.waitUntil(write(at));
      setOf(unwritten, device).add(mid);
      return true;
    },
  };
}

function setOf(generation: Generation, device: string): Set<string> {
  let set = generation.get(device);
  if (set === undefined) {
    set = new Set();
    generation.set(device, set);
  }
  return set;
}
