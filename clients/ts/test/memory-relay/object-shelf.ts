import { createHash } from "node:crypto";
import type { Chunk, Key, Put, ServerOp } from "@gitblobs/protocol";
import { failure, nameOf } from "./answers.ts";

interface Unfinished {
  readonly size: number;
  bytes: Uint8Array;
}

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The objects of a store, and the pieces of those that are not whole yet. */
export class ObjectShelf {
  /** By type and hash. What was taken out has expired. */
  readonly objects = new Map<string, Uint8Array>();
  readonly #unfinished = new Map<string, Unfinished>();

  has(key: Key): boolean {
    return this.objects.has(nameOf(key));
  }

  /** Bytes of an object; undefined if it is not there. */
  sizeOf(key: Key): number | undefined {
    return this.objects.get(nameOf(key))?.length;
  }

  put({ id, type, hash, bytes }: Put, expires_at: number): ServerOp {
    if (hashOf(bytes) !== hash) return failure("hash_mismatch", id);
    const state = this.has([type, hash]) ? "known" : "stored";
    if (state === "stored") this.objects.set(nameOf([type, hash]), bytes.slice());
    return { op: "ok", id, state, expires_at };
  }

  chunk(op: Chunk, expires_at: number): ServerOp {
    const { id, type, hash, size, offset } = op;
    const name = nameOf([type, hash]);
    if (offset + op.len > size) return failure("size_mismatch", id);
    const whole = this.objects.get(name);
    const begun = this.#unfinished.get(name) ?? { size, bytes: new Uint8Array() };
    if ((whole?.length ?? begun.size) !== size) return failure("size_mismatch", id);
    if (whole !== undefined) return { op: "ok", id, upto: size, state: "known", expires_at };
    if (offset > begun.bytes.length) return failure("bad_offset", id, { upto: begun.bytes.length });
    if (offset === begun.bytes.length) {
      const grown = new Uint8Array(offset + op.len);
      grown.set(begun.bytes);
      grown.set(op.bytes, offset);
      begun.bytes = grown;
      this.#unfinished.set(name, begun);
    }
    if (begun.bytes.length < size) return { op: "ok", id, upto: begun.bytes.length };
    this.#unfinished.delete(name);
    if (hashOf(begun.bytes) !== hash) return failure("hash_mismatch", id);
    this.objects.set(name, begun.bytes);
    return { op: "ok", id, upto: size, state: "stored", expires_at };
  }
}
