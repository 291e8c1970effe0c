import { SUBPROTOCOL } from "@gitblobs/protocol";
import type { SocketLike, Surroundings } from "./surroundings.ts";

/** What lets a socket in: a page's one-time ticket, or a program's access token. */
export type Credential =
  | { readonly kind: "ticket"; readonly ticket: string }
  | { readonly kind: "token"; readonly token: string };

/** Where a socket leads. */
export interface Target {
  /** `https://host`, without a path. */
  readonly relayUrl: string;
  /** The store's name. */
  readonly store: string;
  /** Its id, once it is known: then no other store of that name is opened. */
  readonly id?: number | undefined;
  readonly credential: Credential;
}

/** `hello` of a connection: who this is, and the last event it has, with the epoch that belongs to. */
export interface Greeting {
  readonly device: string;
  readonly after?: number;
  readonly epoch?: string;
}

/** Begins to open a socket (PROTOCOL.md 4); nothing secret is in the address. */
export function dial(world: Surroundings, { relayUrl, store, id, credential }: Target): SocketLike {
  const url = new URL(`/ws?store=${encodeURIComponent(store)}`, relayUrl);
  if (id !== undefined) url.searchParams.set("id", String(id));
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  const socket =
    credential.kind === "ticket"
      ? world.openSocket(url.href, [SUBPROTOCOL, `ticket.${credential.ticket}`], {})
      : world.openSocket(url.href, [SUBPROTOCOL], { authorization: `Bearer ${credential.token}` });
  socket.binaryType = "arraybuffer";
  return socket;
}
