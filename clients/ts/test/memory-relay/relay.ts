import {
  CLOSE,
  LIMITS,
  type Auth,
  type ClientOp,
  type ErrorCode,
  type EventItem,
  type Have,
  type Hello,
  type Key,
  type Push,
  type Send,
  type ServerOp,
  type SizedKey,
} from "@gitblobs/protocol";
import type { Surroundings } from "../../src/sync/surroundings.ts";
import { failure, member, tryLater } from "./answers.ts";
import { relayProblem } from "./problem.ts";
import { Registry } from "./registry.ts";
import { asSeenBy, EventLog, type Published } from "./event-log.ts";
import { FOREIGN_TOKEN, TokenOffice } from "./http.ts";
import { holeOf, welcomeOf } from "./greeting.ts";
import { Mailroom } from "./mailroom.ts";
import { ObjectShelf } from "./object-shelf.ts";
import { PageGate } from "./page-gate.ts";
import { fetchPushes, getObjects } from "./reading.ts";
import { MemorySocket } from "./socket.ts";

/** Reads one connection may have in waiting, as the real hub says. */
const MAX_READS = 16;

/**
 * One store of a relay, in memory: for tests of the client alone. It is held against the real relay by
 * `vectors/relay-contract.json`; apart from the faults that a test asks for it does nothing that the real one does not.
 */
export class MemoryRelay {
  readonly sockets = new Set<MemorySocket>();
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
  /** Looks at every frame; returning a time refuses it whole, as too much at once, until that has passed. */
  floods: (ops: readonly ClientOp[]) => number | undefined = () => undefined;
  /** Nothing reaches it. */
  isDown = false;
  /** It answers over HTTP and opens no socket. */
  refusesSockets = false;
  /** It takes connections and says nothing at all: neither over HTTP nor on a socket. */
  isSilent = false;
  /** Events in one page. */
  pageSize: number = LIMITS.eventsPerPage;
  /** The database does not answer so many of these. */
  readonly failing = { page: 0, push: 0 };
  /** Holds pages of events back. */
  readonly gate = new PageGate();
  /** How long a frame is on its way; who replaces it keeps each way of a socket in order. For tests of interleavings. */
  travel: (socket: MemorySocket, way: "up" | "down", arrive: () => void) => void = (
    _socket,
    _way,
    arrive,
  ) => {
    queueMicrotask(arrive);
  };
  readonly office = new TokenOffice();
  /** Which store there is; one was made already. */
  readonly registry = new Registry();
  epoch = "e1";
  #log = new EventLog();
  #shelf = new ObjectShelf();
  #mail = new Mailroom();
  #epochs = 1;
  #isPresenceTold = true;
  #time = 1_700_000_000_000;
  /** How long what was pushed is kept; it is told once there is something. */
  #keptUntil = 0;
  #isPushed = false;

  /** The objects by type and hash. What is taken out has expired. */
  get objects(): Map<string, Uint8Array> {
    return this.#shelf.objects;
  }

  /** The events that are retained. */
  get events(): readonly EventItem[] {
    return this.#log.events;
  }

  /** Number of the newest event. */
  get head(): number {
    return this.#log.head;
  }

  /** Where the shared ref stands. */
  get main(): string | null {
    return this.#log.refs.get("main") ?? null;
  }

  /**
   * The world of a device that reaches this relay. Unless it is given a clock, pauses take no time, and what should not
   * happen at all (a ping, a deadline) never comes.
   */
  world(own: Partial<Surroundings> = {}): Surroundings {
    return {
      fetch: (url, init) => this.#answer(new URL(url), init),
      sendsHeaders: false,
      openSocket: (url, protocols) => new MemorySocket(this, new URL(url), protocols),
      now: () => this.#time,
      random: () => 0.5,
      wait: (ms, signal) => (ms >= 10_000 ? untilAborted(signal) : nextTurn()),
      watchNetwork: () => undefined,
      ...own,
    };
  }

  /** Cuts every connection. */
  cut(code: number = CLOSE.abnormal): void {
    for (const socket of [...this.sockets]) socket.end(code);
  }

  advance(ms: number): void {
    this.#time += ms;
  }

  /** The events up to this one have expired. */
  expireEvents(upto: number): void {
    this.#log.expire(upto);
  }

  /** The store's data was put back in time: to where this event had just happened. */
  restore(to: number): void {
    this.#log.restore(to);
    this.epoch = `e${++this.#epochs}`;
    this.cut(CLOSE.restart);
  }

  /** The store was removed. */
  remove(): void {
    this.registry.remove();
    this.cut(CLOSE.removed);
  }

  /** Makes the store, an empty one, unless it is there. */
  make(): { readonly id: number; readonly epoch: string; readonly made: boolean } {
    const made = this.registry.make();
    if (made) this.#begin();
    return { id: this.registry.id, epoch: this.epoch, made };
  }

  #begin(): void {
    this.#log = new EventLog();
    this.#shelf = new ObjectShelf();
    this.#mail = new Mailroom();
    this.#isPushed = false;
    this.epoch = `e${++this.#epochs}`;
  }

  /** Tells every connection that its token is about to end. */
  sayAuthSoon(): void {
    for (const socket of this.sockets) socket.tell({ op: "auth_soon", expires_at: this.#time + 1 });
  }

  /** Takes a frame of a device. */
  take(socket: MemorySocket, ops: readonly ClientOp[]): void {
    const afterMs = this.floods(ops);
    if (afterMs !== undefined) {
      socket.tell(failure("flood", undefined, { retry_after_ms: afterMs }));
      return;
    }
    const stored: Key[] = [];
    for (const op of ops) {
      const answers = this.handle(socket, op);
      socket.tell(...answers);
      if ((op.op === "put" || op.op === "chunk") && answers.some(isStored))
        stored.push([op.type, op.hash]);
      if (socket.isOver) break;
    }
    this.#mail.tellWhoNeeds(stored, this.#greeted());
  }

  /** Does one operation; gives back what is answered at once. Reads are answered when it is their turn. */
  handle(socket: MemorySocket, op: ClientOp): ServerOp[] {
    this.received.push(op.op);
    const id = "id" in op ? op.id : undefined;
    const fault = this.refuse(op);
    if (fault !== undefined) return [failure(fault, id)];
    if (socket.device === "" && op.op !== "hello")
      return this.#closeWith(socket, failure("hello_first", id), CLOSE.protocol);
    const expiry = this.#time + 60_000;
    switch (op.op) {
      case "hello":
        return this.#greet(socket, op);
      case "have":
        return [this.#have(socket, op)];
      case "put":
        return [this.#shelf.put(op, expiry)];
      case "chunk":
        return [this.#shelf.chunk(op, expiry)];
      case "push":
        return this.#push(socket, op);
      case "send":
        return op.keep === true
          ? this.#keep(socket, op)
          : [this.#mail.send(socket.device, op, this.#others(socket.device), this.#time)];
      case "pull":
        return this.#read(socket, op.id, () => this.#page(socket, op.id, op.after, op.limit));
      case "fetch":
        return this.#read(socket, op.id, () => {
          socket.tell(...fetchPushes(this.#log, this.#shelf, op));
        });
      case "get":
        return this.#read(socket, op.id, () => {
          socket.tell(...getObjects(this.#shelf, op));
        });
      case "need":
        return [this.#mail.need(socket.device, op, this.#others(socket.device))];
      case "renew":
        return [{ op: "ok", id: op.id, expires_at: this.#keepStore() }];
      case "auth":
        return [this.#renew(op)];
      case "presence":
        socket.state = op.state;
        this.tellWhoIsHere();
        return [];
    }
  }

  /** Forgets a connection that has ended. */
  forget(socket: MemorySocket): void {
    if (this.sockets.delete(socket) && socket.device !== "") this.tellWhoIsHere();
  }

  /** Tells all devices who is connected, once for all changes of one turn. */
  tellWhoIsHere(): void {
    if (!this.#isPresenceTold) return;
    this.#isPresenceTold = false;
    queueMicrotask(() => {
      this.#isPresenceTold = true;
      const here = this.#greeted();
      const devices = here.map(({ device, state }) => {
        const since = this.#time;
        return { by: member, device, since, ...(state === undefined ? {} : { state }) };
      });
      for (const socket of here) socket.tell({ op: "presence", devices });
    });
  }

  #greeted(): MemorySocket[] {
    return [...this.sockets].filter(({ device }) => device !== "");
  }

  #others(device: string): MemorySocket[] {
    return this.#greeted().filter((socket) => socket.device !== device);
  }

  #closeWith(socket: MemorySocket, error: ServerOp, code: number): ServerOp[] {
    socket.tell(error);
    socket.end(code);
    return [];
  }

  #greet(socket: MemorySocket, op: Hello): ServerOp[] {
    if (socket.device !== "") return [failure("hello_twice")];
    if (op.proto !== 1)
      return this.#closeWith(socket, failure("unsupported_version"), CLOSE.version);
    for (const other of this.#greeted()) if (other.device === op.device) other.end(CLOSE.replaced);
    socket.device = op.device;
    const place = { id: this.registry.id, epoch: this.epoch, log: this.#log };
    const reason = holeOf(op, place);
    const isReplayed = reason === undefined || reason === "expired";
    socket.isLive = !isReplayed;
    this.tellWhoIsHere();
    const { after } = op;
    if (isReplayed && after !== undefined)
      this.#inTurn(socket, async () => {
        // It has no id by which it could be answered that the page cannot be read.
        if (!(await this.#page(socket, undefined, after, LIMITS.eventsPerPage)))
          socket.end(CLOSE.internal);
      });
    return [welcomeOf(place, reason, this.#time, this.#isPushed ? this.#keptUntil : undefined)];
  }

  #have({ device }: MemorySocket, op: Have): ServerOp {
    const isOther = ([type, hash, size]: SizedKey) =>
      (this.#shelf.sizeOf([type, hash]) ?? size) !== size;
    if (op.objects.some(isOther)) return failure("size_mismatch", op.id);
    this.#log.declare(device, op);
    const need = op.objects.flatMap(([type, hash], index) =>
      this.#shelf.has([type, hash]) ? [] : [index],
    );
    return { op: "want", id: op.id, need, over: [] };
  }

  #push(socket: MemorySocket, op: Push): ServerOp[] {
    if (this.#fails("push")) return [tryLater("unavailable", op.id)];
    const sizeOf = (key: Key) => this.#shelf.sizeOf(key);
    const published = this.#log.push(socket.device, op, this.#time, sizeOf);
    if (published.kind !== "refused") {
      this.#isPushed = true;
      this.#keepStore();
    }
    return this.#publish(socket, op, published);
  }

  #keepStore(): number {
    const until = this.#time + 60_000;
    // An eighth more than before is not worth a row.
    if (this.#keptUntil < until - 7_500) this.#keptUntil = until;
    return this.#keptUntil;
  }

  #keep(socket: MemorySocket, op: Send): ServerOp[] {
    return this.#publish(socket, op, this.#log.keep(socket.device, op, this.#time));
  }

  /** The sender gets its ack in the event's place; who still catches up reads it on a page. */
  #publish(socket: MemorySocket, { id, mid }: Push | Send, published: Published): ServerOp[] {
    if (published.kind === "refused") return [published.error];
    const { event, isNew } = published;
    for (const other of isNew && !this.losesEvents ? this.#greeted() : []) {
      if (other !== socket && other.isLive)
        other.tell({ op: "event", ...asSeenBy(event, other.device) });
      if (this.pongBehindEvents) other.pong();
    }
    return [{ op: "ack", id, mid, seq: event.seq }];
  }

  #renew({ token }: Auth): ServerOp {
    if (token === FOREIGN_TOKEN) return failure("forbidden");
    if (!this.office.isGood(token)) return failure("bad_token");
    this.tokens.push(token);
    this.#renewed.resolve(undefined);
    return { op: "authed", expires_at: this.#time + 900_000 };
  }

  #read(socket: MemorySocket, id: number, read: () => unknown): ServerOp[] {
    if (socket.reads >= MAX_READS) return [tryLater("flood", id)];
    socket.reads += 1;
    this.#inTurn(socket, async () => {
      if ((await read()) === false) socket.tell(tryLater("unavailable", id));
      socket.reads -= 1;
    });
    return [];
  }

  /** After what the socket reads already, and never in the turn in which it was asked for. */
  #inTurn(socket: MemorySocket, read: () => Promise<void>): void {
    socket.reading = socket.reading.then(nextTurn).then(read);
  }

  /**
   * Sends a page of events; false if the database does not answer. With the last one a socket goes live, at the very
   * moment nothing is missing.
   */
  async #page(
    socket: MemorySocket,
    id: number | undefined,
    after: number,
    limit: number,
  ): Promise<boolean> {
    for (;;) {
      const published = this.head;
      await this.gate.pass("reading");
      if (this.#fails("page")) return false;
      const { items, isWhole } = this.#eventsAfter(after, limit, socket.device);
      await this.gate.pass("sending");
      const last = items.at(-1)?.seq ?? 0;
      const covered = isWhole ? Math.max(last, published) : last;
      const more = covered < this.head;
      if (more && items.length === 0) continue;
      socket.tell({ op: "events", ...(id === undefined ? {} : { id }), items, more });
      socket.isLive ||= !more;
      return true;
    }
  }

  /** As many as a frame holds. */
  #eventsAfter(after: number, limit: number, device: string) {
    const missed = this.#log.after(after).map((event) => asSeenBy(event, device));
    let bytes = 256;
    const items = missed.slice(0, Math.min(limit, this.pageSize)).filter((item, index) => {
      bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
      return index === 0 || bytes <= LIMITS.frameBytes;
    });
    return { items, isWhole: items.length === missed.length };
  }

  #fails(what: "page" | "push"): boolean {
    if (this.failing[what] === 0) return false;
    this.failing[what] -= 1;
    return true;
  }

  /** What is asked of the store, or of which there are, over HTTP; undefined where it may go on. */
  #storeAnswer(url: URL, init: RequestInit): Response | undefined {
    if (url.pathname === "/stores" && init.method === "POST")
      return Response.json({ ...this.make(), name: "notes" });
    const problem = url.pathname.startsWith("/sync/") ? this.registry.refusal(url) : undefined;
    return problem === undefined ? undefined : relayProblem(...problem);
  }

  #answer(url: URL, init: RequestInit): Promise<Response> {
    if (this.isDown) return Promise.reject(new TypeError("network"));
    if (this.isSilent)
      return untilAborted(init.signal).then(() => Promise.reject(new Error("late")));
    const answer = this.intercept(url.pathname) ?? this.#storeAnswer(url, init);
    return Promise.resolve(answer ?? this.office.answer(url.pathname, init));
  }
}

const isStored = (op: ServerOp): boolean => op.op === "ok" && op.state !== undefined;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

const untilAborted = (signal: AbortSignal | null | undefined) =>
  new Promise<void>((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener("abort", () => {
      resolve();
    });
  });
