import {
  CLOSE,
  decodeClientFrame,
  encodeBinary,
  encodePong,
  encodeText,
  PING,
  type ServerOp,
} from "@gitblobs/protocol";
import type { SocketLike } from "../../src/sync/surroundings.ts";
import type { MemoryRelay } from "./relay.ts";

type Listener = (event: never) => void;

/** Both ends of a socket: what a device holds of it, and what the relay knows of the device. Frames are real ones. */
export class MemorySocket implements SocketLike {
  binaryType = "blob";
  readyState = 0;
  /** Empty until it said hello. */
  device = "";
  /** What the device says it is doing. */
  state: string | undefined;
  /** Events flow as they happen; before, the device is still catching up. */
  isLive = false;
  readonly askedFor = new Set<string>();
  /** Reads that were asked for and not answered; they are answered one after the other. */
  reads = 0;
  reading: Promise<void> = Promise.resolve();
  readonly #relay: MemoryRelay;
  readonly #listeners: [string, Listener][] = [];
  /** Nothing is taken from it or given to it any more. */
  #isOver = false;

  constructor(relay: MemoryRelay, url: URL, protocols: readonly string[]) {
    this.#relay = relay;
    queueMicrotask(() => {
      if (relay.isSilent) return;
      const isRefused = relay.refusesSockets || relay.registry.refusal(url) !== undefined;
      if (relay.isDown || isRefused || protocols[0] !== "gbr.v1") {
        this.end(CLOSE.abnormal);
        return;
      }
      this.readyState = 1;
      relay.sockets.add(this);
      this.#emit("open", {});
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push([type, listener]);
  }

  send(data: string | ArrayBufferView<ArrayBuffer>): void {
    if (this.readyState !== 1) throw new Error("send on a socket that is not open");
    if (this.#relay.isSilent) return;
    if (data === PING) {
      this.pong();
      return;
    }
    const frame =
      typeof data === "string"
        ? data
        : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const decoded = decodeClientFrame(frame);
    if (!decoded.ok) throw new Error(`the client sent a bad frame: ${decoded.error.message}`);
    this.#relay.travel(this, "up", () => {
      if (!this.#isOver) this.#relay.take(this, decoded.ops);
    });
  }

  /** Says where the store stands, as the runtime does when it is pinged. */
  pong(): void {
    this.#deliver(encodePong({ epoch: this.#relay.epoch, head: this.#relay.head }));
  }

  /** Operations without bodies share a frame, as a relay may send them. */
  tell(...ops: readonly ServerOp[]): void {
    const hasBody = (op: ServerOp) => "bytes" in op && typeof op.bytes !== "number";
    const frames = ops.some(hasBody) ? ops.map((op) => [op]) : [ops];
    for (const frame of frames)
      if (frame.length > 0)
        this.#deliver(frame.some(hasBody) ? encodeBinary(frame).buffer : encodeText(frame));
  }

  /** The device closes it. */
  close(): void {
    this.readyState = 3;
    this.end(1000);
  }

  /** It ends, from either side; what was sent before still arrives. */
  end(code: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#relay.forget(this);
    // On a dead line nobody answers a closing handshake either.
    if (this.#relay.isSilent) this.readyState = 3;
    else
      queueMicrotask(() => {
        this.readyState = 3;
        this.#emit("close", { code });
      });
  }

  #deliver(data: string | ArrayBuffer): void {
    if (this.#isOver) return;
    this.#relay.travel(this, "down", () => {
      if (this.readyState === 1) this.#emit("message", { data });
    });
  }

  #emit(type: string, event: object): void {
    for (const [wanted, listener] of this.#listeners) if (wanted === type) listener(event as never);
  }
}
