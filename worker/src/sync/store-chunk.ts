import { createHash } from "node:crypto";
import type { Chunk, Key } from "@gitblobs/protocol";
import { fromBase64, toBase64 } from "./base64.ts";
import {
  appendChunk,
  dropBroken,
  dropUpload,
  findUpload,
  finishUpload,
  readChunk,
  renewUpload,
  type UploadRow,
} from "./chunk-table.ts";
import { failure } from "./failure.ts";
import { extendObject } from "./object-table.ts";
import { answer, rowsOf, type Outcome, type Piece, type SyncDeps } from "./piece.ts";
import { expiryOf, unfinishedUntil } from "./settings.ts";

/** Appends a piece of a large object; the last one makes it visible if the whole has its hash. */
export function storeChunk(deps: SyncDeps, chunk: Chunk): Piece {
  const { db, scope, settings, now } = deps;
  const { offset, len } = chunk;
  if (offset + len > chunk.size) {
    const op = failure(chunk.id, "size_mismatch", "The piece reaches beyond the object's size.");
    return { statements: [], settle: () => [answer(op)] };
  }
  const piece = { offset, len, base64: toBase64(chunk.bytes) };
  return {
    statements: [
      dropBroken(db, scope, chunk, now),
      appendChunk(db, scope, chunk, piece, settings, unfinishedUntil(now)),
      renewUpload(db, scope, chunk, unfinishedUntil(now)),
      findUpload(db, scope, chunk, now),
    ],
    settle: async ([, , , found]) => [await settleChunk(deps, chunk, rowsOf<UploadRow>(found)[0])],
  };
}

async function settleChunk(
  deps: SyncDeps,
  chunk: Chunk,
  row: UploadRow | undefined,
): Promise<Outcome> {
  const { id, size, offset } = chunk;
  const upto = row?.upto ?? 0;
  const expiresAt = expiryOf(deps.settings, deps.now, chunk.ttl);
  const begunWith = row?.whole ?? row?.size ?? size;
  if (begunWith !== size) {
    return answer(failure(id, "size_mismatch", `The object was begun with ${begunWith} bytes.`));
  }
  if (row?.whole != null) {
    const key: Key = [chunk.type, chunk.hash];
    const extended = extendObject(deps.db, deps.scope, key, expiresAt);
    const expires_at = (await extended.first<number>("expires_at")) ?? expiresAt;
    return answer({ op: "ok", id, upto: size, state: "known", expires_at });
  }
  if (upto === size) return finish(deps, chunk, expiresAt);
  if (upto < offset) return answer(failure(id, "bad_offset", `Go on from ${upto}.`, { upto }));
  // A piece that begins where the upload stands, and is not in it, was refused.
  if (upto === offset) return answer(failure(id, "quota", "The quota is used up."));
  return answer({ op: "ok", id, upto });
}

async function finish(deps: SyncDeps, chunk: Chunk, expiresAt: number): Promise<Outcome> {
  const { db, scope, settings, now } = deps;
  const { id, size } = chunk;
  if ((await hashOfPieces(deps, chunk)) !== chunk.hash) {
    await dropUpload(db, scope, chunk).run();
    return answer(
      failure(id, "hash_mismatch", "The pieces do not have the hash; all were dropped."),
    );
  }
  const [made] = await db.batch([...finishUpload(db, scope, chunk, settings, now, expiresAt)]);
  const row = rowsOf<{ expires_at: number }>(made)[0];
  if (row === undefined) return answer(failure(id, "quota", "The quota is used up."));
  return answer({ op: "ok", id, upto: size, state: "stored", expires_at: row.expires_at });
}

async function hashOfPieces(deps: SyncDeps, chunk: Chunk): Promise<string> {
  const hash = createHash("sha256");
  for (let offset = 0; offset < chunk.size;) {
    const piece = await readChunk(deps.db, deps.scope, chunk, offset);
    if (piece?.offset !== offset) return "";
    const bytes = fromBase64(piece.data);
    hash.update(bytes);
    offset += bytes.byteLength;
  }
  return hash.digest("hex");
}
