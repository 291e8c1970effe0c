import type { Key } from "@gitblobs/protocol";

/** Where the bytes of an object are. */
export interface Entry {
  /** Number of the pack, as the caller counts packs. */
  readonly pack: number;
  /** Where its base64 begins. */
  readonly at: number;
  readonly size: number;
}

/** Words of a slot: four of the name, then pack + 1 (0: free), at, size. */
const width = 7;
const minSlots = 1_024;

/**
 * Finds objects by name in 28 bytes each: a store may have a million of them, and a Map would take a fifth of a
 * gigabyte. Of a hash 128 bits are kept, into which all of its bits went; `seed` keeps anybody from choosing names
 * that meet.
 */
export class KeyIndex {
  private slots = minSlots;
  private words = new Uint32Array(minSlots * width);
  /** Slots in use. */
  size = 0;

  constructor(private readonly seed: number) {}

  /** Where the object is; undefined if it was never set. */
  get(key: Key): Entry | undefined {
    const at = this.slotOf(this.nameOf(key)) * width;
    const { words } = this;
    const pack = words[at + 4] ?? 0;
    if (pack === 0) return undefined;
    return { pack: pack - 1, at: words[at + 5] ?? 0, size: words[at + 6] ?? 0 };
  }

  /** Says where an object is, from now on. */
  set(key: Key, entry: Entry): void {
    if (this.size * 4 >= this.slots * 3) this.grow();
    this.put(this.nameOf(key), entry.pack + 1, entry.at, entry.size);
  }

  /** Forgets the objects of packs that are no longer wanted. */
  keepOnly(isWanted: (pack: number) => boolean): void {
    this.rebuild(this.slots, isWanted);
  }

  /** The name of an object as four words; the same words until the next call. */
  private nameOf([type, hash]: Key): Uint32Array {
    // The same hash under two types names two objects.
    let label = 0x811c9dc5;
    for (let i = 0; i < type.length; i++) label = Math.imul(label ^ type.charCodeAt(i), 0x01000193);
    for (let i = 0; i < 4; i++) {
      const second = Math.imul(wordAt(hash, i + 4) ^ this.seed ^ label, 0x9e3779b1 + 2 * i);
      scratch[i] = wordAt(hash, i) ^ second ^ (second >>> 15);
    }
    return scratch;
  }

  private grow(): void {
    this.rebuild(this.slots * 2, () => true);
  }

  private rebuild(slots: number, isWanted: (pack: number) => boolean): void {
    const old = this.words;
    this.slots = slots;
    this.words = new Uint32Array(slots * width);
    this.size = 0;
    for (let at = 0; at < old.length; at += width) {
      const pack = old[at + 4] ?? 0;
      if (pack !== 0 && isWanted(pack - 1)) {
        this.put(old.subarray(at, at + 4), pack, old[at + 5] ?? 0, old[at + 6] ?? 0);
      }
    }
  }

  private put(name: Uint32Array, pack: number, at: number, size: number): void {
    const slot = this.slotOf(name) * width;
    if (this.words[slot + 4] === 0) this.size += 1;
    this.words.set(name, slot);
    this.words.set([pack, at, size], slot + 4);
  }

  /** The slot that has the name, or the free one where it belongs. */
  private slotOf(name: Uint32Array): number {
    const mask = this.slots - 1;
    let slot = Math.imul((name[0] ?? 0) ^ this.seed, 0x9e3779b1) >>> 0;
    slot = ((slot ^ (slot >>> 15)) + (name[1] ?? 0)) & mask;
    const { words } = this;
    for (;;) {
      const at = slot * width;
      if (words[at + 4] === 0) return slot;
      if (
        words[at] === name[0] &&
        words[at + 1] === name[1] &&
        words[at + 2] === name[2] &&
        words[at + 3] === name[3]
      ) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }
}

const scratch = new Uint32Array(4);

const wordAt = (hash: string, i: number): number =>
  Number.parseInt(hash.slice(i * 8, i * 8 + 8), 16);
