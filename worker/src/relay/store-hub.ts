import { DurableObject } from "cloudflare:workers";
import { CLOSE, LIMITS, decodeClientFrame, encodeBinary, encodeText } from "@gitblobs/protocol";
import { createKeyFinder } from "../auth/keyring.ts";
import { createTokenVerifier } from "../auth/session-guard.ts";
import type { SocketOwner } from "../auth/socket-owner.ts";
import type { Env } from "../env.ts";
import { logLine } from "../http/request-log.ts";
import { failure } from "../sync/failure.ts";
import { openDeclarations } from "../sync/declaration-table.ts";
import { readSettings } from "../sync/settings.ts";
import { findStoreById } from "../sync/store-table.ts";
import { realWorld } from "../world.ts";
import {
  close,
  noteClosed,
  unreadBytes,
  openConnection,
  readAttachment,
  restoreConnection,
} from "./connection.ts";
import { closeAll } from "./epoch.ts";
import { readRates } from "./flood.ts";
import { type Hub, chargeWork, noteHead, setPong, userAccount } from "./hub.ts";
import type { HubRpc } from "./hub-rpc.ts";
import { maxHeldBytes } from "./account.ts";
import { admitFrame, frameBytes, noRoom, slowDown, takeIn } from "./intake.ts";
import { recallMessages } from "./message-memory.ts";
import { recallNeeds } from "./needs.ts";
import { answerRequest } from "./exchange.ts";
import { cutSlow, requestPeer } from "./peers.ts";
import { ReaderRoom } from "./reader-room.ts";
import { forgetConnection } from "./presence.ts";
import {
  admissionHeader,
  admissionSchema,
  type ExchangeAdmission,
  type SocketAdmission,
} from "./admission.ts";
import { enter, freshEntry, type EarlyLook } from "./entry.ts";
import { reportSockets } from "./socket-count.ts";
import { setAlarm } from "./schedule.ts";
import { upkeep } from "./upkeep.ts";
import { publishMissed } from "./writing.ts";
import * as v from "valibot";

/** RFC 6455, 7.4.1: what the connection was opened for is done. */
const normalClosure = 1000;

/** A hub that could not do its upkeep tries again after this long. */
const retryMs = 30_000;

/**
 * The Durable Object of one store: all of the store's sockets live here, and it alone writes the store's data. It may
 * be put to sleep or started anew between any two events; what must survive is in D1 or with the sockets.
 */
export class StoreHub extends DurableObject<Env> implements HubRpc {
  private loading: Promise<Hub | undefined> | undefined;
  private hub: Hub | undefined;
  /** Bytes of the frames that arrived and are not handled yet. */
  private heldBytes = 0;
  private readonly entry = freshEntry();

  ping(): "pong" {
    this.ctx.storage.sql.exec("SELECT 1").one();
    return "pong";
  }

  /** Serves the Worker, never a client: accepts a socket it has admitted, or answers a frame sent over HTTP. */
  override async fetch(request: Request): Promise<Response> {
    const header = request.headers.get(admissionHeader) ?? "";
    const admission = v.parse(admissionSchema, JSON.parse(decodeURIComponent(header)));
    if (admission.kind === "socket") return this.admit(admission);
    const hub = await this.load(admission.storeId);
    if (hub === undefined) return new Response(null, { status: 404 });
    const frame = new Uint8Array(await request.arrayBuffer());
    return this.exchange(hub, admission, frame);
  }

  /** Answers one frame with the frames of its answer, one after the other. */
  private exchange(hub: Hub, admission: ExchangeAdmission, frame: Uint8Array): Response {
    const { userId, allows } = admission;
    const bytes = frame.byteLength;
    if (this.heldBytes + hub.queuedBytes + bytes > maxHeldBytes) {
      return new Response(encodeBinary([noRoom]));
    }
    const verdict = admitFrame(userAccount(hub, userId), bytes, hub.world.now());
    if (verdict.kind !== "pass") {
      const afterMs = verdict.kind === "slow_down" ? verdict.afterMs : 1_000;
      return new Response(encodeBinary([slowDown(afterMs)]));
    }
    const decoded = decodeClientFrame(frame);
    if (!decoded.ok) {
      const { code, message, id } = decoded.error;
      return new Response(encodeBinary([failure(id, code, message)]));
    }
    const refused = decoded.ops.find(({ op }) => !allows.includes(op));
    if (refused !== undefined) {
      const message = `Send ${allows.join(" and ")} only.`;
      return new Response(encodeBinary([failure(undefined, "unknown_op", message)]));
    }
    const request = requestPeer(hub, admission, decoded.ops.length);
    this.ctx.waitUntil(answerRequest(hub, admission, request, decoded.ops));
    return new Response(request.body);
  }

  async closeSockets(owner: Omit<SocketOwner, "userId">): Promise<void> {
    this.entry.endings += 1;
    const hub = await this.loading?.catch(() => undefined);
    for (const socket of this.ctx.getWebSockets()) {
      const attachment = readAttachment(socket);
      if (owner.sessionId !== undefined && owner.sessionId !== attachment?.session) continue;
      const connection = hub?.connections.get(socket);
      if (connection !== undefined) close(connection, owner.code, "the session has ended");
      else socket.close(owner.code, "the session has ended");
    }
  }

  async forget(): Promise<void> {
    const hub = await this.loading?.catch(() => undefined);
    if (hub !== undefined) closeAll(hub, CLOSE.removed, "the store was removed");
    for (const socket of this.ctx.getWebSockets()) {
      socket.close(CLOSE.removed, "the store was removed");
    }
    this.loading = undefined;
    this.hub = undefined;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async webSocketMessage(socket: WebSocket, frame: string | ArrayBuffer): Promise<void> {
    const bytes = frameBytes(frame);
    const queued = this.hub?.queuedBytes ?? 0;
    // One that is too large by itself is not a matter of room: it ends its socket below.
    const fits = bytes > LIMITS.frameBytes || this.heldBytes + queued + bytes <= maxHeldBytes;
    if (!fits) {
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeText([noRoom]));
      return;
    }
    this.heldBytes += bytes;
    try {
      const hub = await this.wakeFor(socket);
      const connection = hub?.connections.get(socket);
      if (hub !== undefined && connection !== undefined) await takeIn(hub, connection, frame);
      else socket.close(CLOSE.restart, "say hello again");
    } finally {
      this.heldBytes -= bytes;
    }
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    const hub = await this.wakeFor(socket);
    const connection = hub?.connections.get(socket);
    if (connection !== undefined) noteClosed(connection);
    // The platform itself answers only when this object goes to sleep: the device would wait for 10 s, then see 1006.
    socket.close(normalClosure);
    if (hub === undefined) return;
    noteHead(hub, true);
    await reportSockets(hub);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    socket.close(CLOSE.tooBig, "the socket failed");
    await this.webSocketClose(socket);
  }

  /** Must neither throw nor end without the next one: the platform gives up on an alarm that goes on failing. */
  override async alarm(): Promise<void> {
    try {
      const hub = await this.wake();
      if (hub === undefined) return;
      try {
        await upkeep(hub);
      } finally {
        await setAlarm(hub);
      }
    } catch (error) {
      this.logFault("alarm_failed", error);
      await this.ctx.storage.setAlarm(realWorld.now() + retryMs);
    }
  }

  /** The hub; undefined, and the socket closed so that its client comes again, if it cannot be woken. */
  private async wakeFor(socket: WebSocket): Promise<Hub | undefined> {
    try {
      return await this.wake();
    } catch (error) {
      this.logFault("wake_failed", error);
      socket.close(CLOSE.internal, "the relay cannot reach its database");
      return undefined;
    }
  }

  private logFault(event: string, error: unknown): void {
    logLine(realWorld, {
      event,
      outcome: "failed",
      error: error instanceof Error ? error.message : "unknown",
    });
  }

  /** The hub is loaded, and a place is taken, side by side. */
  private async admit(admission: SocketAdmission): Promise<Response> {
    const entered = enter(this.ctx, this.env, this.entry, admission, realWorld.now());
    // A store that is gone has no place either; which of the two it was is told by the hub.
    entered.catch(() => undefined);
    const hub = await this.load(admission.storeId);
    if (hub === undefined) return new Response(null, { status: 404 });
    const early = await entered;
    chargeWork(hub, admission.userId, early?.results ?? []);
    if (early === undefined) return new Response(null, { status: 429 });
    return this.accept(hub, admission, early);
  }

  private async accept(hub: Hub, admission: SocketAdmission, early: EarlyLook): Promise<Response> {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    const attachment = {
      v: 1 as const,
      session: admission.sessionId,
      user: admission.userId,
      username: admission.username,
      since: hub.world.now(),
      heard: hub.world.now(),
      until: admission.until,
      warned: false,
      device: null,
      live: false,
      cursor: 0,
      state: null,
    };
    const connection = openConnection(server, attachment, hub.connectionDeps);
    connection.early = early;
    hub.connections.set(server, connection);
    setPong(hub);
    await setAlarm(hub);
    const headers =
      admission.subprotocol === undefined
        ? {}
        : { "sec-websocket-protocol": admission.subprotocol };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  /** The hub of the store it served before it slept. */
  private async wake(): Promise<Hub | undefined> {
    if (this.loading !== undefined) return this.loading;
    const storeId = await this.ctx.storage.get<number>("store");
    return storeId === undefined ? undefined : this.load(storeId);
  }

  private load(storeId: number): Promise<Hub | undefined> {
    this.loading ??= this.open(storeId).catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  private async open(storeId: number): Promise<Hub | undefined> {
    const row = await findStoreById(this.env.DB, storeId);
    if (row === null) {
      for (const socket of this.ctx.getWebSockets()) {
        socket.close(CLOSE.removed, "the store was removed");
      }
      return undefined;
    }
    await this.ctx.storage.put("store", storeId);
    const published = (await this.ctx.storage.get<number>("head")) ?? row.head;
    const rates = readRates(this.env);
    const now = realWorld.now();
    const hub: Hub = {
      ctx: this.ctx,
      env: this.env,
      world: realWorld,
      verifyToken: createTokenVerifier(realWorld, createKeyFinder(realWorld)),
      settings: readSettings(this.env),
      rates,
      accounts: new Map(),
      scope: { storeId, userId: row.owner_id },
      declarations: openDeclarations(this.ctx.storage.sql),
      stock: undefined,
      known: undefined,
      kept: { since: row.kept_since, until: row.kept_until },
      messages: await recallMessages(this.ctx, now),
      needs: await recallNeeds(this.ctx.storage),
      connections: new Map(),
      connectionDeps: {
        rates: rates.socket,
        lastPing: (socket) => this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0,
        unreadTogether: () =>
          [...hub.connections.values()].reduce((sum, one) => sum + unreadBytes(one), 0),
        onClosed: (connection) => {
          forgetConnection(hub, connection);
        },
      },
      room: new ReaderRoom(
        () => hub.connections.values(),
        cutSlow,
        () => realWorld.now(),
      ),
      queue: [],
      queuedBytes: 0,
      entry: this.entry,
      presence: { at: 0, isDue: false },
      writing: undefined,
      epoch: row.epoch,
      published,
      notedAt: 0,
      unsure: false,
    };
    for (const socket of this.ctx.getWebSockets()) {
      const connection = restoreConnection(socket, hub.connectionDeps);
      if (connection === undefined) socket.close(CLOSE.restart, "say hello again");
      else hub.connections.set(socket, connection);
    }
    // What a socket was given was published, even if it was not noted any more.
    for (const { attachment } of hub.connections.values()) {
      hub.published = Math.max(hub.published, attachment.cursor);
    }
    // Where nobody waits for events, the row says where the store stands; one that stands further back was put back.
    if (hub.connections.size === 0 && row.head >= hub.published) hub.published = row.head;
    else await publishMissed(hub);
    setPong(hub);
    this.hub = hub;
    logLine(hub.world, { event: "hub_started", store: storeId, outcome: "ok" });
    return hub;
  }
}
