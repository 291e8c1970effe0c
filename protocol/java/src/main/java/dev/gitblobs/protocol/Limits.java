package dev.gitblobs.protocol;

/**
 * Every number both ends agree on (PROTOCOL.md 9), equal to {@code protocol/vectors/limits.json}.
 * Sizes are bytes unless the name says otherwise.
 */
public final class Limits {
  /** The version inside {@code hello} and {@code welcome}. */
  public static final int PROTOCOL_VERSION = 1;

  /** The subprotocol name a server selects. */
  public static final String SUBPROTOCOL = "gbr.v1";

  /** A whole frame, text or binary. */
  public static final int FRAME_BYTES = 1_048_576;

  /** Operations in one frame. */
  public static final int OPS_PER_FRAME = 1_024;

  /** Entries of one {@code have}, {@code get} or {@code need}. */
  public static final int OBJECTS_PER_OP = 1_000;

  /** The largest object; above a frame it travels in chunks. */
  public static final int OBJECT_BYTES = 33_554_432;

  /**
   * The largest object that is {@code put} whole: the longest header it is put or sent back with
   * still fits.
   */
  public static final int PUT_BYTES = 1_048_064;

  /** The body of one chunk. */
  public static final int CHUNK_BYTES = 1_000_000;

  /** The body of one {@code send}. */
  public static final int MESSAGE_BYTES = 65_536;

  /** The note of a {@code push}, before it is base64. */
  public static final int NOTE_BYTES = 4096;

  /** Refs of a store that have a note: with all of them a {@code welcome} fits a frame. */
  public static final int NOTED_REFS_PER_STORE = 128;

  /** What {@code presence} says of a device, before it is base64. */
  public static final int STATE_BYTES = 256;

  /** A bearer token. */
  public static final int TOKEN_BYTES = 2_048;

  /** Objects declared under one push. */
  public static final int OBJECTS_PER_PUSH = 100_000;

  /** Named heads in one store. */
  public static final int REFS_PER_STORE = 256;

  /** Events in one page. */
  public static final int EVENTS_PER_PAGE = 500;

  /** Object bytes in the answer to one {@code fetch} or {@code get}. */
  public static final int PAGE_BYTES = 16_777_216;

  /** Expired objects named in one {@code done}. */
  public static final int GONE_PER_PAGE = 1_000;

  /**
   * Whoever has received so much since its last ping sends another, so that the relay knows that it
   * still reads.
   */
  public static final int PING_AFTER_BYTES = 1_048_576;

  /** Time a new socket has for its {@code hello}. */
  public static final int HELLO_SECONDS = 10;

  /** Changes of who is here and what they do are told at most once in this time. */
  public static final int PRESENCE_WINDOW_MS = 250;

  /** A socket of which neither frame nor ping came for so long is closed within as long again. */
  public static final int SILENT_SECONDS = 300;

  /** How long the pieces of an unfinished object, and the lists of an unfinished push, are kept. */
  public static final int UNFINISHED_SECONDS = 86_400;

  /** How long a repeated {@code mid} of an unkept {@code send} is remembered. */
  public static final int MESSAGE_MEMORY_SECONDS = 600;

  /** An acknowledged push may expire this much before its full time to live. */
  public static final int RENEW_SLACK_SECONDS = 60;

  private Limits() {}
}
