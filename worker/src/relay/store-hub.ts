import { DurableObject } from "cloudflare:workers";
import { CLOSE, LIMITS, decodeClientFrame, encodeBinary, type ClientOp } from "@gitblobs/protocol";
import { createKeyFinder } from "../auth/keyring.ts";
import { createTokenVerifier } from "../auth/session-guard.ts";
import type { SocketOwner } from "../auth/relay-door.ts";
import type { Env } from "../env.ts";
import { logLine } from "../http/request-log.ts";
import { failure } from "../sync/failure.ts";
import { readSettings } from "../sync/settings.ts";
import { findStoreById } from "../sync/store-table.ts";
import { realWorld } from "../world.ts";
import { authorise } from "./authorise.ts";
import { amend, close, openConnection, restoreConnection, sendOps } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { closeAll } from "./epoch.ts";
import { sharePresence } from "./fan-out.ts";
import { readRates, takeFrame } from "./flood.ts";
import { greet } from "./hello.ts";
import { noteHead, setPong, type Hub } from "./hub.ts";
import { recallMessages } from "./message-memory.ts";
import { recallNeeds } from "./needs.ts";
import { perform, type SyncOp } from "./operations.ts";
import { requestPeer, socketPeer } from "./peers.ts";
import { admissionHeader, admissionSchema, type SocketAdmission } from "./admission.ts";
import { reportSockets, setAlarm, upkeep } from "./upkeep.ts";
import { publishMissed } from "./writing.ts";
import * as v from "valibot";

/**
 * The Durable Object of one store: all of the store's sockets live here, and it alone writes the store's data. It may
 * be put to sleep or started anew between any two events; what must survive is in D1 or with the sockets.
 */
export class StoreHub extends DurableObject<Env> {
  private loading: Promise<Hub | undefined> | undefined;

  /** Answers "pong" once the object runs and its storage can be read. */
  ping(): "pong" {
    this.ctx.storage.sql.exec("SELECT 1").one();
    return "pong";
  }

  /** Serves the Worker, never a client: accepts a socket it has admitted, or answers a frame sent over HTTP. */
  override async fetch(request: Request): Promise<Response> {
    const header = request.headers.get(admissionHeader) ?? "";
    const admission = v.parse(admissionSchema, JSON.parse(decodeURIComponent(header)));
    const hub = await this.load(admission.storeId);
    if (hub === undefined) return new Response(null, { status: 404 });
    if (admission.kind === "socket") return this.accept(hub, admission);
    return this.exchange(hub, admission.device, new Uint8Array(await request.arrayBuffer()));
  }

  /** Answers one frame with the frames of its answer, one after the other. */
  private async exchange(hub: Hub, device: string, frame: Uint8Array): Promise<Response> {
    const decoded = decodeClientFrame(frame);
    if (!decoded.ok) {
      const { code, message, id } = decoded.error;
      return new Response(encodeBinary([failure(id, code, message)]));
    }
    const { peer, body } = requestPeer(device, decoded.ops.length);
    perform(hub, peer, decoded.ops.filter(isSyncOp));
    await setAlarm(hub);
    return new Response(body);
  }

  /** How many sockets are open. */
  openSockets(): number {
    return this.ctx.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN).length;
  }

  /** Closes the sockets of a session, or all of them. */
  async closeSockets(storeId: number, owner: Omit<SocketOwner, "userId">): Promise<void> {
    const hub = await this.load(storeId);
    for (const connection of hub?.connections.values() ?? []) {
      const { session } = connection.attachment;
      if (owner.sessionId === undefined || owner.sessionId === session) {
        close(connection, owner.code, "the session has ended");
      }
    }
  }

  /** Lets go of a store that was removed. */
  async forget(): Promise<void> {
    const hub = await this.loading;
    if (hub !== undefined) closeAll(hub, CLOSE.disabled, "the store was removed");
    for (const socket of this.ctx.getWebSockets()) {
      socket.close(CLOSE.disabled, "the store was removed");
    }
    this.loading = undefined;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async webSocketMessage(socket: WebSocket, frame: string | ArrayBuffer): Promise<void> {
    const hub = await this.wake();
    const connection = hub?.connections.get(socket);
    if (hub === undefined || connection === undefined) {
      socket.close(CLOSE.restart, "say hello again");
      return;
    }
    // One after the other, as they came; the platform would let them interleave.
    connection.chain = connection.chain.then(() => this.takeFrame(hub, connection, frame));
    await connection.chain;
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    const hub = await this.wake();
    const connection = hub?.connections.get(socket);
    if (hub === undefined || connection === undefined) return;
    hub.connections.delete(socket);
    if (connection.attachment.device !== null) sharePresence(hub);
    noteHead(hub, true);
    await reportSockets(hub);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    socket.close(CLOSE.tooBig, "the socket failed");
    await this.webSocketClose(socket);
  }

  override async alarm(): Promise<void> {
    const hub = await this.wake();
    if (hub === undefined) return;
    try {
      await upkeep(hub);
    } finally {
      await setAlarm(hub);
    }
  }

  private async accept(hub: Hub, admission: SocketAdmission): Promise<Response> {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    const connection = openConnection(server, {
      v: 1,
      session: admission.sessionId,
      user: admission.userId,
      username: admission.username,
      since: hub.world.now(),
      until: admission.until,
      warned: false,
      device: null,
      live: false,
      cursor: 0,
      state: null,
    });
    hub.connections.set(server, connection);
    setPong(hub);
    await setAlarm(hub);
    await reportSockets(hub);
    const headers =
      admission.subprotocol === undefined
        ? {}
        : { "sec-websocket-protocol": admission.subprotocol };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  /** Last resort: an error that escaped would leave the socket open and silent. */
  private async takeFrame(
    hub: Hub,
    connection: Connection,
    frame: string | ArrayBuffer,
  ): Promise<void> {
    try {
      await this.handleFrame(hub, connection, frame);
      if (hub.unsure) await setAlarm(hub);
    } catch (error) {
      logLine(hub.world, {
        event: "unexpected_error",
        store: hub.scope.storeId,
        outcome: "failed",
        error: error instanceof Error ? (error.stack ?? error.message) : "unknown",
      });
      close(connection, CLOSE.internal, "a fault of the relay");
    }
  }

  private async handleFrame(
    hub: Hub,
    connection: Connection,
    frame: string | ArrayBuffer,
  ): Promise<void> {
    const now = hub.world.now();
    const bytes = typeof frame === "string" ? frame.length : frame.byteLength;
    if (bytes > LIMITS.frameBytes) {
      close(connection, CLOSE.tooBig, "the frame is too large");
      return;
    }
    if (now >= connection.attachment.until) {
      close(connection, CLOSE.reauth, "the token has expired");
      return;
    }
    const verdict = takeFrame(connection.allowance, hub.rates, bytes, now);
    if (verdict.kind === "close") {
      close(connection, CLOSE.flood, "too fast");
      return;
    }
    if (verdict.kind === "slow_down") {
      const facts = { retry_after_ms: verdict.afterMs };
      sendOps(connection, [failure(undefined, "flood", "Too fast; wait.", facts)], now);
      return;
    }
    const decoded = decodeClientFrame(typeof frame === "string" ? frame : new Uint8Array(frame));
    if (!decoded.ok) {
      const { code, message, id } = decoded.error;
      sendOps(connection, [failure(id, code, message)], now);
      if (code === "bad_frame" || code === "bad_json") close(connection, CLOSE.protocol, code);
      return;
    }
    await this.handleOps(hub, connection, decoded.ops);
  }

  private async handleOps(
    hub: Hub,
    connection: Connection,
    ops: readonly ClientOp[],
  ): Promise<void> {
    let rest = ops;
    const [first] = ops;
    if (connection.attachment.device === null && first !== undefined) {
      const peerOf = (device: string) => socketPeer(hub, connection, device).peer;
      await greet(hub, connection, peerOf, first);
      await setAlarm(hub);
      rest = ops.slice(1);
    }
    const { device } = connection.attachment;
    if (device === null) return;
    const { peer, flush } = socketPeer(hub, connection, device);
    perform(hub, peer, rest.filter(isSyncOp));
    for (const op of rest) {
      if (op.op === "hello") peer.reply(failure(undefined, "hello_twice", "Hello was said."));
      else if (op.op === "auth") peer.reply(await authorise(hub, connection, op.token));
      else if (op.op === "presence") {
        amend(connection, { state: op.state ?? null });
        sharePresence(hub);
      }
    }
    flush();
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
        socket.close(CLOSE.disabled, "the store was removed");
      }
      return undefined;
    }
    await this.ctx.storage.put("store", storeId);
    const published = (await this.ctx.storage.get<number>("head")) ?? row.head;
    const hub: Hub = {
      ctx: this.ctx,
      env: this.env,
      world: realWorld,
      verifyToken: createTokenVerifier(realWorld, createKeyFinder(realWorld)),
      settings: readSettings(this.env),
      rates: readRates(this.env),
      scope: { storeId, userId: row.user_id },
      storeName: row.name,
      messages: await recallMessages(this.ctx, realWorld.now()),
      needs: await recallNeeds(this.ctx.storage),
      connections: new Map(),
      queue: [],
      writing: undefined,
      epoch: row.epoch,
      published,
      notedAt: 0,
      unsure: false,
    };
    for (const socket of this.ctx.getWebSockets()) {
      const connection = restoreConnection(socket);
      if (connection === undefined) socket.close(CLOSE.restart, "say hello again");
      else hub.connections.set(socket, connection);
    }
    // What a socket was given was published, even if it was not noted any more.
    for (const { attachment } of hub.connections.values()) {
      hub.published = Math.max(hub.published, attachment.cursor);
    }
    await publishMissed(hub);
    setPong(hub);
    return hub;
  }
}

function isSyncOp(op: ClientOp): op is SyncOp {
  return op.op !== "hello" && op.op !== "presence" && op.op !== "auth";
}
