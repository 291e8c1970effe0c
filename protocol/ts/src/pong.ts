/** The text a client sends to stay alive; the relay's runtime answers it without waking the store. */
export const PING = "ping";

/** What a pong says: the store's epoch and the sequence number of its newest event. */
export interface Pong {
  readonly epoch: string;
  readonly head: number;
}

/** Writes the answer to {@link PING}. */
export const encodePong = (pong: Pong): string => `pong:${pong.epoch}:${pong.head}`;

/** Reads a pong; undefined for any other text. */
export function decodePong(text: string): Pong | undefined {
  const match = /^pong:([a-z0-9]{1,16}):(0|[1-9][0-9]{0,15})$/.exec(text);
  const [, epoch, digits] = match ?? [];
  const head = Number(digits);
  return epoch !== undefined && Number.isSafeInteger(head) ? { epoch, head } : undefined;
}
