import {
  encodeBinary,
  encodeText,
  objectsIn,
  type ClientOp,
  type ServerOp,
} from "../../src/index.ts";
import { Inbox, shortly } from "./inbox.ts";
import { Notation } from "./notation.ts";
import { factsOf, objectsOf, type ContractObject, type Scenario, type Step } from "./scenario.ts";

/** A device's end of an open socket; what comes on it goes to the inbox it was opened with. */
export interface ContractSocket {
  send(frame: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

/** What happens to a store apart from what its devices do. */
export type WorldEvent =
  | { readonly event: "expire-objects"; readonly objects: readonly ContractObject[] }
  | { readonly event: "expire-events"; readonly upto: number }
  | { readonly event: "restore"; readonly to: number }
  | { readonly event: "remove-store" }
  | { readonly event: "auth-soon" }
  /** The next page of events is held back, before it is read or before it is sent. */
  | { readonly event: "hold-page"; readonly before: "reading" | "sending" }
  /** Waits until that page is held. */
  | { readonly event: "page-is-held" }
  | { readonly event: "release-page" }
  /** The database will not answer the next page of events, or the next push, to its end. */
  | { readonly event: "database-fails"; readonly at: "page" | "push" };

/** A relay with a store of its own, held against the contract. */
export interface ContractRelay {
  /** Opens a socket of the store's user, by the store's name and maybe its id; nothing is said on it yet. */
  open(inbox: Inbox, id?: number): Promise<ContractSocket>;
  /** The code of the problem that the same is refused with; undefined where it is not. */
  refusal(id?: number): Promise<string | undefined>;
  /** Makes the store by its name: what is answered. */
  make(): Promise<unknown>;
  world(event: WorldEvent): Promise<void>;
  /** Tokens for `auth`: a good one, one that is none, and one of another user. */
  readonly tokens: { readonly fresh: string; readonly bad: string; readonly foreign: string };
}

/** Plays one scenario. Throws where the relay does not do what it says, and at any step that is not understood. */
export async function runScenario(relay: ContractRelay, scenario: Scenario): Promise<void> {
  const objects = await objectsOf(scenario);
  const play = new Play(relay, new Notation(objects, relay.tokens));
  for (const [index, step] of scenario.steps.entries()) {
    try {
      await play.step(step);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`step ${index + 1}, ${step.do}: ${why}`, { cause: error });
    }
  }
  await play.expectNothingMore();
}

interface Device {
  readonly socket: ContractSocket;
  readonly inbox: Inbox;
  isOver: boolean;
}

const ABSENT: [string, string] = ["blob", "0".repeat(64)];

class Play {
  readonly #relay: ContractRelay;
  readonly #notation: Notation;
  readonly #devices = new Map<string, Device>();
  /** Ids of requests that a step makes by itself. */
  #nextId = 1_000_000;

  constructor(relay: ContractRelay, notation: Notation) {
    this.#relay = relay;
    this.#notation = notation;
  }

  async step(step: Step): Promise<void> {
    const on = String(step["on"]);
    switch (step.do) {
      case "connect":
        factsOf(step, ["on"]);
        return this.#connect(on);
      case "connect-to":
        factsOf(step, ["on", "id"]);
        return this.#connect(on, this.#id(step));
      case "refused": {
        factsOf(step, ["id", "code"]);
        const code = await this.#relay.refusal(this.#id(step));
        this.#compare(step["code"], code);
        return;
      }
      case "make":
        factsOf(step, ["answer"]);
        this.#compare(step["answer"], await this.#relay.make());
        return;
      case "join":
        factsOf(step, ["on"]);
        return this.#join(on);
      case "send":
        factsOf(step, ["on", "ops"]);
        this.#send(on, step["ops"]);
        return;
      case "expect":
        factsOf(step, ["on", "ops"]);
        for (const one of step["ops"] as Readonly<Record<string, unknown>>[])
          await this.#expect(on, one);
        return;
      case "publish":
        factsOf(step, ["on", "mid", "old", "new", "objects", "seq"]);
        return this.#publish(on, step);
      case "download":
        factsOf(step, ["on", "id", "objects", "done"]);
        return this.#download(on, step);
      case "too-many-reads":
        factsOf(step, ["on", "reads", "refused"]);
        return this.#readTooMuch(on, Number(step["reads"]), Number(step["refused"]));
      case "silent":
        factsOf(step, ["on"]);
        return this.#expectSilence(on);
      case "leave":
        factsOf(step, ["on"]);
        await this.#expectSilence(on);
        this.#device(on).socket.close();
        this.#device(on).isOver = true;
        return;
      case "closed":
        factsOf(step, ["on", "code"]);
        return this.#expectClosed(on, Number(step["code"]));
      case "world":
        return this.#relay.world(this.#worldEvent(step));
      default:
        throw new Error("nobody knows this step");
    }
  }

  /** A relay that says more than the scenario tells does not keep the contract either. */
  async expectNothingMore(): Promise<void> {
    for (const [name, device] of this.#devices) if (!device.isOver) await this.#expectSilence(name);
  }

  #device(name: string): Device {
    const device = this.#devices.get(name);
    if (device === undefined) throw new Error(`${name} is not connected`);
    return device;
  }

  async #connect(name: string, id?: number): Promise<void> {
    const inbox = new Inbox(name);
    this.#devices.set(name, { socket: await this.#relay.open(inbox, id), inbox, isOver: false });
  }

  #id(step: Step): number | undefined {
    const id = this.#notation.value(step["id"]);
    return id === null ? undefined : Number(id);
  }

  #compare(expected: unknown, actual: unknown): void {
    const difference = this.#notation.difference(expected, actual);
    if (difference !== undefined) throw new Error(`another answer, ${difference}`);
  }

  async #join(name: string): Promise<void> {
    await this.#connect(name);
    this.#send(name, [{ op: "hello", proto: 1, device: name }]);
    await this.#expect(name, {
      op: "welcome",
      store: "$store",
      epoch: "$epoch",
      by: "$member",
    });
  }

  #send(name: string, written: unknown): void {
    const ops = (written as unknown[]).map(
      (op) => this.#notation.operation(op) as unknown as ClientOp,
    );
    const hasBody = ops.some((op) => "bytes" in op);
    this.#device(name).socket.send(hasBody ? encodeBinary(ops) : encodeText(ops));
  }

  async #expect(name: string, expected: Readonly<Record<string, unknown>>): Promise<ServerOp> {
    const { inbox } = this.#device(name);
    const what = shortly(expected);
    // Joins and leaves that come together are told of once: what is expected is how things end.
    for (;;) {
      const op = await inbox.take(what, meantBy(expected));
      const difference = this.#notation.difference(expected, asWritten(op));
      if (difference === undefined) return op;
      if (expected["op"] !== "presence")
        throw new Error(`${name} got another answer, ${difference}`);
    }
  }

  async #publish(name: string, step: Step): Promise<void> {
    const [mid, names] = [String(step["mid"]), step["objects"] as string[]];
    if (names.length > 0) {
      const id = this.#nextId++;
      const objects = names.map((one) => `$${one}.sized`);
      this.#send(name, [{ op: "have", id, mid, objects }]);
      const want = await this.#expect(name, { op: "want", id, over: [] });
      for (const index of want.op === "want" ? want.need : []) {
        const put = this.#nextId++;
        this.#send(name, [{ op: "put", id: put, object: names[index] }]);
        await this.#expect(name, { op: "ok", id: put, state: "stored" });
      }
    }
    const [id, seq] = [this.#nextId++, step["seq"]];
    const hash = (of: string | null) => (of === null ? null : `$${of}.hash`);
    const [old, next] = [hash(step["old"] as string | null), hash(step["new"] as string | null)];
    this.#send(name, [{ op: "push", id, mid, ref: "main", old, new: next }]);
    await this.#expect(name, { op: "ack", id, mid, seq });
  }

  /** The objects come in any frames, large ones in parts; what counts is that all their bytes do, in order. */
  async #download(name: string, step: Step): Promise<void> {
    const { inbox } = this.#device(name);
    const wanted = (step["objects"] as string[]).map((one) => this.#notation.object(one));
    const id = step["id"];
    const came: { hash: string; bytes: Uint8Array }[] = [];
    for (;;) {
      const op = await inbox.take(`done of ${String(id)}`, (one) => "id" in one && one.id === id);
      if (op.op === "objects") came.push(...objectsIn(op));
      else if (op.op === "part") addPart(came, op);
      else {
        const difference = this.#notation.difference(
          { op: "done", ...(step["done"] as object) },
          op,
        );
        if (difference !== undefined) throw new Error(`${name} got another answer, ${difference}`);
        break;
      }
    }
    const names = (all: readonly string[]) => all.map((hash) => hash.slice(0, 8)).join();
    const [hashes, expected] = [came.map(({ hash }) => hash), wanted.map(({ key }) => key[1])];
    if (names(hashes) !== names(expected))
      throw new Error(`${name} got the objects ${names(hashes)} instead of ${names(expected)}`);
    for (const [index, { bytes }] of wanted.entries())
      if (!isSame(bytes, came[index]?.bytes)) throw new Error(`object ${index} has other bytes`);
  }

  async #readTooMuch(name: string, reads: number, refused: number): Promise<void> {
    const from = this.#nextId;
    this.#nextId += reads;
    const ids = Array.from({ length: reads }, (_, n) => from + n);
    this.#send(
      name,
      ids.map((id) => ({ op: "get", id, objects: [ABSENT] })),
    );
    for (const id of ids.slice(reads - refused))
      await this.#expect(name, { op: "error", id, code: "flood", retry: "after" });
    for (const id of ids.slice(0, reads - refused))
      await this.#expect(name, { op: "done", id, gone: [ABSENT] });
  }

  async #expectSilence(name: string): Promise<void> {
    const { inbox } = this.#device(name);
    const id = this.#nextId++;
    this.#send(name, [{ op: "get", id, objects: [ABSENT] }]);
    await this.#expect(name, { op: "done", id, gone: [ABSENT] });
    this.#expectEmpty(name, inbox);
  }

  async #expectClosed(name: string, code: number): Promise<void> {
    const device = this.#device(name);
    device.isOver = true;
    const actual = await device.inbox.ended();
    if (actual !== code) throw new Error(`${name} was closed with ${actual} instead of ${code}`);
    this.#expectEmpty(name, device.inbox);
  }

  #expectEmpty(name: string, inbox: Inbox): void {
    const rest = inbox.ops.filter(({ op }) => op !== "presence");
    if (rest.length > 0) throw new Error(`${name} got more: ${shortly(rest)}`);
  }

  #worldEvent(step: Step): WorldEvent {
    const event = String(step["event"]);
    switch (event) {
      case "expire-objects": {
        factsOf(step, ["event", "objects"]);
        const objects = (step["objects"] as string[]).map((one) => this.#notation.object(one));
        return { event, objects };
      }
      case "expire-events":
        factsOf(step, ["event", "upto"]);
        return { event, upto: Number(step["upto"]) };
      case "restore":
        factsOf(step, ["event", "to"]);
        return { event, to: Number(step["to"]) };
      case "hold-page": {
        factsOf(step, ["event", "before"]);
        const before = step["before"];
        if (before !== "reading" && before !== "sending") throw new Error("hold-page before what?");
        return { event, before };
      }
      case "database-fails": {
        factsOf(step, ["event", "at"]);
        const at = step["at"];
        if (at !== "page" && at !== "push") throw new Error("database-fails at what?");
        return { event, at };
      }
      case "remove-store":
      case "auth-soon":
      case "page-is-held":
      case "release-page":
        factsOf(step, ["event"]);
        return { event };
      default:
        throw new Error(`nobody knows the event ${event}`);
    }
  }
}

/** An operation as scenarios write it: the bytes of a message as the text they are. */
const asWritten = (op: ServerOp): object =>
  op.op === "message" ? { ...op, say: new TextDecoder().decode(op.bytes) } : op;

/**
 * Answers are matched by id and may overtake each other. Presence is a state, not a history. Everything else comes in
 * order: an operation that is not the next one does not match.
 */
function meantBy(expected: Readonly<Record<string, unknown>>): (op: ServerOp) => boolean {
  const id = expected["id"];
  if (typeof id === "number") return (op) => "id" in op && op.id === id;
  if (expected["op"] === "presence") return ({ op }) => op === "presence";
  return (op) => !("id" in op) && op.op !== "presence";
}

function addPart(
  came: { hash: string; bytes: Uint8Array }[],
  op: Extract<ServerOp, { op: "part" }>,
) {
  if (op.offset === 0) came.push({ hash: op.hash, bytes: new Uint8Array(op.size) });
  const last = came.at(-1);
  if (last?.hash !== op.hash) throw new Error("parts of several objects are mixed");
  last.bytes.set(op.bytes, op.offset);
}

const isSame = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
  a.length === b?.length && a.every((byte, index) => byte === b[index]);
