import { parseJson } from "@gitblobs/protocol";

const prefixBytes = 8;

/** Cuts a body of binary frames, one after the other, into frames: the header tells the length of the bodies. */
export async function* frameStream(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const arrived = new Arrived();
  for await (const chunk of body) {
    arrived.append(chunk);
    for (let frame = arrived.take(); frame !== undefined; frame = arrived.take()) yield frame;
  }
}

/** A body whose beginning was looked at; `whole` has all of it still. */
export interface Peeked {
  /** The frames without bodies that it begins with. */
  readonly frames: readonly Uint8Array[];
  readonly isEmpty: boolean;
  readonly whole: ReadableStream<Uint8Array>;
}

/**
 * Looks at the frames without bodies that a body begins with, at most so many. What comes behind them is passed on by the
 * runtime, unread, for as long as somebody reads `whole`.
 */
export async function peekFrames(body: ReadableStream<Uint8Array>, most: number): Promise<Peeked> {
  const reader = body.getReader();
  const arrived = new Arrived();
  const frames: Uint8Array[] = [];
  while (frames.length < most && arrived.header()?.isBare !== false) {
    const frame = arrived.take();
    if (frame !== undefined) {
      frames.push(frame);
      continue;
    }
    const next = await reader.read();
    if (next.done) break;
    arrived.append(next.value);
  }
  reader.releaseLock();
  const read = [...frames, arrived.rest()].filter(({ byteLength }) => byteLength > 0);
  const { readable, writable } = new IdentityTransformStream();
  const pass = async () => {
    const writer = writable.getWriter();
    for (const bytes of read) await writer.write(bytes);
    writer.releaseLock();
    await body.pipeTo(writable);
  };
  // Who went away needs no rest.
  void pass().catch((error: unknown) => body.cancel(error).catch(() => undefined));
  return { frames, isEmpty: read.length === 0, whole: readable };
}

/** What the header of a frame says. */
interface Header {
  /** Bytes of the whole frame. */
  readonly length: number;
  /** Whether its operations have no bodies. */
  readonly isBare: boolean;
}

/**
 * What has come of a body and was not taken yet. Room grows by doubling and each header is read once, so that a frame in
 * many pieces costs no more than its bytes.
 */
class Arrived {
  private bytes = new Uint8Array(16_384);
  private start = 0;
  private end = 0;
  private known: Header | undefined;

  append(chunk: Uint8Array): void {
    const left = this.end - this.start;
    if (this.end + chunk.byteLength > this.bytes.byteLength) {
      const isRoomy = 2 * (left + chunk.byteLength) <= this.bytes.byteLength;
      const room = isRoomy ? this.bytes : new Uint8Array(2 * (left + chunk.byteLength));
      room.set(this.bytes.subarray(this.start, this.end));
      this.bytes = room;
      this.start = 0;
      this.end = left;
    }
    this.bytes.set(chunk, this.end);
    this.end += chunk.byteLength;
  }

  /** The header of the first frame; undefined while it is not there. */
  header(): Header | undefined {
    this.known ??= readHeader(this.bytes.subarray(this.start, this.end));
    return this.known;
  }

  /** Takes the first frame; undefined while not all of it is there. */
  take(): Uint8Array<ArrayBuffer> | undefined {
    const length = this.header()?.length;
    if (length === undefined || this.end - this.start < length) return undefined;
    const frame = this.bytes.slice(this.start, this.start + length);
    this.start += length;
    this.known = undefined;
    return frame;
  }

  /** What is left. */
  rest(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(this.start, this.end);
  }
}

function readHeader(bytes: Uint8Array): Header | undefined {
  if (bytes.byteLength < prefixBytes) return undefined;
  const end = prefixBytes + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
  if (bytes.byteLength < end) return undefined;
  const parsed = parseJson(new TextDecoder().decode(bytes.subarray(prefixBytes, end)));
  const ops: readonly unknown[] = Array.isArray(parsed?.value) ? parsed.value : [];
  const bodies = ops.reduce<number>((sum, op) => sum + bodyLength(op), 0);
  return { length: end + bodies, isBare: bodies === 0 };
}

function bodyLength(op: unknown): number {
  if (typeof op !== "object" || op === null) return 0;
  if ("len" in op) return Number(op.len);
  const items = "op" in op && op.op === "objects" && "items" in op ? op.items : [];
  return Array.isArray(items)
    ? items.reduce<number>(
        (sum, item: unknown) => sum + Number(Array.isArray(item) ? item[2] : 0),
        0,
      )
    : 0;
}
