import type { Env } from "../env.ts";
import type { SocketOwner } from "./socket-owner.ts";

/** What ending a session or a user asks of the relay, which keeps the sockets and the stores. */
export interface RelayDoor {
  /** Closes the owner's sockets in every hub of the user's stores. */
  closeSockets(env: Env, owner: SocketOwner): Promise<void>;
  /** Closes every socket of everybody with 4401; how many hubs could not be reached. */
  closeEverySocket(env: Env, now: number): Promise<number>;
  /** Removes all stores of a user and what they hold; may be called again after it failed half-way. */
  eraseUserData(env: Env, userId: string): Promise<void>;
}
