import {
  encodeBinary,
  objectsIn,
  type ClientOp,
  type EventItem,
  type ServerOp,
} from "@gitblobs/protocol";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { connect, object, startSession, type Device, type Person, said, saying } from "./device.ts";
import { abort, cut, expireObjects, passTime, ring, sleep } from "./hub-inside.ts";
import { ask } from "./people.ts";
import type { TestRelay } from "./test-relay.ts";

/** What a device may do, and, at the end, what may befall the hub of its store. */
export const kinds = {
  push: 16,
  chunks: 2,
  stale: 4,
  remove: 2,
  repeat: 8,
  http: 1,
  note: 8,
  say: 12,
  read: 4,
  renew: 1,
  drop: 2,
  sleep: 2,
  cut: 1,
  abort: 1,
} as const;

/** One thing that happens, chosen by fast-check. `n` makes it differ from others of its kind. */
export interface Action {
  readonly kind: keyof typeof kinds;
  readonly who: number;
  readonly n: number;
}

/** What a device has asked for and not been answered. */
interface Pending {
  readonly op: ClientOp;
  readonly ops: readonly ClientOp[];
}

/** One device as a plain model of a correct client: it believes nothing it cannot check. */
export class Client {
  device: Device | undefined;
  /** The events it was given, in order: number `i` has seq `i + 1`. */
  readonly events: EventItem[] = [];
  readonly pending = new Map<number, Pending>();
  /** Every operation ever sent: one that was refused and sent again may still be acknowledged. */
  private readonly asked = new Map<number, ClientOp>();
  /** Acknowledged mids and their seq. */
  readonly acked = new Map<string, number>();
  private id = 0;
  /** Steps: operations sent, and what befell the device or its hub. */
  steps = 0;
  /** Operations received, none of which may hold another user's canary. */
  delivered = 0;
  last: Pending | undefined;
  person: Person;

  constructor(
    readonly relay: TestRelay,
    readonly name: string,
    readonly store: string,
    readonly canary: string,
    /** Hashes of the store's objects that have expired; shared by its devices. */
    readonly expired: Set<string>,
    person: Person,
  ) {
    this.person = person;
  }

  /** The device's socket; a new one, on which all that was not answered is sent again, if there is none. */
  async online(): Promise<Device> {
    for (let attempts = 0; this.device === undefined; attempts++) {
      try {
        await this.comeBack();
      } catch (error) {
        // The hub was cut or aborted meanwhile.
        if (attempts === 5) throw error;
      }
    }
    return this.device;
  }

  private async comeBack(): Promise<void> {
    const after = this.events.length;
    const device = await connect(this.relay, this.person, this.store, this.name, { after });
    expect(await device.next("welcome")).toMatchObject({ resumed: true });
    let page = await device.next("events");
    this.learn(page.items);
    while (page.more) {
      device.send({ op: "pull", id: 999_999, after: this.events.length, limit: 500 });
      page = await device.next("events");
      this.learn(page.items);
    }
    this.device = device;
    void device.closed.then(() => {
      if (this.device === device) this.device = undefined;
    });
    for (const { ops } of [...this.pending.values()]) this.send(device, ops);
  }

  /** Does one action and does not wait for its answer. */
  async act(action: Action): Promise<void> {
    const device = await this.online();
    switch (action.kind) {
      case "push":
      case "chunks":
      case "stale":
      case "remove":
        this.push(device, action);
        return;
      case "repeat":
        if (this.last !== undefined) {
          this.pending.set(idOf(this.last.op), this.last);
          for (let times = 0; times <= action.n % 5; times++) this.send(device, this.last.ops);
        }
        return;
      case "http":
        await this.pushOverHttp(action.n);
        return;
      case "note":
        this.request(device, this.texts(1 + (action.n % 6), "k", `note ${action.n}`, true));
        return;
      case "say":
        this.request(device, this.texts(1 + (action.n % 40), "s", `says ${action.n}`, false));
        return;
      case "read":
        this.request(device, [
          { op: "fetch", id: ++this.id, after: Math.max(0, this.events.length - 3) },
        ]);
        return;
      case "renew":
        this.renew(device);
        return;
      case "drop":
        this.steps += 1;
        this.device = undefined;
        device.socket.close(1000);
        return;
      case "sleep":
        this.steps += 1;
        return sleep(this.person, this.store);
      case "cut":
        this.steps += 1;
        return cut(this.person, this.store);
      case "abort":
        this.steps += 1;
        return abort(this.person, this.store);
    }
  }

  /** Lets more time go by than the store is kept, and keeps it meanwhile, for a push would keep it as well. */
  async outlast(): Promise<void> {
    for (let times = 0; times < 2; times++) {
      await passTime(this.person, this.store, Number(env.TTL_DEFAULT_SECONDS) * 600);
      this.renew(await this.online());
      await this.catchUp();
    }
  }

  private renew(device: Device): void {
    this.request(device, [{ op: "renew", id: ++this.id }]);
  }

  /** Ends the device's session and logs it in again. */
  async revoke(): Promise<void> {
    const device = await this.online();
    this.steps += 1;
    const answer = await ask(this.relay, "DELETE", `/sessions/${this.person.id}`, {
      token: this.person.access,
    });
    expect(answer.status).toBe(204);
    await device.closed;
    this.device = undefined;
    this.person = await startSession(this.relay, this.person.user, this.name);
  }

  private async pushOverHttp(n: number): Promise<void> {
    const blob = object(`${this.canary} ${this.name} http ${++this.id} ${n}`);
    const mid = `h${this.id}`;
    const token = this.person.access;
    const headers = { "gbr-device": this.name };
    const objects = [blob.key];
    this.steps += 3;
    await ask(this.relay, "POST", `/sync/${this.store}/have`, {
      token,
      headers,
      body: { mid, objects },
    });
    await this.relay.fetch(`/sync/${this.store}/objects`, {
      method: "POST",
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        "content-type": "application/octet-stream",
      },
      body: encodeBinary([blob.put(1)]),
    });
    const body = { mid, ref: "main", old: headOf(this.events), new: blob.hash };
    const answer = await ask(this.relay, "POST", `/sync/${this.store}/push`, {
      token,
      headers,
      body,
    });
    expect([200, 409]).toContain(answer.status);
    if (answer.status === 200) this.acked.set(mid, Number(answer.body["seq"]));
  }

  private push(device: Device, { kind, n }: Action): void {
    const count = kind === "remove" ? 0 : kind === "chunks" ? 1 : 1 + (n % 24);
    const blobs = Array.from({ length: count }, (_, i) =>
      object(`${this.canary} ${this.name} ${this.id} ${n} ${i}`),
    );
    const mid = `p${++this.id}`;
    const old = kind === "stale" ? object("never").hash : headOf(this.events);
    const next = blobs[0]?.hash ?? null;
    const push: ClientOp = { op: "push", id: ++this.id, mid, ref: "main", old, new: next };
    const objects = blobs.map((blob) => blob.key);
    const have: ClientOp[] =
      objects.length === 0 ? [] : [{ op: "have", id: ++this.id, mid, objects }];
    const puts = blobs.flatMap((blob): ClientOp[] =>
      kind === "chunks" ? this.inChunks(blob) : [blob.put(++this.id)],
    );
    const pending = { op: push, ops: [...have, ...puts, push] };
    this.pending.set(push.id, pending);
    this.last = pending;
    this.send(device, pending.ops);
  }

  /** A small object in two pieces. */
  private inChunks({ type, hash, bytes }: ReturnType<typeof object>): ClientOp[] {
    const half = bytes.length >> 1;
    return [bytes.subarray(0, half), bytes.subarray(half)].map((part, i) => ({
      op: "chunk",
      id: ++this.id,
      type,
      hash,
      size: bytes.length,
      offset: i * half,
      len: part.length,
      bytes: part,
    }));
  }

  private texts(count: number, prefix: string, text: string, keep: boolean): ClientOp[] {
    return Array.from({ length: count }, () => {
      const id = ++this.id;
      return { op: "send", id, mid: `${prefix}${id}`, keep, ...saying(`${this.canary} ${text}`) };
    });
  }

  private request(device: Device, ops: readonly ClientOp[]): void {
    for (const op of ops) this.pending.set(idOf(op), { op, ops: [op] });
    this.send(device, ops);
  }

  private send(device: Device, ops: readonly ClientOp[]): void {
    this.steps += ops.length;
    // What is put again lives again.
    for (const op of ops) {
      this.asked.set(idOf(op), op);
      if ("hash" in op) this.expired.delete(op.hash);
    }
    try {
      device.send(...ops);
    } catch {
      // The hub was cut: what is pending is sent again on the next socket.
      this.device = undefined;
    }
  }

  /** Waits for all answers and checks all that arrived, in the order it arrived. */
  async catchUp(): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const device = await this.online();
      try {
        while (this.pending.size > 0 && this.device === device && Date.now() < deadline) {
          this.drain(device);
          await new Promise((resolve) => setTimeout(resolve, 0));
        }
        if (this.device === device && this.pending.size === 0) await device.settle();
      } catch (error) {
        if (this.device === device) throw error;
      }
      if (this.device !== device) continue;
      if (this.pending.size > 0) {
        throw new Error(`${this.name}: no answer to ${[...this.pending.keys()].join()}`);
      }
      this.drain(device);
      return;
    }
  }

  private drain(device: Device): void {
    for (const op of device.inbox.splice(0)) {
      this.delivered += 1;
      expect(
        JSON.stringify(op, (_, value: unknown) =>
          value instanceof Uint8Array ? undefined : value,
        ),
      ).not.toMatch(new RegExp(`canary-(?!${this.canary.slice("canary-".length)})`));
      this.take(op);
    }
  }

  private take(op: ServerOp): void {
    if (op.op === "event") {
      this.learn([op]);
    } else if (op.op === "ack") {
      expect(this.acked.get(op.mid) ?? op.seq).toBe(op.seq);
      this.acked.set(op.mid, op.seq);
      const own = this.asked.get(op.id);
      if (op.seq === this.events.length + 1 && own !== undefined)
        this.events.push(this.ownEvent(own, op.seq));
      this.pending.delete(op.id);
    } else if (op.op === "objects") {
      for (const { bytes, hash } of objectsIn(op)) {
        expect(object(bytes).hash).toBe(hash);
        expect(new TextDecoder().decode(bytes)).toContain(this.canary);
        expect(this.expired.has(hash)).toBe(false);
      }
    } else if (op.op === "message") {
      expect(said(op)).toContain(this.canary);
    } else if (op.op === "ok" || op.op === "done" || op.op === "error") {
      if (op.op === "error") expect(["ref_conflict", "missing"], op.message).toContain(op.code);
      if (op.id !== undefined) this.pending.delete(op.id);
    }
  }

  private ownEvent(op: ClientOp, seq: number): EventItem {
    const common = { seq, at: 0, by: this.person.user.id, device: this.name };
    if (op.op === "push") {
      const { mid, ref, old, new: target } = op;
      return { ...common, kind: "push", mid, ref, old, new: target, objects: 1, bytes: 0 };
    }
    if (op.op === "send")
      return { ...common, kind: "message", mid: op.mid, body: op.bytes.toBase64() };
    throw new Error(`acknowledged ${op.op}`);
  }

  private learn(items: readonly EventItem[]): void {
    for (const item of items) {
      // The one thing that may come twice is a device's own event after a reconnect, and then it is the same.
      expect(item.seq).toBe(this.events.length + 1);
      this.events.push(item);
      if (item.device === this.name) expect(this.acked.get(item.mid) ?? item.seq).toBe(item.seq);
    }
  }
}

const idOf = (op: ClientOp): number => ("id" in op ? op.id : -1);

/** Where main stands after these events. */
function headOf(events: readonly EventItem[]): string | null {
  const push = events.findLast((event) => event.kind === "push");
  return push?.kind === "push" ? push.new : null;
}

/** Lets a part of what the store holds expire, chosen by `n`; perhaps the hub sweeps as well. */
export async function expire(client: Client, n: number): Promise<void> {
  const hashes = client.events.flatMap((event, i) =>
    event.kind === "push" && event.new !== null && (i + n) % 3 === 0 ? [event.new] : [],
  );
  await expireObjects(client.person, client.store, hashes);
  for (const hash of hashes) client.expired.add(hash);
  client.steps += 1;
  if (n % 2 === 0) await ring(client.person, client.store);
}
