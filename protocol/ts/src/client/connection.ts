import type { ClientOp } from "../client-ops.ts";
import { decodeServerFrame, encodeText } from "../codec.ts";
import { CLOSE } from "../codes.ts";
import { batchFrames } from "../objects.ts";
import { decodePong, PING } from "../pong.ts";
import type { ServerOp, Welcome } from "../server-ops.ts";
import { dial, type Greeting, type Target } from "./handshake.ts";
import { Heard } from "./heard.ts";
import { Heartbeat } from "./heartbeat.ts";
import { ConnectionClosed, OpenRequests, type OnPart, type RequestOp } from "./requests.ts";
import type { SocketLike, Surroundings } from "./surroundings.ts";

/** What a connection tells its owner besides answers. */
export interface ConnectionEvents {
  /** Called before anything that came behind the welcome, which may be in the same frame, is handled. */
  onWelcome(welcome: Welcome, connection: Connection): void;
  /** An operation nobody asked for: event, message, presence, need, notice, ... */
  onOp(op: ServerOp): void;
  /** Called once, whatever happened. */
  onClose(code: number): void;
}

/** Nobody waits longer for a socket to open and to be welcomed. */
const WELCOME_WITHIN_MS = 20_000;
const nothing: OnPart = () => Promise.resolve();

/**
 * One open socket of `gbr.v1`, greeted and welcomed. It ends by itself when the relay falls silent, or when a pong
 * tells that events were lost on the way: whoever connects again is told what was missed.
 */
export class Connection {
  readonly #socket: SocketLike;
  readonly #events: ConnectionEvents;
  readonly #requests = new OpenRequests();
  readonly #heard = new Heard();
  readonly #heartbeat = new Heartbeat();
  readonly #ended = new AbortController();
  #nextId = 1;
  #closedWith: number = CLOSE.abnormal;
  #welcomed: ((welcome: Welcome) => void) | undefined;
  /** Frames are handled one after the other: a body may take time to verify and to store. */
  #work: Promise<void> = Promise.resolve();

  private constructor(socket: SocketLike, events: ConnectionEvents) {
    this.#socket = socket;
    this.#events = events;
  }

  /**
   * Opens a socket, says hello and waits for the welcome, for 20 seconds or until it is told to stop.
   *
   * @throws ConnectionClosed when the relay refuses or cannot be reached; browsers do not say which
   */
  static async open(
    world: Surroundings,
    target: Target,
    greeting: Greeting,
    events: ConnectionEvents,
    stop: AbortSignal,
  ): Promise<{ readonly connection: Connection; readonly welcome: Welcome }> {
    const connection = new Connection(dial(world, target), events);
    const welcome = await connection.#greet(greeting, world, stop);
    const ping = () => {
      connection.#socket.send(PING);
    };
    void connection.#heartbeat.run(world, connection.ended, ping).then((isDead) => {
      if (isDead) connection.close(CLOSE.abnormal);
    });
    return { connection, welcome };
  }

  async #greet(greeting: Greeting, world: Surroundings, stop: AbortSignal): Promise<Welcome> {
    const settled = new AbortController();
    const welcomed = new Promise<Welcome>((resolve, reject) => {
      this.#welcomed = resolve;
      this.ended.addEventListener("abort", () => {
        reject(new ConnectionClosed(this.#closedWith));
      });
    });
    this.#socket.addEventListener("open", () => {
      this.tell({ op: "hello", proto: 1, ...greeting });
    });
    this.#socket.addEventListener("message", ({ data }) => {
      this.#receive(data);
    });
    this.#socket.addEventListener("close", ({ code }) => {
      this.#end(code);
    });
    void world
      .wait(WELCOME_WITHIN_MS, AbortSignal.any([settled.signal, this.ended, stop]))
      .then(() => {
        if (!settled.signal.aborted) this.close(CLOSE.goingAway);
      });
    try {
      return await welcomed;
    } finally {
      settled.abort();
    }
  }

  /** Aborted when the connection has ended. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Number of the newest event heard of. */
  get head(): number {
    return this.#heard.head;
  }

  /** Sends operations that have no answer of their own. */
  tell(...ops: ClientOp[]): void {
    if (!this.ended.aborted) this.#socket.send(encodeText(ops));
  }

  /**
   * Sends a request; resolves with its last answer.
   *
   * @param onPart gets the `objects` and `part`s before it, one at a time
   * @throws RequestRefused, ConnectionClosed
   */
  async request(op: RequestOp, onPart: OnPart = nothing): Promise<ServerOp> {
    const [answer] = this.requestAll([op], onPart);
    if (answer === undefined) throw new TypeError("no request");
    return answer;
  }

  /** Sends many requests in as few frames as they fit; each resolves by itself, like {@link request}. */
  requestAll(requests: readonly RequestOp[], onPart: OnPart = nothing): Promise<ServerOp>[] {
    const numbered = requests.map((op) => ({ ...op, id: this.#nextId++ }));
    const answers = numbered.map((op) => this.#requests.add(op.id, onPart));
    if (!this.ended.aborted) {
      const isBinary = numbered.some((op) => "bytes" in op);
      if (isBinary) for (const frame of batchFrames(numbered)) this.#socket.send(frame);
      else this.#socket.send(encodeText(numbered));
    }
    return answers;
  }

  /** Ends the connection; {@link ConnectionEvents.onClose} is called with this code. */
  close(code: number = CLOSE.goingAway): void {
    // A page may only send 1000 and 3000 to 4999.
    this.#socket.close(1000);
    this.#end(code);
  }

  #receive(data: unknown): void {
    this.#heartbeat.beat();
    const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
    if (typeof frame !== "string" && !(frame instanceof Uint8Array)) return;
    const isPong = typeof frame === "string" && frame.startsWith("pong:");
    // A pong waits for its turn too: what came before it may say what it says.
    this.#work = this.#work
      .then(() => {
        if (this.ended.aborted) return;
        if (isPong) this.#compare(frame);
        else return this.#handleAll(frame);
      })
      .catch(() => {
        this.close(CLOSE.internal);
      });
  }

  #compare(text: string): void {
    const pong = decodePong(text);
    if (pong !== undefined && this.#heard.isBehind(pong)) this.close(CLOSE.abnormal);
  }

  async #handleAll(frame: string | Uint8Array): Promise<void> {
    const decoded = decodeServerFrame(frame);
    // A relay of another version; what it meant is lost, so nothing after it can be trusted.
    if (!decoded.ok) this.close(CLOSE.version);
    else for (const op of decoded.ops) await this.#handle(op);
  }

  async #handle(op: ServerOp): Promise<void> {
    this.#heard.take(op);
    if (op.op === "welcome") {
      this.#events.onWelcome(op, this);
      this.#welcomed?.(op);
    } else if (!(await this.#requests.take(op))) this.#events.onOp(op);
  }

  #end(code: number): void {
    if (this.ended.aborted) return;
    this.#closedWith = code;
    this.#requests.close(new ConnectionClosed(code));
    this.#ended.abort();
    this.#events.onClose(code);
  }
}
