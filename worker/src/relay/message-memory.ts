import { crc32 } from "node:zlib";
import { LIMITS, type Send } from "@gitblobs/protocol";

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

/** What a device's mid is, as far as this hub remembers: new, the same message again, or the name of another one. */
export type Remembered = "new" | "known" | "reused";

/** Which unkept messages were relayed of late, so that a repeated one has no second effect. */
export interface MessageMemory {
  /** Notes the message of a device, which goes by the name of its party. */
  admit(party: string, message: Send, now: number): Remembered;
}

/** `member device mid` of one stretch of time; in storage and, the newest, in memory only for a moment. */
interface Entry {
  readonly at: number;
  readonly names: readonly string[];
  /** What each name stands for, see {@link digestOf}; an entry of an earlier version has none. */
  readonly digests?: readonly number[];
}

/**
 * What tells the messages of one device apart: it catches a name used again by mistake. Whoever makes two messages of
 * the same length and checksum on purpose fools nobody but their own devices, and a real hash of each message cost the
 * hub more than all else it does with it (bench/relay-send.mjs).
 */
const digestOf = ({ to, bytes }: Send): number =>
  bytes.byteLength * 2 ** 32 + crc32(bytes, to === undefined ? 0 : crc32(to.join(" ")));

/** In place of a digest that was not kept: no message has it. */
const unkept = -1;

/**
 * Brings back what the hub knew before it slept. Only a crash may forget the mids of the last moment.
 */
export async function recallMessages(ctx: DurableObjectState, now: number): Promise<MessageMemory> {
  const kept = await ctx.storage.list<Entry>({ prefix });
  const entries = new Map<string, Entry>(kept);
  const known = new Map<string, number>();
  for (const { names, digests } of entries.values())
    for (const [i, name] of names.entries()) known.set(name, digests?.[i] ?? unkept);
  let unwritten: (readonly [name: string, digest: number])[] = [];
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
      const some = taken.slice(from, from + midsPerEntry);
      const names = some.map(([name]) => name);
      const entry: Entry = { at, names, digests: some.map(([, digest]) => digest) };
      // In the order of time, which is the order in which they come back and are forgotten.
      const key = `${prefix}${String(at).padStart(15, "0")}:${String(count++).padStart(9, "0")}`;
      entries.set(key, entry);
      await ctx.storage.put(key, entry, { allowUnconfirmed: true });
    }
    forget(at);
  };

  forget(now);
  return {
    admit(party, message, at) {
      const name = `${party} ${message.mid}`;
      const digest = digestOf(message);
      const before = known.get(name);
      if (before !== undefined) return before === digest || before === unkept ? "known" : "reused";
      known.set(name, digest);
      if (unwritten.length === 0) ctx.waitUntil(write(at));
      unwritten.push([name, digest]);
      return "new";
    },
  };
}
