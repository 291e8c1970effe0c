import {
  CLOSE,
  LIMITS,
  PING,
  batchFrames,
  decodePong,
  decodeServerFrame,
  encodeText,
  type ClientOp,
  type Pong,
  type ServerOp,
  type Welcome,
} from "@gitblobs/protocol";
import { dial, type Greeting, type Target } from "./handshake.ts";
import { Heartbeat } from "./heartbeat.ts";
import { ConnectionClosed, OpenRequests, type OnPart, type RequestOp } from "./requests.ts";
import type { SocketLike, Surroundings } from "./surroundings.ts";

/** How far a connection is. */
export type ConnectionState =
  /** Not welcomed yet. */
  | { readonly kind: "greeting" }
  /** Pages of missed events are read; the relay holds live ones back until then. */
  | { readonly kind: "catching-up" }
  /** Events come as they happen. */
  | { readonly kind: "live" }
  /** It has ended; `reason` is for people, where this side ended it. */
  | { readonly kind: "closed"; readonly code: number; readonly reason?: string };

/** What a connection tells its owner besides answers. What one of these throws ends it. */
export interface ConnectionEvents {
  /** Called before anything that came behind the welcome, which may be in the same frame, is handled. */
  onWelcome(welcome: Welcome, connection: Connection): void;
  /** Called with every operation that says where the store stands, in order, before it is handled or answers a request. */
  onHeard(op: Extract<ServerOp, { readonly op: "event" | "events" | "ack" }>): void;
  /** Where the store stands, as the relay says without waking. */
  onPong(pong: Pong): void;
  /** An operation nobody asked for: event, message, presence, need, notice, ... */
  onOp(op: ServerOp): void;
  /** Called once, whatever happened. */
  onClose(closed: Extract<ConnectionState, { readonly kind: "closed" }>): void;
}

/** Nobody waits longer for a socket to open and to be welcomed. */
const WELCOME_WITHIN_MS = 20_000;
const nothing: OnPart = () => Promise.resolve();

/** One open socket of `gbr.v1`, greeted and welcomed. It ends by itself when the relay falls silent. */
export class Connection {
  readonly #socket: SocketLike;
  readonly #events: ConnectionEvents;
  readonly #requests = new OpenRequests();
  readonly #heartbeat = new Heartbeat();
  readonly #ended = new AbortController();
  #nextId = 1;
  /** Bytes that came since the last ping. */
  #unsaid = 0;
  #state: ConnectionState = { kind: "greeting" };
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
      if (isDead) connection.close(CLOSE.abnormal, "The relay has fallen silent.");
    });
    return { connection, welcome };
  }

  async #greet(greeting: Greeting, world: Surroundings, stop: AbortSignal): Promise<Welcome> {
    const settled = new AbortController();
    const welcomed = new Promise<Welcome>((resolve, reject) => {
      this.#welcomed = resolve;
      this.ended.addEventListener("abort", () => {
        reject(new ConnectionClosed(this.#state.kind === "closed" ? this.#state.code : 0));
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
        if (!settled.signal.aborted) this.close(CLOSE.goingAway, "The relay does not answer.");
      });
    try {
      return await welcomed;
    } finally {
      settled.abort();
    }
  }

  /** How far it is. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** Aborted when the connection has ended. */
  get ended(): AbortSignal {
    return this.#ended.signal;
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

  /** Ends the connection; {@link ConnectionEvents.onClose} is called with this code and reason. */
  close(code: number = CLOSE.goingAway, reason?: string): void {
    // A page may only send 1000 and 3000 to 4999.
    this.#socket.close(1000);
    this.#end(code, reason);
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
        const pong = isPong ? decodePong(frame) : undefined;
        if (pong !== undefined) this.#events.onPong(pong);
        if (!isPong) return this.#handleAll(frame);
      })
      .then(() => {
        this.#tellReading(frame.length);
      })
      .catch((error: unknown) => {
        this.close(CLOSE.internal, error instanceof Error ? error.message : String(error));
      });
  }

  /** PROTOCOL.md 4: by pings the relay knows that this side has dealt with what came. */
  #tellReading(bytes: number): void {
    this.#unsaid += bytes;
    if (this.#unsaid < LIMITS.pingAfterBytes || this.ended.aborted) return;
    this.#unsaid = 0;
    this.#socket.send(PING);
  }

  async #handleAll(frame: string | Uint8Array): Promise<void> {
    const decoded = decodeServerFrame(frame);
    // A relay of another version; what it meant is lost, so nothing after it can be trusted.
    if (!decoded.ok) this.close(CLOSE.version, decoded.error.message);
    else for (const op of decoded.ops) await this.#handle(op);
  }

  async #handle(op: ServerOp): Promise<void> {
    if (op.op === "event" || op.op === "events" || op.op === "ack") this.#events.onHeard(op);
    if (op.op === "events" && !op.more && this.#state.kind === "catching-up")
      this.#state = { kind: "live" };
    if (op.op === "welcome") {
      // PROTOCOL.md 5: a page follows for who was here before and can be told what was missed.
      const hasPage = op.resumed || op.reason === "expired";
      this.#state = { kind: hasPage ? "catching-up" : "live" };
      this.#events.onWelcome(op, this);
      this.#welcomed?.(op);
    } else if (!(await this.#requests.take(op))) this.#events.onOp(op);
  }

  #end(code: number, reason?: string): void {
    if (this.#state.kind === "closed") return;
    const closed = { kind: "closed", code, ...(reason === undefined ? {} : { reason }) } as const;
    this.#state = closed;
    this.#requests.close(new ConnectionClosed(code));
    this.#ended.abort();
    this.#events.onClose(closed);
  }
}
