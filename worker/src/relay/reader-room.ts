import { LIMITS } from "@gitblobs/protocol";
import { answeredBytes, type Connection } from "./connection.ts";

/** Bytes of answers with bodies that a hub holds for all its readers: a fraction of the isolate's 128 MB. */
const roomBytes = 16_777_216;
/** What a batch counts while it is read: its base64, its bytes and its frames are there at once. */
const batchBytes = 8_388_608;
/** What a reader may leave unconfirmed and be given more (PROTOCOL.md 4): several times what it confirms at once. */
const windowBytes = 4 * LIMITS.pingAfterBytes;
/** How long a wait lasts before it is looked again. */
const pauseMs = 20;
/** A reader that takes nothing for so long is cut; where others wait for its room, after the time of a missed heartbeat. */
const patienceMs = 120_000;
const awaitedPatienceMs = 45_000;

/** Who is given bodies: a socket, or the caller of one request. */
export interface Reader {
  isGone(): boolean;
  /** Bytes it was given and has not confirmed, or not taken. */
  unconfirmed(): number;
  /** Ends it: it reads too slowly. */
  cut(): void;
}

/**
 * The room a hub has for what it answers: bodies are read from the database only when the reader has taken what went
 * before, and while all readers together leave enough memory, so that one that does not read holds a few megabytes.
 */
export class ReaderRoom {
  private batches = 0;
  /** Bytes of answers over HTTP that their callers have not taken. */
  overHttp = 0;

  /** @param connections the open sockets of the hub; `cut` ends one that reads too slowly */
  constructor(
    private readonly connections: () => Iterable<Connection>,
    private readonly cut: (connection: Connection) => void,
    private readonly now: () => number,
  ) {}

  /**
   * Waits for room for one batch of a few megabytes; gives back what ends the batch once it is sent, or undefined if the
   * reader is gone or was cut.
   */
  async enter(reader: Reader): Promise<(() => void) | undefined> {
    const since = this.now();
    for (;;) {
      if (reader.isGone()) return undefined;
      const isReady = reader.unconfirmed() <= windowBytes;
      if (isReady && this.held() + batchBytes <= roomBytes) return this.beginBatch();
      if (!isReady && this.now() - since > patienceMs) {
        reader.cut();
        return undefined;
      }
      if (isReady) this.cutStale();
      await scheduler.wait(pauseMs);
    }
  }

  private beginBatch(): () => void {
    this.batches += 1;
    let isOver = false;
    return () => {
      if (!isOver) this.batches -= 1;
      isOver = true;
    };
  }

  /** Bytes held for all readers. */
  private held(): number {
    let bytes = this.batches * batchBytes + this.overHttp;
    for (const connection of this.connections()) bytes += answeredBytes(connection);
    return bytes;
  }

  /** Makes room: who was given bodies and has not been heard for longer than a heartbeat does not read. */
  private cutStale(): void {
    const since = this.now() - awaitedPatienceMs;
    for (const connection of [...this.connections()]) {
      if (answeredBytes(connection) > 0 && connection.heardAt < since) this.cut(connection);
    }
  }
}
