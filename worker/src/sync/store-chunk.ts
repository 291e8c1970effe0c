import { createHash } from "node:crypto";
import { LIMITS, type Chunk, type Key, type ServerOp } from "@gitblobs/protocol";
import { fromBase64, toBase64 } from "./base64.ts";
import {
  dropUploads,
  finishUpload,
  growUploads,
  readPieces,
  type Growth,
  type NewPiece,
} from "./chunk-table.ts";
import { failure } from "./failure.ts";
import { extendPacks, findPacks } from "./pack-table.ts";
import { answer, rowsOf, sliced, type Piece, type SyncDeps } from "./piece.ts";
import { expiryOf, unfinishedUntil } from "./settings.ts";
import type { Pack, Upload } from "./stock.ts";

/** Characters of pieces in one parameter. */
const parameterLength = 1_400_000;
/** Pieces read back at once, should their hash not have been followed: 8 MB of base64. */
const piecesAtOnce = 6;

/** Pieces one object may have: each is a row, and rows are what quotas of bytes do not see. */
const maxPieces = 64;

/** Bytes of a piece that is not the last. */
const leastPiece = (size: number): number =>
  Math.min(LIMITS.chunkBytes, Math.ceil(size / maxPieces));

/** What is to be said of a piece once its batch is committed. */
type Verdict =
  | { readonly kind: "said"; readonly op: ServerOp }
  | { readonly kind: "known"; readonly pack: Pack }
  | { readonly kind: "added"; readonly upload: Upload };

/** Appends pieces of large objects, in order; the last one makes its object visible if the whole has its hash. */
export function storeChunks(deps: SyncDeps, chunks: readonly Chunk[]): Piece {
  const { db, scope, settings, now, stock } = deps;
  const growths = new Map<Upload, Growth>();
  const pieces: NewPiece[] = [];
  const dropped: number[] = [];
  const extended = new Map<Pack, number>();
  const verdicts = chunks.map((chunk): Verdict => {
    const { id, type, hash, size, offset, len } = chunk;
    const key: Key = [type, hash];
    const said = (op: ServerOp): Verdict => ({ kind: "said", op });
    const otherSize = (begun: number) =>
      said(failure(id, "size_mismatch", `The object was begun with ${begun} bytes.`));
    if (offset + len > size) {
      return said(failure(id, "size_mismatch", "The piece reaches beyond the object's size."));
    }
    if (offset + len < size && len < leastPiece(size)) {
      const message = `A piece of this object has at least ${leastPiece(size)} bytes.`;
      return said(failure(id, "size_mismatch", message));
    }
    const place = stock.find(key, now);
    if (place !== undefined) {
      if (place.size !== size) return otherSize(place.size);
      const until = expiryOf(settings, now, chunk.ttl);
      extended.set(place.pack, Math.max(extended.get(place.pack) ?? place.pack.expiresAt, until));
      const upload = stock.anyUpload(key);
      if (upload !== undefined) dropped.push(upload.pack.id);
      return { kind: "known", pack: place.pack };
    }
    const begun = stock.upload(key, now);
    if (begun !== undefined && begun.size !== size) return otherSize(begun.size);
    const upto = begun === undefined ? 0 : (growths.get(begun)?.upto ?? begun.pack.bytes);
    if (offset > upto) return said(failure(id, "bad_offset", `Go on from ${upto}.`, { upto }));
    if (offset < upto) return said({ op: "ok", id, upto });
    const upload = begun ?? begin(deps, key, size, dropped);
    growths.set(upload, {
      ...{ id: upload.pack.id, key, size },
      ...{ from: upload.pack.bytes, upto: offset + len },
    });
    pieces.push({ upload: upload.pack.id, offset, len, base64: toBase64(chunk.bytes) });
    return { kind: "added", upload };
  });
  const until = unfinishedUntil(now);
  const ids = [
    ...[...growths.keys()].map(({ pack }) => pack.id),
    ...[...extended.keys()].map(({ id }) => id),
  ];
  const longer = [...extended].map(([pack, expiresAt]) => [pack.id, expiresAt] as const);
  const slices = sliced(pieces, ({ base64 }) => base64.length + 64, parameterLength);
  return {
    statements: [
      ...(dropped.length > 0 ? [dropUploads(db, scope, dropped)] : []),
      ...(growths.size > 0
        ? growUploads(db, scope, [...growths.values()], slices, settings, now, until)
        : []),
      ...(longer.length > 0 ? [extendPacks(db, scope, longer)] : []),
      ...(ids.length > 0 ? [findPacks(db, scope, ids)] : []),
    ],
    settle: async (results) => {
      const rows = rowsOf<{ id: number; bytes: number; expires_at: number }>(results.at(-1));
      const there = new Map(rows.map((row) => [row.id, row]));
      for (const pack of extended.keys()) {
        pack.expiresAt = there.get(pack.id)?.expires_at ?? pack.expiresAt;
      }
      for (const [upload, growth] of growths) {
        const row = there.get(upload.pack.id);
        if (row === undefined) stock.end(growth.key);
        else {
          upload.pack.expiresAt = row.expires_at;
          upload.pack.bytes = row.bytes;
        }
      }
      const outcomes = [];
      for (const [i, chunk] of chunks.entries()) {
        const verdict = verdicts[i];
        if (verdict === undefined) continue;
        outcomes.push(answer(await settleChunk(deps, chunk, verdict)));
      }
      return outcomes;
    },
  };
}

/** A new upload of an object; what has expired of it goes first. */
function begin(deps: SyncDeps, key: Key, size: number, dropped: number[]): Upload {
  const { stock, now, newId } = deps;
  const old = stock.anyUpload(key);
  if (old !== undefined) dropped.push(old.pack.id);
  const begun: Upload = {
    pack: {
      ...{ id: newId(), objects: 1, bytes: 0, expiresAt: unfinishedUntil(now) },
      ...{ pushed: false, whole: false, large: true },
    },
    size,
    hash: createHash("sha256"),
  };
  stock.begin(key, begun);
  return begun;
}

async function settleChunk(deps: SyncDeps, chunk: Chunk, verdict: Verdict): Promise<ServerOp> {
  const { id, offset, len, size } = chunk;
  if (verdict.kind === "said") return verdict.op;
  if (verdict.kind === "known") {
    deps.stock.end([chunk.type, chunk.hash]);
    const expires_at = deps.stock.expiryOf(verdict.pack);
    return { op: "ok", id, upto: size, state: "known", expires_at };
  }
  const { upload } = verdict;
  if (upload.pack.bytes < offset + len) {
    return failure(id, "quota", "The quota is used up.");
  }
  upload.hash?.update(chunk.bytes);
  if (offset + len < size) return { op: "ok", id, upto: offset + len };
  return finish(deps, chunk, upload);
}

async function finish(deps: SyncDeps, chunk: Chunk, upload: Upload): Promise<ServerOp> {
  const { db, scope, stock } = deps;
  const { id, size } = chunk;
  const key: Key = [chunk.type, chunk.hash];
  const { pack } = upload;
  const hash = upload.hash?.digest("hex") ?? (await hashOfPieces(deps, pack.id, size));
  stock.end(key);
  if (hash !== chunk.hash) {
    await dropUploads(db, scope, [pack.id]).run();
    return failure(id, "hash_mismatch", "The pieces do not have the hash; all were dropped.");
  }
  const expiresAt = expiryOf(deps.settings, deps.now, chunk.ttl);
  await finishUpload(db, scope, pack.id, expiresAt).run();
  stock.add({ ...pack, whole: true, expiresAt }, [[chunk.type, chunk.hash, size]]);
  return { op: "ok", id, upto: size, state: "stored", expires_at: expiresAt };
}

async function hashOfPieces(deps: SyncDeps, upload: number, size: number): Promise<string> {
  const hash = createHash("sha256");
  for (let offset = 0; offset < size;) {
    const { results } = await readPieces(deps.db, deps.scope, upload, offset, piecesAtOnce).all<{
      offset: number;
      data: string;
    }>();
    const before = offset;
    for (const piece of results) {
      if (piece.offset !== offset) return "";
      const bytes = fromBase64(piece.data);
      hash.update(bytes);
      offset += bytes.byteLength;
    }
    if (offset === before) return "";
  }
  return hash.digest("hex");
}
