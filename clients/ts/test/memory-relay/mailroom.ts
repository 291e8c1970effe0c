import type { Key, Need, Send, ServerOp } from "@gitblobs/protocol";
import { failure, inBase64, isSameParty, member, nameOf } from "./answers.ts";

/** A device as far as mail for it is concerned. */
interface Addressee {
  readonly device: string;
  /** Objects that others need, as it was told already. */
  readonly askedFor: Set<string>;
  tell(...ops: readonly ServerOp[]): void;
}

/** What devices say to each other that is not kept, and who waits for which objects. */
export class Mailroom {
  readonly #needs = new Map<string, Set<string>>();
  readonly #messages = new Map<string, string>();

  send(
    from: string,
    { id, mid, to, len, bytes }: Send,
    others: readonly Addressee[],
    at: number,
  ): ServerOp {
    const readers = others.filter(
      ({ device }) => to === undefined || isSameParty(to, [member, device]),
    );
    if (to !== undefined && readers.length === 0) return failure("no_device", id);
    const text = JSON.stringify([to, inBase64(bytes)]);
    const before = this.#messages.get(`${from} ${mid}`);
    if (before !== undefined && before !== text) return failure("mid_reused", id);
    this.#messages.set(`${from} ${mid}`, text);
    const message = { op: "message" as const, by: member, from, mid, at, len, bytes };
    if (before === undefined)
      for (const one of readers) one.tell(to === undefined ? message : { ...message, to });
    return { op: "ok", id, devices: readers.length };
  }

  need(device: string, { id, objects }: Need, others: readonly Addressee[]): ServerOp {
    for (const key of objects) {
      if (!this.#needs.has(nameOf(key)))
        for (const other of others) other.askedFor.delete(nameOf(key));
      const waiting = this.#needs.get(nameOf(key)) ?? new Set();
      this.#needs.set(nameOf(key), waiting.add(device));
    }
    for (const other of others) {
      const fresh = objects.filter((key) => !other.askedFor.has(nameOf(key)));
      for (const key of fresh) other.askedFor.add(nameOf(key));
      if (fresh.length > 0) other.tell({ op: "need", by: member, from: device, objects: fresh });
    }
    return { op: "ok", id, devices: others.length };
  }

  /** Objects are there: those who waited for them are told, once. */
  tellWhoNeeds(stored: readonly Key[], all: readonly Addressee[]): void {
    const wanted = stored.map((key) => ({ key, by: this.#needs.get(nameOf(key)) }));
    for (const key of stored) this.#needs.delete(nameOf(key));
    for (const one of all) {
      const objects = wanted.filter(({ by }) => by?.has(one.device)).map(({ key }) => key);
      if (objects.length > 0) one.tell({ op: "available", objects });
    }
  }
}
