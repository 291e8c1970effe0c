import { decodeServerFrame, encodeText } from "../codec.ts";
import type { ClientOp } from "../client-ops.ts";
import { CLOSE } from "../codes.ts";
import { SUBPROTOCOL } from "../limits.ts";
import { batchFrames } from "../objects.ts";
import { decodePong, PING, type Pong } from "../pong.ts";
import type { ErrorOp, ServerOp, Welcome } from "../server-ops.ts";
import type { SocketLike, Surroundings } from "./surroundings.ts";

/** The relay refused a request; `op.retry` says how to go on. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  constructor(readonly op: ErrorOp) {
    super(op.message);
  }
}

/** The connection ended before the answer came; what was asked happened once or not at all. */
export class ConnectionClosed extends Error {
  override readonly name = "ConnectionClosed";
  constructor(readonly code: number) {
    super(`the connection ended (${code})`);
  }
}

/** What a connection tells its owner besides answers. */
export interface ConnectionEvents {
  /** Called before anything that came behind the welcome, which may be in the same frame, is handled. */
  onWelcome(welcome: Welcome, connection: Connection): void;
  /** An operation nobody asked for: event, message, presence, need, notice, ... */
  onOp(op: ServerOp): void;
  onPong(pong: Pong): void;
  /** Called once, whatever happened. */
  onClose(code: number): void;
}

/** What lets a socket in: a page's one-time ticket, or a program's access token. */
export type Credential =
  | { readonly kind: "ticket"; readonly ticket: string }
  | { readonly kind: "token"; readonly token: string };

/** PROTOCOL.md 4: nothing secret is in the address. */
function offerOf(credential: Credential) {
  return credential.kind === "ticket"
    ? { protocols: [SUBPROTOCOL, `ticket.${credential.ticket}`], headers: {} }
    : { protocols: [SUBPROTOCOL], headers: { authorization: `Bearer ${credential.token}` } };
}

/** `hello` of this connection. */
export interface Greeting {
  readonly device: string;
  readonly after?: number;
  readonly epoch?: string;
}

type Unnumbered<Op> = Op extends { readonly id: number } ? Omit<Op, "id"> : never;
/** A request before it has its number. */
export type RequestOp = Unnumbered<ClientOp>;

interface Waiting {
  readonly onPart: (op: ServerOp) => Promise<void>;
  readonly resolve: (op: ServerOp) => void;
  readonly reject: (reason: Error) => void;
}

const PING_EVERY_MS = 30_000;
const PONG_WITHIN_MS = 10_000;
/** Nobody waits longer for a socket to open and to be welcomed. */
const WELCOME_WITHIN_MS = 20_000;
/** Answers that end a request; `objects` and `part` come before one. */
const LAST: ReadonlySet<string> = new Set(["want", "ok", "ack", "events", "done", "error"]);

/** One open socket of `gbr.v1`, greeted and welcomed. */
export class Connection {
  readonly #socket: SocketLike;
  readonly #world: Surroundings;
  readonly #events: ConnectionEvents;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended = new AbortController();
  #nextId = 1;
  #pong = new AbortController();
  #welcomed: ((welcome: Welcome) => void) | undefined;
  /** Frames are handled one after the other: a body may take time to verify and to store. */
  #work: Promise<void> = Promise.resolve();

  private constructor(socket: SocketLike, world: Surroundings, events: ConnectionEvents) {
    this.#socket = socket;
    this.#world = world;
    this.#events = events;
  }

  /**
   * Opens a socket, says hello and waits for the welcome.
   *
   * @throws ConnectionClosed when the relay refuses or cannot be reached; browsers do not say which
   */
  static async open(
    world: Surroundings,
    target: { readonly relayUrl: string; readonly store: string; readonly credential: Credential },
    greeting: Greeting,
    events: ConnectionEvents,
  ): Promise<{ readonly connection: Connection; readonly welcome: Welcome }> {
    const url = new URL(`/ws?store=${encodeURIComponent(target.store)}`, target.relayUrl);
    url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
    const { protocols, headers } = offerOf(target.credential);
    const socket = world.openSocket(url.href, protocols, headers);
    socket.binaryType = "arraybuffer";
    const connection = new Connection(socket, world, events);
    const welcome = await connection.#greet(greeting);
    void connection.#stayAlive();
    return { connection, welcome };
  }

  #greet(greeting: Greeting): Promise<Welcome> {
    return new Promise((resolve, reject) => {
      this.#welcomed = resolve;
      this.#socket.addEventListener("open", () => {
        this.tell({ op: "hello", proto: 1, ...greeting });
      });
      this.#socket.addEventListener("message", ({ data }) => {
        this.#receive(data);
      });
      this.#socket.addEventListener("close", ({ code }) => {
        reject(new ConnectionClosed(code));
        this.#end(code);
      });
      const late = new AbortController();
      this.#ended.signal.addEventListener("abort", () => {
        late.abort();
      });
      void this.#world.wait(WELCOME_WITHIN_MS, late.signal).then(() => {
        if (this.#welcomed !== undefined) this.close(CLOSE.goingAway);
      });
    });
  }

  /** Aborted when the connection has ended. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Sends operations that have no answer of their own. */
  tell(...ops: ClientOp[]): void {
    if (!this.#ended.signal.aborted) this.#socket.send(encodeText(ops));
  }

  /**
   * Sends a request; resolves with its last answer.
   *
   * @param onPart gets the `objects` and `part`s before it, one at a time
   * @throws RequestRefused, ConnectionClosed
   */
  async request(
    op: RequestOp,
    onPart: (op: ServerOp) => Promise<void> = () => Promise.resolve(),
  ): Promise<ServerOp> {
    const [answer] = this.requestAll([op], onPart);
    if (answer === undefined) throw new TypeError("no request");
    return answer;
  }

  /** Sends many requests in as few frames as they fit; each resolves by itself, like {@link request}. */
  requestAll(
    requests: readonly RequestOp[],
    onPart: (op: ServerOp) => Promise<void> = () => Promise.resolve(),
  ): Promise<ServerOp>[] {
    const numbered = requests.map((op) => ({ ...op, id: this.#nextId++ }));
    const answers = numbered.map((op) => this.#await("id" in op ? op.id : 0, onPart));
    if (!this.#ended.signal.aborted) {
      const isBinary = numbered.some((op) => "bytes" in op);
      if (isBinary) for (const frame of batchFrames(numbered)) this.#socket.send(frame);
      else this.#socket.send(encodeText(numbered));
    }
    return answers;
  }

  #await(id: number, onPart: (op: ServerOp) => Promise<void>): Promise<ServerOp> {
    const answer = new Promise<ServerOp>((resolve, reject) => {
      if (this.#ended.signal.aborted) reject(new ConnectionClosed(CLOSE.abnormal));
      else this.#waiting.set(id, { onPart, resolve, reject });
    });
    // A caller of many requests may stop at the first failure; the others are then nobody's.
    answer.catch(() => undefined);
    return answer;
  }

  /** Ends the connection; {@link ConnectionEvents.onClose} is called with this code. */
  close(code: number = CLOSE.goingAway): void {
    // A page may only send 1000 and 3000 to 4999.
    this.#socket.close(1000);
    this.#end(code);
  }

  #receive(data: unknown): void {
    if (typeof data === "string" && data.startsWith("pong:")) {
      this.#pong.abort();
      const pong = decodePong(data);
      if (pong !== undefined) this.#events.onPong(pong);
      return;
    }
    const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
    if (typeof frame !== "string" && !(frame instanceof Uint8Array)) return;
    const decoded = decodeServerFrame(frame);
    if (!decoded.ok) {
      // A relay of another version; what it meant is lost, so nothing after it can be trusted.
      this.close(CLOSE.version);
      return;
    }
    this.#work = this.#work
      .then(async () => {
        for (const op of decoded.ops) await this.#handle(op);
      })
      .catch(() => {
        this.close(CLOSE.internal);
      });
  }

  async #handle(op: ServerOp): Promise<void> {
    if (op.op === "welcome") {
      this.#events.onWelcome(op, this);
      this.#welcomed?.(op);
      this.#welcomed = undefined;
      return;
    }
    const id = "id" in op ? op.id : undefined;
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (waiting === undefined || id === undefined) this.#events.onOp(op);
    else if (!LAST.has(op.op)) await this.#takePart(waiting, op);
    else {
      this.#waiting.delete(id);
      if (op.op === "error") waiting.reject(new RequestRefused(op));
      else waiting.resolve(op);
    }
  }

  async #takePart(waiting: Waiting, op: ServerOp): Promise<void> {
    try {
      await waiting.onPart(op);
    } catch (error) {
      waiting.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #stayAlive(): Promise<void> {
    for (;;) {
      await this.#world.wait(PING_EVERY_MS, this.ended);
      if (this.ended.aborted) return;
      this.#pong = new AbortController();
      const answered = AbortSignal.any([this.#pong.signal, this.ended]);
      this.#socket.send(PING);
      await this.#world.wait(PONG_WITHIN_MS, answered);
      if (!answered.aborted) this.close(CLOSE.abnormal);
    }
  }

  #end(code: number): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    for (const { reject } of this.#waiting.values()) reject(new ConnectionClosed(code));
    this.#waiting.clear();
    this.#events.onClose(code);
  }
}
