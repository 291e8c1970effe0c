import type { SocketOwner } from "../auth/socket-owner.ts";

/** What the Worker asks of a hub besides sockets and frames. */
export interface HubRpc extends Rpc.DurableObjectBranded {
  /** Answers "pong" once the object runs and its storage can be read. */
  ping(): "pong";
  /** Closes the sockets of a session, or all of them; it needs no database for that. */
  closeSockets(owner: Omit<SocketOwner, "userId">): Promise<void>;
  /** Lets go of a store that was removed. */
  forget(): Promise<void>;
}
