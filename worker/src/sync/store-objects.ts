import { createHash } from "node:crypto";
import type { Chunk, Key, Put, SizedKey, TypeLabel } from "@gitblobs/protocol";
import { toBase64 } from "./base64.ts";
import { failure } from "./failure.ts";
import { encodeList } from "./object-list.ts";
import {
  extendPacks,
  findPacks,
  insertPacks,
  removeExpiredPacks,
  usageOf,
  type NewPack,
} from "./pack-table.ts";
import { answer, rowsOf, sliced, type Outcome, type Piece, type SyncDeps } from "./piece.ts";
import { expiryOf } from "./settings.ts";
import type { Pack } from "./stock.ts";

/** A put whose bytes were found to have its hash. */
export interface VerifiedPut {
  readonly id: number;
  readonly type: TypeLabel;
  readonly hash: string;
  readonly size: number;
  readonly base64: string;
  readonly ttl: number | undefined;
  /** It came as the one piece of a `chunk`, which is answered with how far its object is. */
  readonly isChunk: boolean;
}

/** Characters of base64 in one pack, and objects: with its list it stays below D1's 2 MB, alone in a parameter as well. */
const packLength = 1_200_000;
const packObjects = 4_096;
/** Characters of one parameter. */
const parameterLength = 1_300_000;
/** Expired packs removed at once when a quota is full. */
const makeRoomPacks = 500;

/** Checks a put against its hash, once; undefined if it does not match. */
export function verifyPut(put: Put | Chunk): VerifiedPut | undefined {
  if (hashOf(put.bytes) !== put.hash) return undefined;
  const { id, type, hash, ttl } = put;
  const base64 = toBase64(put.bytes);
  return { id, type, hash, size: put.len, base64, ttl, isChunk: put.op === "chunk" };
}

/** The hash every object must have: SHA-256 of its bytes, in lower-case hex. */
export const hashOf = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

/** A pack that is to be stored, and what it is made of. */
export interface Draft {
  readonly id: number;
  readonly puts: readonly VerifiedPut[];
  /** Sizes of its objects by type and hash. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly expiresAt: number;
  /** A push of the same group needs it. */
  pushed: boolean;
}

/** The objects of a group: new ones in packs, known ones to be extended. */
export interface ObjectsPiece extends Piece {
  /** The pack of this group that is to have the object. */
  draftOf(key: Key): Draft | undefined;
}

const nameOf = ([type, hash]: Key): string => `${type} ${hash}`;
const bytesOf = (puts: readonly VerifiedPut[]) => puts.reduce((sum, { size }) => sum + size, 0);

/**
 * Stores verified objects. What is new goes into packs, those of one time to live together, so that nothing outlives
 * its time by the company it keeps; what is known is extended, and with it what came together with it.
 */
export function storeObjects(deps: SyncDeps, puts: readonly VerifiedPut[]): ObjectsPiece {
  const { db, scope, settings, now, stock } = deps;
  const fresh = new Map<string, VerifiedPut>();
  const extended = new Map<Pack, number>();
  for (const put of puts) {
    const place = stock.find([put.type, put.hash], now);
    const expiresAt = expiryOf(settings, now, put.ttl);
    if (place !== undefined) {
      extended.set(
        place.pack,
        Math.max(extended.get(place.pack) ?? place.pack.expiresAt, expiresAt),
      );
      continue;
    }
    const name = nameOf([put.type, put.hash]);
    const before = fresh.get(name);
    if (before === undefined || expiryOf(settings, now, before.ttl) < expiresAt)
      fresh.set(name, put);
  }
  const drafts = draftsOf(deps, [...fresh.values()]);
  const byName = new Map<string, Draft>();
  for (const draft of drafts) {
    for (const { type, hash } of draft.puts) byName.set(nameOf([type, hash]), draft);
  }
  const ids = [...drafts.map(({ id }) => id), ...[...extended.keys()].map(({ id }) => id)];
  const longer = [...extended].filter(([pack, until]) => until > pack.expiresAt);
  return {
    draftOf: (key) => byName.get(nameOf(key)),
    // Read late: by then it is known which of them a push needs.
    get statements() {
      if (ids.length === 0) return [];
      return [
        ...insertions(deps, drafts),
        ...(longer.length === 0
          ? []
          : [
              extendPacks(
                db,
                scope,
                longer.map(([pack, until]) => [pack.id, until] as const),
              ),
            ]),
        findPacks(db, scope, ids),
      ];
    },
    settle: async (results) => {
      const there = new Map(
        rowsOf<{ id: number; expires_at: number }>(results.at(-1)).map((row) => [
          row.id,
          row.expires_at,
        ]),
      );
      for (const pack of extended.keys()) {
        const expiresAt = there.get(pack.id);
        if (expiresAt === undefined) stock.remove(pack.id);
        else pack.expiresAt = expiresAt;
      }
      const stored = drafts.filter(({ id }) => there.has(id));
      const refused = drafts.filter(({ id }) => !there.has(id)).flatMap((draft) => draft.puts);
      if (refused.length > 0) stored.push(...(await storeWhatFits(deps, refused)));
      const isNew = new Map<string, Draft>();
      for (const draft of stored) {
        takeIn(deps, draft);
        for (const { type, hash } of draft.puts) isNew.set(nameOf([type, hash]), draft);
      }
      return puts.map((put) =>
        settlePut(deps, put, isNew, !fresh.has(nameOf([put.type, put.hash]))),
      );
    },
  };
}

function settlePut(
  deps: SyncDeps,
  put: VerifiedPut,
  isNew: ReadonlyMap<string, Draft>,
  wasKnown: boolean,
): Outcome {
  const { id, type, hash } = put;
  const draft = isNew.get(nameOf([type, hash]));
  const place = deps.stock.find([type, hash], deps.now);
  if (place === undefined) {
    return answer(
      wasKnown
        ? failure(id, "unavailable", "It is just going; send it again.", { retry_after_ms: 1_000 })
        : failure(id, "quota", "The quota is used up; remove data or ask for more."),
    );
  }
  const state = draft === undefined ? "known" : "stored";
  const upto = put.isChunk ? { upto: put.size } : {};
  return answer({ op: "ok", id, ...upto, state, expires_at: deps.stock.expiryOf(place.pack) });
}

function draftsOf(deps: SyncDeps, puts: readonly VerifiedPut[]): Draft[] {
  const byTtl = Map.groupBy(puts, ({ ttl }) => expiryOf(deps.settings, deps.now, ttl));
  return [...byTtl].flatMap(([expiresAt, some]) =>
    sliced(some, ({ base64 }) => base64.length, packLength, packObjects).map((of) => ({
      id: deps.newId(),
      puts: of,
      sizes: new Map(of.map(({ type, hash, size }) => [nameOf([type, hash]), size])),
      expiresAt,
      pushed: false,
    })),
  );
}

const listOf = ({ puts }: Draft): SizedKey[] =>
  puts.map(({ type, hash, size }) => [type, hash, size]);

function insertions(deps: SyncDeps, drafts: readonly Draft[]): D1PreparedStatement[] {
  const { db, scope, settings, now } = deps;
  const packs = drafts.map((draft): NewPack => ({
    id: draft.id,
    objects: draft.puts.length,
    bytes: bytesOf(draft.puts),
    pushed: draft.pushed,
    expiresAt: draft.expiresAt,
    list: encodeList(listOf(draft)),
    data: draft.puts.map(({ base64 }) => base64).join(""),
  }));
  const length = ({ list, data }: NewPack) => list.length + data.length + 128;
  return sliced(packs, length, parameterLength).map((some) =>
    insertPacks(db, scope, some, settings, now),
  );
}

/**
 * Makes room from what has expired, and stores the objects that fit, in order. Pushes that were to need them were
 * refused meanwhile.
 */
async function storeWhatFits(deps: SyncDeps, puts: readonly VerifiedPut[]): Promise<Draft[]> {
  const { db, scope, settings, now } = deps;
  const [, usage] = await db.batch([
    removeExpiredPacks(db, scope, now, makeRoomPacks),
    usageOf(db, scope.userId),
  ]);
  const used = rowsOf<{ bytes: number; objects: number }>(usage)[0] ?? { bytes: 0, objects: 0 };
  let { bytes, objects } = used;
  const fitting = puts.filter(({ size }) => {
    bytes += size;
    objects += 1;
    return bytes <= settings.quotaBytes && objects <= settings.quotaObjects;
  });
  if (fitting.length === 0) return [];
  const drafts = draftsOf(deps, fitting);
  const ids = drafts.map(({ id }) => id);
  const results = await db.batch([...insertions(deps, drafts), findPacks(db, scope, ids)]);
  const there = new Set(rowsOf<{ id: number }>(results.at(-1)).map(({ id }) => id));
  return drafts.filter(({ id }) => there.has(id));
}

function takeIn({ stock }: SyncDeps, draft: Draft): void {
  const { id, puts, expiresAt, pushed } = draft;
  const pack = { id, objects: puts.length, bytes: bytesOf(puts), expiresAt, pushed };
  stock.add({ ...pack, whole: true, large: false }, listOf(draft));
}
