import type { Hash } from "node:crypto";
import type { Key, SizedKey } from "@gitblobs/protocol";
import { KeyIndex } from "./key-index.ts";
import { packedLength } from "./object-list.ts";

/** What is stored as one row: objects that arrived together, or one large object and its pieces. */
export interface Pack {
  readonly id: number;
  readonly objects: number;
  /** Bytes of its objects; of an upload, those that are here. */
  bytes: number;
  expiresAt: number;
  /** A push needs it: it lives as long as the store is kept. */
  pushed: boolean;
  /** False for an upload that is not finished. */
  whole: boolean;
  /** Its bytes are in pieces of their own. */
  readonly large: boolean;
}

/** Where an object's bytes are. */
export interface Place {
  readonly pack: Pack;
  /** Where its base64 begins in the pack. */
  readonly at: number;
  readonly size: number;
}

/** A large object that is on its way. */
export interface Upload {
  readonly pack: Pack;
  readonly size: number;
  /** The hash of what is here, if all of it came since the hub awoke. */
  hash?: Hash;
}

/** Dead entries below which the index is not made anew. */
const minDead = 10_000;

/**
 * What a store has, in the memory of its hub: which objects, in which packs, until when. The database is the record;
 * this is made from its lists when it is first needed, and kept up by the hub, which alone writes the store.
 */
export class Stock {
  private readonly index: KeyIndex;
  private readonly numbered: (Pack | undefined)[] = [];
  private readonly numbers = new Map<number, number>();
  private readonly uploads = new Map<string, Upload>();
  private dead = 0;
  /** Until then nothing that was pushed expires whose time was not over at `keptSince`. */
  private keptUntil = 0;
  private keptSince = 0;

  constructor(seed: number) {
    this.index = new KeyIndex(seed);
  }

  /** The object's place, if it is there and has not expired. */
  find(key: Key, now: number): Place | undefined {
    const entry = this.index.get(key);
    if (entry === undefined) return undefined;
    const pack = this.numbered[entry.pack];
    if (pack === undefined || !pack.whole || !this.lives(pack, now)) return undefined;
    return { pack, at: entry.at, size: entry.size };
  }

  /** Whether a pack has not expired. */
  lives(pack: Pack, now: number): boolean {
    const isKept = pack.pushed && this.keptUntil > now;
    // A clock that was put back stands before the moment since when the store is kept.
    return pack.expiresAt > (isKept ? Math.min(this.keptSince, now) : now);
  }

  /** When a pack expires. */
  expiryOf(pack: Pack): number {
    return pack.pushed ? Math.max(pack.expiresAt, this.keptUntil) : pack.expiresAt;
  }

  /** Takes note of how long the store is kept, as the database said. */
  setKept(since: number, until: number): void {
    this.keptSince = since;
    this.keptUntil = until;
  }

  /** The store is kept until a time, from now on. */
  keep(until: number, now: number): void {
    if (this.keptUntil <= now) this.keptSince = now;
    this.keptUntil = Math.max(this.keptUntil, until);
  }

  /** The pack of that id, as long as it was not removed. */
  pack(id: number): Pack | undefined {
    const number = this.numbers.get(id);
    return number === undefined ? undefined : this.numbered[number];
  }

  /** Takes a pack in; its objects are found there from now on. */
  add(pack: Pack, list: readonly SizedKey[]): void {
    if (this.numbers.has(pack.id)) return;
    const number = this.numbered.push(pack) - 1;
    this.numbers.set(pack.id, number);
    let at = 0;
    for (const [type, hash, size] of list) {
      this.index.set([type, hash], { pack: number, at, size });
      at += packedLength(size);
    }
  }

  /** Lets go of a pack. */
  remove(id: number): void {
    const number = this.numbers.get(id);
    const pack = number === undefined ? undefined : this.numbered[number];
    if (number === undefined || pack === undefined) return;
    this.numbers.delete(id);
    this.numbered[number] = undefined;
    this.dead += pack.objects;
    if (this.dead < minDead || this.dead * 2 < this.index.size) return;
    this.index.keepOnly((one) => this.numbered[one] !== undefined);
    this.dead = 0;
  }

  /** The upload of an object that has not expired. */
  upload(key: Key, now: number): Upload | undefined {
    const upload = this.uploads.get(uploadName(key));
    return upload !== undefined && this.lives(upload.pack, now) ? upload : undefined;
  }

  /** The upload of an object, expired or not. */
  anyUpload(key: Key): Upload | undefined {
    return this.uploads.get(uploadName(key));
  }

  /** Takes note of an upload. */
  begin(key: Key, upload: Upload): void {
    this.uploads.set(uploadName(key), upload);
  }

  /** An upload has ended, one way or the other. */
  end(key: Key): void {
    this.uploads.delete(uploadName(key));
  }
}

const uploadName = ([type, hash]: Key): string => `${type} ${hash}`;
