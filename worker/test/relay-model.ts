import { env } from "cloudflare:workers";
import {
  objectsIn,
  type ClientOp,
  type EventItem,
  type Key,
  type ServerOp,
} from "@gitblobs/protocol";
import { expect } from "vitest";
import { connect, object, startSession, type Device, type Person } from "./device.ts";
import { sleep, storeId } from "./hub-inside.ts";
import { ask } from "./people.ts";
import type { TestRelay } from "./test-relay.ts";

/** One thing a device does, chosen by fast-check. `n` makes it differ from others of its kind. */
export interface Action {
  readonly kind: "push" | "stale" | "repeat" | "note" | "say" | "read" | "drop" | "revoke";
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
  /** Acknowledged mids and their seq. */
  readonly acked = new Map<string, number>();
  private id = 0;
  /** Operations sent. */
  sent = 0;
  last: Pending | undefined;
  person: Person;

  constructor(
    readonly relay: TestRelay,
    readonly name: string,
    readonly store: string,
    readonly canary: string,
    person: Person,
  ) {
    this.person = person;
  }

  async online(): Promise<Device> {
    if (this.device !== undefined) return this.device;
    const device = await connect(this.relay, this.person, this.store, this.name, {
      after: this.events.length,
    });
    expect(await device.next("welcome")).toMatchObject({ resumed: true });
    let page = await device.next("events");
    this.learn(page.items);
    while (page.more) {
      device.send({ op: "pull", id: 999_999, after: this.events.length, limit: 500 });
      page = await device.next("events");
      this.learn(page.items);
    }
    this.device = device;
    for (const { ops } of [...this.pending.values()]) this.send(device, ops);
    return device;
  }

  /** Does one action and does not wait for its answer. */
  async act(action: Action): Promise<void> {
    const device = await this.online();
    switch (action.kind) {
      case "push":
      case "stale":
        this.push(device, action);
        return;
      case "repeat":
        if (this.last !== undefined) {
          for (let times = 0; times <= action.n % 5; times++) this.send(device, this.last.ops);
          this.pending.set(idOf(this.last.op), this.last);
        }
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
      case "drop":
        this.device = undefined;
        device.socket.close(1000);
        return;
      case "revoke": {
        const answer = await ask(this.relay, "DELETE", `/sessions/${this.person.id}`, {
          token: this.person.access,
        });
        expect(answer.status).toBe(204);
        await device.closed;
        this.device = undefined;
        this.person = await startSession(this.relay, this.person.user, this.name);
      }
    }
  }

  private push(device: Device, action: Action): void {
    const blobs = Array.from({ length: 1 + (action.n % 24) }, (_, i) =>
      object(`${this.canary} ${this.name} ${this.id} ${action.n} ${i}`),
    );
    const head = headOf(this.events);
    const mid = `p${++this.id}`;
    const old = action.kind === "stale" ? object("never").hash : head;
    const next = blobs[0]?.hash ?? null;
    const push: ClientOp = { op: "push", id: ++this.id, mid, ref: "main", old, new: next };
    const objects = blobs.map((blob) => blob.key);
    const have: ClientOp = { op: "have", id: ++this.id, mid, objects };
    const puts = blobs.map((blob) => blob.put(++this.id));
    const pending = { op: push, ops: [have, ...puts, push] };
    this.pending.set(push.id, pending);
    this.last = pending;
    this.send(device, pending.ops);
  }

  private texts(count: number, prefix: string, text: string, keep: boolean): ClientOp[] {
    return Array.from({ length: count }, () => {
      const id = ++this.id;
      return { op: "send", id, mid: `${prefix}${id}`, keep, body: `${this.canary} ${text}` };
    });
  }

  private request(device: Device, ops: readonly ClientOp[]): void {
    for (const op of ops) this.pending.set(idOf(op), { op, ops: [op] });
    this.send(device, ops);
  }

  private send(device: Device, ops: readonly ClientOp[]): void {
    this.sent += ops.length;
    device.send(...ops);
  }

  /** Waits for all answers and checks all that arrived, in the order it arrived. */
  async catchUp(): Promise<void> {
    const device = await this.online();
    for (const id of [...this.pending.keys()]) await this.until(device, id);
    await device.settle();
    this.drain(device);
  }

  private async until(device: Device, id: number): Promise<void> {
    this.drain(device);
    const deadline = Date.now() + 5_000;
    while (this.pending.has(id)) {
      if (Date.now() > deadline)
        throw new Error(`${this.name}: no answer to ${JSON.stringify(this.pending.get(id)?.op)}`);
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.drain(device);
    }
  }

  private drain(device: Device): void {
    for (const op of device.inbox.splice(0)) {
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
      const own = this.pending.get(op.id)?.op;
      if (op.seq === this.events.length + 1 && own !== undefined)
        this.events.push(this.ownEvent(own, op.seq));
      this.pending.delete(op.id);
    } else if (op.op === "objects") {
      for (const { bytes, hash } of objectsIn(op)) {
        expect(object(bytes).hash).toBe(hash);
        expect(new TextDecoder().decode(bytes)).toContain(this.canary);
      }
    } else if (op.op === "message") {
      expect(op.body).toContain(this.canary);
    } else if (op.op === "ok" || op.op === "done" || op.op === "error") {
      if (op.op === "error") expect(["ref_conflict", "missing"]).toContain(op.code);
      if (op.id !== undefined) this.pending.delete(op.id);
    }
  }

  private ownEvent(op: ClientOp, seq: number): EventItem {
    const common = { seq, at: 0, device: this.name };
    if (op.op === "push") {
      const { mid, ref, old, new: target } = op;
      return { ...common, kind: "push", mid, ref, old, new: target, objects: 1, bytes: 0 };
    }
    if (op.op === "send") return { ...common, kind: "message", mid: op.mid, body: op.body };
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
export function headOf(events: readonly EventItem[]): string | null {
  const push = events.findLast((event) => event.kind === "push");
  return push?.kind === "push" ? push.new : null;
}

const essence = (e: EventItem) => [
  e.seq,
  e.kind,
  e.device,
  e.mid,
  e.kind === "push" ? [e.ref, e.old, e.new] : e.body,
];

/** What must hold of one store when everybody has caught up. */
export async function checkStore(
  clients: readonly Client[],
  person: Person,
  store: string,
): Promise<void> {
  const [first] = clients;
  if (first === undefined) return;
  const { events } = first;
  for (const client of clients) {
    expect(client.events.map(essence)).toEqual(events.map(essence));
    for (const [mid, seq] of client.acked) {
      expect(events[seq - 1]).toMatchObject({ mid, device: client.name });
    }
  }
  expect(new Set(events.map((event) => `${event.device} ${event.mid}`)).size).toBe(events.length);
  let head: string | null = null;
  for (const event of events) {
    if (event.kind !== "push") continue;
    expect(event.old).toBe(head);
    head = event.new;
  }
  const id = await storeId(person, store);
  const row = await env.DB.prepare(
    `SELECT (SELECT hash FROM refs WHERE store_id = ?1) AS head, u.bytes, u.objects,
       (SELECT coalesce(sum(size), 0) FROM sync_data WHERE user_id = ?2)
         + (SELECT coalesce(sum(length(CAST(body AS BLOB))), 0) FROM events WHERE user_id = ?2) AS rowBytes,
       (SELECT count(*) FROM sync_data WHERE user_id = ?2) AS rowObjects
     FROM usage AS u WHERE u.user_id = ?2`,
  )
    .bind(id, person.user.id)
    .first();
  expect(row).toMatchObject({ head, bytes: row?.["rowBytes"], objects: row?.["rowObjects"] });
}

/** Every acknowledged object can be fetched by anybody of the store. */
export async function checkObjects(client: Client): Promise<void> {
  const device = await client.online();
  const keys = client.events.flatMap((event): Key[] =>
    event.kind === "push" && event.new !== null ? [["blob", event.new]] : [],
  );
  for (let at = 0; at < keys.length; at += 1_000) {
    const objects = keys.slice(at, at + 1_000);
    device.send({ op: "get", id: 888_888, objects });
    expect(await device.answer(888_888)).toMatchObject({ op: "done", gone: [] });
    const got = device.inbox.splice(0).flatMap((op) => (op.op === "objects" ? objectsIn(op) : []));
    expect(got.map((o) => o.hash)).toEqual(objects.map(([, hash]) => hash));
  }
}

/** Lets a store's hub sleep, sockets open. */
export const rest = sleep;
