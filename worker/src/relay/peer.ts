import type { ServerOp } from "@gitblobs/protocol";
import type { Connection } from "./connection.ts";

/** Who asks: a device on a socket, or one request over HTTP. */
export interface Peer {
  readonly device: string;
  /** The socket; undefined over HTTP. */
  readonly connection: Connection | undefined;
  /** Answers. */
  reply(op: ServerOp): void;
  /** Answers with bodies, when the reader has taken enough of what went before; false when it is gone. */
  stream(op: ServerOp): Promise<boolean>;
}
