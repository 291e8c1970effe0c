import { encodePong } from "@gitblobs/protocol";
import type { TokenVerifier } from "../auth/session-guard.ts";
import type { Env } from "../env.ts";
import type { Scope } from "../sync/object-table.ts";
import type { SyncDeps } from "../sync/piece.ts";
import type { Settings } from "../sync/settings.ts";
import type { World } from "../world.ts";
import type { Connection, ConnectionDeps } from "./connection.ts";
import type { Allowance } from "./flood.ts";
import type { MessageMemory } from "./message-memory.ts";
import type { Write } from "./write-queue.ts";

/** Which devices wait for which gone objects; kept in the hub's own storage for an hour. */
export type Needs = Map<string, NeedEntry>;

/** Who waits for a gone object, and since when. */
export interface NeedEntry {
  readonly devices: readonly string[];
  readonly at: number;
}

/** Everything the hub of one store has at hand; nothing in it that cannot be rebuilt from D1 and the sockets. */
export interface Hub {
  readonly ctx: DurableObjectState;
  readonly env: Env;
  readonly world: World;
  readonly verifyToken: TokenVerifier;
  readonly settings: Settings;
  /** What all sockets of the store may send together. */
  readonly allowance: Allowance;
  readonly scope: Scope;
  readonly storeName: string;
  readonly messages: MessageMemory;
  readonly needs: Needs;
  /** The connections that are open. */
  readonly connections: Map<WebSocket, Connection>;
  readonly connectionDeps: ConnectionDeps;
  readonly queue: Write[];
  /** Bytes of the writes that are not committed yet. */
  queuedBytes: number;
  /** Sockets that are being admitted. */
  opening: number;
  /** Who is here has changed in this turn, and will be told at its end. */
  presenceChanged: boolean;
  /** Settles when everything queued so far was committed or refused. */
  writing: Promise<void> | undefined;
  epoch: string;
  /** The newest event that was given to every live socket. */
  published: number;
  /** When the head was last noted in the hub's own storage. */
  notedAt: number;
  /** A batch may have been committed without its answer: events may wait to be published. */
  unsure: boolean;
}

/** What the sync room needs for work done now. */
export function syncDeps(hub: Hub): SyncDeps {
  return { db: hub.env.DB, scope: hub.scope, settings: hub.settings, now: hub.world.now() };
}

/** Lets the runtime answer pings with where the store stands, without waking the hub. */
export function setPong(hub: Hub): void {
  const pong = encodePong({ epoch: hub.epoch, head: hub.published });
  hub.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", pong));
}

/** How often the head is noted: each write of the hub's own storage holds back everything it sends. */
const noteMs = 1_000;

/**
 * Notes how far the store was published, so that a store put back in time is noticed even by a hub that slept. The
 * note may lag; a head in D1 that is behind even that was put back for sure.
 */
export function noteHead(hub: Hub, force = false): void {
  const now = hub.world.now();
  if (!force && now - hub.notedAt < noteMs) return;
  hub.notedAt = now;
  void hub.ctx.storage.put("head", hub.published, { allowUnconfirmed: true });
}

/** A connection that said hello, and as whom. */
export interface Welcomed {
  readonly connection: Connection;
  readonly device: string;
}

/** The connections that said hello. */
export function welcomed(hub: Hub): readonly Welcomed[] {
  const all: Welcomed[] = [];
  for (const connection of hub.connections.values()) {
    const { device } = connection.attachment;
    if (device !== null) all.push({ connection, device });
  }
  return all;
}
