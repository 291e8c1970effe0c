import type { EventItem, Pong, Welcome } from "@gitblobs/protocol";
import { MAIN } from "./main-ref.ts";

const MAX_PUSHERS = 100;

/** Where the store stands; a new object each time, so that old news are told from new. */
export interface Place {
  readonly commit: string | null;
  /** Number of the event that left it there. */
  readonly seq: number;
}

/**
 * What a connection was told of where the store stands, whichever way it came: welcome, page, event, ack or pong. All that
 * is said of being up to date is said by this.
 */
export class Heard {
  #place: Place = { commit: null, seq: 0 };
  #epoch = "";
  /** The newest event that was named, be it here or not. */
  #named = 0;
  /** The newest event that came, be it known where it left the store or not. */
  #newest = 0;
  /** Who left the store at a commit, for those that were named last. */
  readonly #pushers = new Map<string, string>();

  /** Where the store stands. */
  get place(): Place {
    return this.#place;
  }

  /** Whether nothing newer was named than what is known. */
  get isNewest(): boolean {
    return this.#place.seq >= this.#named;
  }

  /** Begins anew. */
  welcome({ refs, head, epoch }: Welcome): void {
    this.#place = { commit: refs.find(([name]) => name === MAIN)?.[1] ?? null, seq: head };
    this.#epoch = epoch;
    this.#named = head;
    this.#newest = head;
  }

  /**
   * Takes note of events, whichever way they came; those that are known already count for nothing.
   *
   * @returns how many were new
   */
  learn(items: readonly EventItem[]): number {
    for (const item of items) if (item.kind === "push") this.#note(item);
    const fresh = items.filter(({ seq }) => seq > this.#place.seq);
    for (const item of fresh) {
      const isMoved = item.kind === "push" && item.ref === MAIN;
      this.#place = { commit: isMoved ? item.new : this.#place.commit, seq: item.seq };
    }
    this.#name(this.#place.seq);
    this.#newest = Math.max(this.#newest, this.#place.seq);
    return fresh.length;
  }

  /** The device that left the store at this commit, where that was told. */
  deviceOf(commit: string): string | undefined {
    return this.#pushers.get(commit);
  }

  #note({ new: commit, device }: Extract<EventItem, { kind: "push" }>): void {
    if (commit === null) return;
    this.#pushers.delete(commit);
    this.#pushers.set(commit, device);
    const [oldest] = this.#pushers.keys();
    if (this.#pushers.size > MAX_PUSHERS && oldest !== undefined) this.#pushers.delete(oldest);
  }

  /** The relay has acknowledged something under this number, in the place of an event. */
  acknowledged(seq: number): void {
    this.#name(seq);
    this.#newest = Math.max(this.#newest, seq);
  }

  /** Somewhere else than was thought: this side's own push, or where the relay says that the ref is. */
  moved(place: Place): void {
    this.#place = place;
    this.#name(place.seq);
  }

  /** Takes note of what a pong names: another epoch, more events than came, or nothing new. */
  pong({ epoch, head }: Pong): "epoch" | "events" | "nothing" {
    if (epoch !== this.#epoch) return "epoch";
    this.#name(head);
    return head > this.#newest ? "events" : "nothing";
  }

  #name(seq: number): void {
    this.#named = Math.max(this.#named, seq);
  }
}
