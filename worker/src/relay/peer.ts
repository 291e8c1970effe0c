import type { Party, ServerOp } from "@gitblobs/protocol";
import type { Account } from "./account.ts";
import type { Connection } from "./connection.ts";

/** Who asks: a device on a socket, or one request over HTTP. */
export interface Peer {
  readonly party: Party;
  /** Of the user, to whom what is done is charged. */
  readonly account: Account;
  /** The socket; undefined over HTTP. */
  readonly connection: Connection | undefined;
  /** Answers. */
  reply(op: ServerOp): void;
  /**
   * Waits until the reader has taken what went before and there is room for a batch of bodies; gives back what ends the
   * batch, or undefined when the reader is gone.
   */
  enter(): Promise<(() => void) | undefined>;
  /** Answers with bodies, within a batch. */
  send(op: ServerOp): void;
}
