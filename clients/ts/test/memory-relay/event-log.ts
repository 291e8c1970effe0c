import {
  LIMITS,
  type EventItem,
  type Have,
  type Key,
  type Push,
  type Send,
  type ServerOp,
  type SizedKey,
} from "@gitblobs/protocol";
import { failure, inBase64, isSameParty, member, nameOf } from "./answers.ts";

type Pushed = Extract<EventItem, { readonly kind: "push" }>;
type Kept = Extract<EventItem, { readonly kind: "message" }>;

/** How a push or a kept message came out. */
export type Published =
  | { readonly kind: "event"; readonly event: EventItem; readonly isNew: boolean }
  | { readonly kind: "refused"; readonly error: ServerOp };

const refused = (error: ServerOp): Published => ({ kind: "refused", error });

/** The events of a store, where its refs stand, and what its pushes declared. */
export class EventLog {
  readonly refs = new Map<string, string>();
  /** Notes of refs, where they have one. */
  readonly notes = new Map<string, string>();
  /** The retained ones, in order. */
  events: EventItem[] = [];
  /** Number of the newest one, retained or not. */
  head = 0;
  readonly #lists = new Map<string, SizedKey[]>();

  /** Number of the oldest retained one, or of the next. */
  get oldest(): number {
    return this.events[0]?.seq ?? this.head + 1;
  }

  after(seq: number): EventItem[] {
    return this.events.filter((event) => event.seq > seq);
  }

  /** What a retained event's push declared. */
  declaredBy({ device, mid }: EventItem): readonly SizedKey[] {
    return this.#lists.get(`${device} ${mid}`) ?? [];
  }

  declare(device: string, { mid, objects }: Have): void {
    if (this.#find(device, mid) !== undefined) return;
    const known = this.#lists.get(`${device} ${mid}`) ?? [];
    const fresh = objects.filter((key) => !known.some((one) => nameOf(one) === nameOf(key)));
    this.#lists.set(`${device} ${mid}`, [...known, ...fresh]);
  }

  push(device: string, op: Push, at: number, sizeOf: (key: Key) => number | undefined): Published {
    const { id, mid, ref } = op;
    const before = this.#find(device, mid);
    if (before !== undefined) return this.#again(before, isPush(before, op), id);
    const current = this.refs.get(ref) ?? null;
    if (current !== op.old) return refused(failure("ref_conflict", id, { current }));
    const list = this.#lists.get(`${device} ${mid}`) ?? [];
    const isOther = ([type, hash, size]: SizedKey) => (sizeOf([type, hash]) ?? size) !== size;
    if (list.some(isOther)) return refused(failure("size_mismatch", id));
    const keys = list.map(([type, hash]): Key => [type, hash]);
    const need = keys.filter((key) => sizeOf(key) === undefined);
    if (need.length > 0) return refused(failure("missing", id, { need }));
    if (this.#isOneNoteTooMany(op)) return refused(failure("too_many", id));
    this.#move(ref, op.new, op.note);
    const bytes = list.reduce((sum, [, , size]) => sum + size, 0);
    const note = op.note === undefined ? {} : { note: op.note };
    const moved = { ref, old: op.old, new: op.new, objects: list.length, bytes, ...note };
    return this.#add({ kind: "push", seq: this.head + 1, at, by: member, device, mid, ...moved });
  }

  keep(device: string, { id, mid, to, bytes }: Send, at: number): Published {
    const body = inBase64(bytes);
    const before = this.#find(device, mid);
    if (before !== undefined) {
      const isSame =
        before.kind === "message" && isSameParty(before.to, to) && before.body === body;
      return this.#again(before, isSame, id);
    }
    const event: Kept = { kind: "message", seq: this.head + 1, at, by: member, device, mid, body };
    return this.#add(to === undefined ? event : { ...event, to });
  }

  /** The store's data was put back in time: to where this event had just happened. */
  restore(to: number): void {
    for (const event of this.events.filter(({ seq }) => seq > to).reverse()) {
      if (event.kind !== "push") continue;
      this.#move(event.ref, event.old);
    }
    this.events = this.events.filter(({ seq }) => seq <= to);
    for (const event of this.events)
      if (event.kind === "push" && event.new !== null) this.#move(event.ref, event.new, event.note);
    this.head = to;
  }

  /** The events up to this one have expired. */
  expire(upto: number): void {
    this.events = this.after(upto);
  }

  #isOneNoteTooMany({ ref, new: target, note }: Push): boolean {
    if (note === undefined || target === null || this.notes.has(ref)) return false;
    return this.notes.size >= LIMITS.notedRefsPerStore;
  }

  #move(ref: string, hash: string | null, note?: string): void {
    if (hash === null) this.refs.delete(ref);
    else this.refs.set(ref, hash);
    if (hash === null || note === undefined) this.notes.delete(ref);
    else this.notes.set(ref, note);
  }

  #find(device: string, mid: string): EventItem | undefined {
    return this.events.find((event) => event.device === device && event.mid === mid);
  }

  #again(event: EventItem, isSame: boolean, id: number): Published {
    return isSame ? { kind: "event", event, isNew: false } : refused(failure("mid_reused", id));
  }

  #add(event: EventItem): Published {
    this.head = event.seq;
    this.events.push(event);
    return { kind: "event", event, isNew: true };
  }
}

const isPush = (event: EventItem, op: Push): event is Pushed =>
  event.kind === "push" &&
  event.ref === op.ref &&
  event.old === op.old &&
  event.new === op.new &&
  event.note === op.note;

/** An event as a device may see it: the body of a message only if it is meant for it. */
export function asSeenBy(event: EventItem, device: string): EventItem {
  if (event.kind === "push" || event.to === undefined) return event;
  if (isSameParty(event.to, [member, device])) return event;
  const { kind, seq, at, by, device: from, mid, to } = event;
  return { kind, seq, at, by, device: from, mid, to };
}
