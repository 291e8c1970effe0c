import {
  decodeClientFrame,
  encodeBinary,
  encodePong,
  encodeText,
  ERROR_RETRY,
  LIMITS,
  PING,
  type ClientOp,
  type ErrorCode,
  type EventItem,
  type Key,
  type ServerOp,
  type SizedKey,
} from "../src/index.ts";
import type { SocketLike, Surroundings } from "../src/client/surroundings.ts";

type Push = Extract<EventItem, { readonly kind: "push" }>;
type Listener = (event: never) => void;

const nameOf = (type: string, hash: string) => `${type} ${hash}`;

/** One store as PROTOCOL.md describes it, in memory: for tests of the client alone. */
export class MemoryRelay {
  readonly objects = new Map<string, Uint8Array>();
  readonly events: Push[] = [];
  /** What each event's push brought. */
  readonly brought = new Map<number, readonly Key[]>();
  readonly sockets = new Set<MemorySocket>();
  readonly declared = new Map<string, Map<string, SizedKey>>();
  main: string | null = null;
  epoch = "e1";
  /** Every operation that came, for counting. */
  readonly received: ClientOp["op"][] = [];
  /** Tokens that renewed a connection, and when there was one. */
  readonly tokens: string[] = [];
  readonly #renewed = Promise.withResolvers<undefined>();
  readonly renewed: Promise<undefined> = this.#renewed.promise;
  /** Every event is followed at once by a pong, as if the runtime answered a ping just then. */
  pongBehindEvents = false;
  /** Events get lost on the way. */
  losesEvents = false;
  /** Answers HTTP requests before the relay does; for faults. */
  intercept: (path: string) => Response | undefined = () => undefined;
  /** Looks at every operation; returning an error code refuses it. */
  refuse: (op: ClientOp) => ErrorCode | undefined = () => undefined;
  /** Nothing reaches it. */
  isDown = false;
  /** It answers over HTTP and opens no socket. */
  refusesSockets = false;
  /** It takes connections and says nothing at all: neither over HTTP nor on a socket. */
  isSilent = false;
  /** Events in one page. */
  pageSize: number = LIMITS.eventsPerPage;
  readonly #needs = new Map<MemorySocket, readonly Key[]>();
  #time = 1_700_000_000_000;
  #tokens = 0;

  /**
   * The world of a device that reaches this relay. Unless it is given a clock, pauses take no time, and what should not
   * happen at all (a ping, a deadline) never comes.
   */
  world(own: Partial<Surroundings> = {}): Surroundings {
    return {
      fetch: (url, init) => this.#answer(new URL(url).pathname, init),
      sendsHeaders: false,
      openSocket: (_, protocols) => new MemorySocket(this, protocols),
      now: () => this.#time,
      random: () => 0.5,
      wait: (ms, signal) => (ms >= 10_000 ? untilAborted(signal) : nextTurn()),
      watchNetwork: () => undefined,
      ...own,
    };
  }

  /** Cuts every connection. */
  cut(code = 1006): void {
    for (const socket of this.sockets) socket.end(code);
  }

  advance(ms: number): void {
    this.#time += ms;
  }

  #answer(path: string, init: RequestInit): Promise<Response> {
    if (this.isDown) return Promise.reject(new TypeError("network"));
    if (this.isSilent)
      return untilAborted(init.signal).then(() => Promise.reject(new Error("late")));
    const early = this.intercept(path);
    if (early !== undefined) return Promise.resolve(early);
    const isGrant = path === "/login" || path === "/refresh";
    if (!isGrant && !new Headers(init.headers).has("authorization"))
      return Promise.resolve(
        Response.json({ title: "no", code: "not_authenticated" }, { status: 401 }),
      );
    if (path === "/ws/ticket") return Promise.resolve(Response.json({ ticket: "t".repeat(43) }));
    if (!isGrant) return Promise.resolve(new Response(null, { status: 204 }));
    const number = String(++this.#tokens);
    const user = { id: "usr_1", username: "ada", role: "user", password_must_change: false };
    return Promise.resolve(
      Response.json({
        access_token: `access-${number}`,
        token_type: "Bearer",
        expires_in: 900,
        refresh_token: `refresh-${number}`,
        user,
      }),
    );
  }

  handle(socket: MemorySocket, op: ClientOp): ServerOp[] {
    this.received.push(op.op);
    const id = "id" in op ? op.id : undefined;
    const fault = this.refuse(op);
    if (fault !== undefined) return [this.#error(fault, id)];
    switch (op.op) {
      case "hello":
        return this.#welcome(socket, op);
      case "have":
        return [this.#have(socket, op)];
      case "put":
        this.objects.set(nameOf(op.type, op.hash), op.bytes.slice());
        this.#tellWhoNeeds([op.type, op.hash]);
        return [{ op: "ok", id: op.id, state: "stored", expires_at: this.#time }];
      case "chunk":
        return [this.#chunk(op)];
      case "push":
        return [this.#push(socket, op)];
      case "pull":
        return [{ ...this.#eventsAfter(op.after), id: op.id }];
      case "fetch": {
        const pushes = this.events.filter((event) => event.seq > op.after);
        const page = this.#page(
          op.id,
          pushes.flatMap(({ seq }) => this.brought.get(seq) ?? []),
        );
        return page.map((o) => (o.op === "done" ? { ...o, seq: this.events.length } : o));
      }
      case "get":
        return this.#page(op.id, op.objects);
      case "need":
        this.#needs.set(socket, op.objects);
        for (const other of this.sockets)
          if (other !== socket)
            other.tell({ op: "need", from: socket.device, objects: op.objects });
        return [{ op: "ok", id: op.id, devices: this.sockets.size - 1 }];
      case "auth":
        this.tokens.push(op.token);
        this.#renewed.resolve(undefined);
        return [{ op: "authed", expires_at: this.#time + 900_000 }];
      case "presence":
      case "send":
        return [];
    }
  }

  #tellWhoNeeds([type, hash]: Key): void {
    for (const [socket, keys] of this.#needs) {
      if (!keys.some((key) => key[0] === type && key[1] === hash)) continue;
      if (keys.every((key) => this.objects.has(nameOf(...key))))
        socket.tell({ op: "available", objects: [...keys] });
    }
  }

  #error(code: ErrorCode, id?: number, more: object = {}): ServerOp {
    const about = id === undefined ? {} : { id };
    return { op: "error", ...about, code, message: code, retry: ERROR_RETRY[code], ...more };
  }

  #welcome(socket: MemorySocket, op: Extract<ClientOp, { op: "hello" }>): ServerOp[] {
    socket.device = op.device;
    const isNew = op.after === undefined;
    const resumed = !isNew && op.epoch === this.epoch;
    const limits = {
      frame_bytes: LIMITS.frameBytes,
      object_bytes: LIMITS.objectBytes,
      message_bytes: LIMITS.messageBytes,
      ttl_seconds: 60,
      ttl_max_seconds: 60,
      quota_bytes: 1e9,
      quota_objects: 1e6,
      used_bytes: 0,
      used_objects: this.objects.size,
    };
    const welcome: ServerOp = {
      op: "welcome",
      proto: 1,
      epoch: this.epoch,
      head: this.events.length,
      oldest: 0,
      refs: this.main === null ? [] : [["main", this.main]],
      limits,
      user: "ada",
      expires_at: this.#time,
      resumed,
      ...(resumed ? {} : { reason: isNew ? "new" : "epoch" }),
    };
    queueMicrotask(() => {
      this.tellWhoIsHere();
    });
    return resumed ? [welcome, this.#eventsAfter(op.after ?? 0)] : [welcome];
  }

  /** Tells all devices who is connected. */
  tellWhoIsHere(): void {
    const here = [...this.sockets].filter(({ device }) => device !== "");
    const devices = here.map(({ device }) => ({ device, since: this.#time }));
    for (const socket of here) socket.tell({ op: "presence", devices });
  }

  #eventsAfter(after: number) {
    const missed = this.events.filter(({ seq }) => seq > after);
    const items = missed.slice(0, this.pageSize);
    return { op: "events" as const, items, more: missed.length > items.length };
  }

  #have(socket: MemorySocket, op: Extract<ClientOp, { op: "have" }>): ServerOp {
    const name = `${socket.device} ${op.mid}`;
    const list = this.declared.get(name) ?? new Map<string, SizedKey>();
    this.declared.set(name, list);
    for (const key of op.objects) list.set(nameOf(key[0], key[1]), key);
    const need = op.objects.flatMap(([type, hash], index) =>
      this.objects.has(nameOf(type, hash)) ? [] : [index],
    );
    return { op: "want", id: op.id, need, over: [] };
  }

  #chunk(op: Extract<ClientOp, { op: "chunk" }>): ServerOp {
    const name = `part ${nameOf(op.type, op.hash)}`;
    const there = this.objects.get(name) ?? new Uint8Array();
    if (op.offset === there.length) {
      const grown = new Uint8Array(there.length + op.len);
      grown.set(there);
      grown.set(op.bytes, there.length);
      this.objects.set(name, grown);
    }
    const upto = this.objects.get(name)?.length ?? 0;
    if (upto < op.size) return { op: "ok", id: op.id, upto };
    this.objects.set(nameOf(op.type, op.hash), this.objects.get(name) ?? there);
    return { op: "ok", id: op.id, upto, state: "stored", expires_at: this.#time };
  }

  #push(socket: MemorySocket, op: Extract<ClientOp, { op: "push" }>): ServerOp {
    if (op.old !== this.main) return this.#error("ref_conflict", op.id, { current: this.main });
    const keys = [...(this.declared.get(`${socket.device} ${op.mid}`)?.values() ?? [])];
    const missing = keys.filter(([type, hash]) => !this.objects.has(nameOf(type, hash)));
    if (missing.length > 0) {
      return this.#error("missing", op.id, { need: missing.map(([type, hash]) => [type, hash]) });
    }
    this.main = op.new;
    const { mid, ref, old } = op;
    const seq = this.events.length + 1;
    const event = {
      kind: "push" as const,
      seq,
      at: this.#time,
      device: socket.device,
      ...{ mid, ref, old, new: op.new, objects: keys.length, bytes: 0 },
    };
    this.events.push(event);
    this.brought.set(
      seq,
      keys.map(([type, hash]): Key => [type, hash]),
    );
    for (const other of this.losesEvents ? [] : this.sockets) {
      if (other !== socket) other.tell({ op: "event", ...event });
      if (this.pongBehindEvents) other.pong();
    }
    return { op: "ack", id: op.id, mid, seq };
  }

  #page(id: number, keys: readonly Key[]): ServerOp[] {
    const gone: Key[] = [];
    const ops: ServerOp[] = [];
    const unique = new Map(keys.map((key) => [nameOf(...key), key]));
    for (const [name, [type, hash]] of unique) {
      const bytes = this.objects.get(name);
      if (bytes === undefined) gone.push([type, hash]);
      else if (bytes.length < LIMITS.chunkBytes)
        ops.push({ op: "objects", id, items: [[type, hash, bytes.length]], bytes });
      else {
        const size = bytes.length;
        for (let offset = 0; offset < size; offset += LIMITS.chunkBytes) {
          const body = bytes.subarray(offset, offset + LIMITS.chunkBytes);
          ops.push({ op: "part", id, type, hash, size, offset, len: body.length, bytes: body });
        }
      }
    }
    return [...ops, { op: "done", id, gone }];
  }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

const untilAborted = (signal: AbortSignal | null | undefined) =>
  new Promise<void>((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener("abort", () => {
      resolve();
    });
  });

/** The device's end of a socket; frames are really encoded and decoded. */
export class MemorySocket implements SocketLike {
  binaryType = "blob";
  readyState = 0;
  device = "";
  readonly #relay: MemoryRelay;
  readonly #listeners: [string, Listener][] = [];

  constructor(relay: MemoryRelay, protocols: readonly string[]) {
    this.#relay = relay;
    queueMicrotask(() => {
      if (relay.isSilent) return;
      if (relay.isDown || relay.refusesSockets || protocols[0] !== "gbr.v1") {
        this.end(1006);
        return;
      }
      this.readyState = 1;
      relay.sockets.add(this);
      this.#emit("open", {});
    });
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
    queueMicrotask(() => {
      for (const op of decoded.ops) this.tell(...this.#relay.handle(this, op));
    });
  }

  /** Says where the store stands, as the runtime does when it is pinged. */
  pong(): void {
    const data = encodePong({ epoch: this.#relay.epoch, head: this.#relay.events.length });
    queueMicrotask(() => {
      if (this.readyState === 1) this.#emit("message", { data });
    });
  }

  /** Operations without bodies share a frame, as a relay may send them. */
  tell(...ops: ServerOp[]): void {
    const hasBody = (op: ServerOp) => "bytes" in op && typeof op.bytes !== "number";
    const frames = ops.some(hasBody) ? ops.map((op) => [op]) : [ops];
    for (const frame of frames) {
      if (frame.length === 0) continue;
      const data = frame.some(hasBody) ? encodeBinary(frame).buffer : encodeText(frame);
      queueMicrotask(() => {
        if (this.readyState === 1) this.#emit("message", { data });
      });
    }
  }

  close(): void {
    this.end(1000);
  }

  end(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#relay.sockets.delete(this);
    this.#relay.tellWhoIsHere();
    // On a dead line nobody answers a closing handshake either.
    if (this.#relay.isSilent) return;
    queueMicrotask(() => {
      this.#emit("close", { code });
    });
  }

  #emit(type: string, event: object): void {
    for (const [wanted, listener] of this.#listeners) if (wanted === type) listener(event as never);
  }
}
