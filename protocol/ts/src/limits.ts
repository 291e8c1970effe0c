/**
 * Every number both ends agree on (PROTOCOL.md 9), equal to `protocol/vectors/limits.json`.
 * Sizes are bytes unless the name says otherwise.
 */
export const LIMITS = {
  /** A whole frame, text or binary. Far below the platform's 32 MiB, so that one frame is one small bite. */
  frameBytes: 1_048_576,
  /** Operations in one frame. */
  opsPerFrame: 1_024,
  /** Entries of one `have`, `get` or `need`. */
  objectsPerOp: 1_000,
  /** The largest object; above a frame it travels in chunks. */
  objectBytes: 33_554_432,
  /** The largest object that is `put` whole: the longest header it is put or sent back with still fits. */
  putBytes: 1_048_064,
  /** The body of one chunk: as base64 it must fit a 1.9 MB database row. */
  chunkBytes: 1_000_000,
  /** The body of one `send`, in UTF-8. */
  messageBytes: 65_536,
  /** The note of a `push`, before it is base64. */
  noteBytes: 4_096,
  /** Refs of a store that have a note: with all of them a `welcome` fits a frame. */
  notedRefsPerStore: 128,
  /** The free text of `presence`, in UTF-8. */
  stateBytes: 256,
  /** A bearer token. */
  tokenBytes: 2_048,
  /** Objects declared under one push. */
  objectsPerPush: 100_000,
  /** Named heads in one store. */
  refsPerStore: 256,
  /** Events in one page. */
  eventsPerPage: 500,
  /** Object bytes in the answer to one `fetch` or `get`; the object that crosses the line is still sent. */
  pageBytes: 16_777_216,
  /** Expired objects named in one `done`. */
  gonePerPage: 1_000,
  /** Whoever has received so much since its last ping sends another, so that the relay knows that it still reads. */
  pingAfterBytes: 1_048_576,
  /** Time a new socket has for its `hello`. */
  helloSeconds: 10,
  /** Changes of who is here and what they do are told at most once in this time. */
  presenceWindowMs: 250,
  /** A socket of which neither frame nor ping came for so long is closed within as long again. */
  silentSeconds: 300,
  /** How long the pieces of an unfinished object, and the lists of an unfinished push, are kept. */
  unfinishedSeconds: 86_400,
  /** How long a repeated `mid` of an unkept `send` is remembered. */
  messageMemorySeconds: 600,
  /** An acknowledged push may expire this much before its full time to live. */
  renewSlackSeconds: 60,
} as const;

/** The subprotocol name a server selects. */
export const SUBPROTOCOL = "gbr.v1";

/** The version inside `hello` and `welcome`. */
export const PROTOCOL_VERSION = 1;
