import { encodePong, type Party } from "@gitblobs/protocol";
import type { TokenVerifier } from "../auth/session-guard.ts";
import type { Env } from "../env.ts";
import type { Declarations } from "../sync/declaration-table.ts";
import { partyName } from "../sync/event-table.ts";
import { loadStock } from "../sync/load-stock.ts";
import { meteredDatabase } from "../sync/metered-database.ts";
import type { Scope } from "../sync/pack-table.ts";
import type { SyncDeps } from "../sync/piece.ts";
import type { Settings } from "../sync/settings.ts";
import type { Stock } from "../sync/stock.ts";
import type { World } from "../world.ts";
import { withRetries } from "./commit.ts";
import type { Connection, ConnectionDeps } from "./connection.ts";
import type { Entry } from "./entry.ts";
import { accountOf, meterOf, type Account } from "./account.ts";
import { spend, type AllRates } from "./flood.ts";
import type { MessageMemory } from "./message-memory.ts";
import type { PresenceTold } from "./presence.ts";
import type { ReaderRoom } from "./reader-room.ts";
import type { Write } from "./write-queue.ts";

/** Which devices, each by its {@link partyName}, wait for which gone objects; kept in the hub's own storage for an hour. */
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
  readonly rates: AllRates;
  /** What each user has taken of the hub. */
  readonly accounts: Map<string, Account>;
  readonly scope: Scope;
  readonly messages: MessageMemory;
  readonly declarations: Declarations;
  /** What the store has, once it is needed. */
  stock: Promise<Stock> | undefined;
  /** The same once it is there. */
  known: Stock | undefined;
  /** How long nothing that was pushed expires, as the database said last. */
  kept: { readonly since: number; readonly until: number };
  readonly needs: Needs;
  /** The connections that are open. */
  readonly connections: Map<WebSocket, Connection>;
  readonly connectionDeps: ConnectionDeps;
  /** What is answered with bodies waits here for its readers. */
  readonly room: ReaderRoom;
  readonly queue: Write[];
  /** Bytes of the writes that are not committed yet. */
  queuedBytes: number;
  readonly entry: Entry;
  readonly presence: PresenceTold;
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

/** The account of a user, to whom work is charged. */
export const userAccount = (hub: Hub, user: string): Account =>
  accountOf(hub.accounts, user, hub.rates.user, hub.world.now());

/** The database, with what it does charged to an account. */
export const chargedTo = (hub: Hub, account: Account): D1Database =>
  meteredDatabase(
    hub.env.DB,
    meterOf(account, () => hub.world.now()),
  );

/** Charges what was asked of the database before there was a hub to charge it. */
export function chargeWork(hub: Hub, user: string, results: readonly D1Result[]): void {
  const rows = results.reduce((sum, { meta }) => sum + meta.rows_read + meta.rows_written, 0);
  spend(userAccount(hub, user).allowance, { statements: results.length, rows }, hub.world.now());
}

/** What pages of events need, which ask for no object. */
export function pageDeps(
  hub: Hub,
  db: D1Database,
): Pick<SyncDeps, "db" | "scope" | "settings" | "now"> {
  return { db, scope: hub.scope, settings: hub.settings, now: hub.world.now() };
}

/** What the sync room needs for work done now, with what the store has: read from the database if it must be. */
export async function loadedDeps(hub: Hub, db: D1Database): Promise<SyncDeps> {
  const load = () => loadStock(hub.env.DB, hub.scope, randomWord(hub));
  const loading = (hub.stock ??= withRetries(load));
  try {
    const stock = await loading;
    if (hub.stock === loading && hub.known !== stock) {
      hub.known = stock;
      stock.setKept(hub.kept.since, hub.kept.until);
    }
    const newId = () => randomId((bytes) => hub.world.random(bytes));
    return { ...pageDeps(hub, db), stock, declarations: hub.declarations, newId };
  } catch (error) {
    if (hub.stock === loading) forgetStock(hub);
    throw error;
  }
}

/** The database may have more or less than was known: it is asked again when it is next needed. */
export function forgetStock(hub: Hub): void {
  hub.stock = undefined;
  hub.known = undefined;
}

const randomWord = (hub: Hub): number => new DataView(hub.world.random(4).buffer).getUint32(0);

/** 52 random bits: exact in JavaScript and never used again. */
export function randomId(random: (bytes: number) => Uint8Array): number {
  const bytes = random(7);
  return bytes.reduce((id, byte, i) => id * 256 + (i === 0 ? byte & 0x0f : byte), 0) + 1;
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
  readonly party: Party;
  /** The party as a word. */
  readonly name: string;
}

/** The connections that said hello. */
export function welcomed(hub: Hub): readonly Welcomed[] {
  const all: Welcomed[] = [];
  for (const connection of hub.connections.values()) {
    const { user, device } = connection.attachment;
    if (device === null) continue;
    const party: Party = [user, device];
    all.push({ connection, party, name: partyName(party) });
  }
  return all;
}
