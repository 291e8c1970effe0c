import { RelayError } from "../http/problem.ts";
import { sessionRoute, type Route } from "../http/route.ts";
import { logoutBody, meView, sessionList, sessionParams, ticketView } from "../schemas/account.ts";
import { emptyBody } from "../schemas/atoms.ts";
import { toBase64Url } from "../encoding.ts";
import { digestOf } from "./digest.ts";
import { closeSocketsOf, endOrClose, ownersOf } from "./end-sessions.ts";
import { viewOfUser } from "./grant.ts";
import type { RelayDoor } from "./relay-door.ts";
import { listSessions, revokeSession, revokeSessions } from "./session-table.ts";
import { insertTicket } from "./ticket-table.ts";
import { findUser } from "./user-table.ts";

/** Life of a one-time ticket for a socket. */
const ticketSeconds = 30;

/** What a logged-in device can do with its sessions. */
export function sessionRoutes(door: RelayDoor): readonly Route[] {
  return [meRoute(), listRoute(), endRoute(door), logoutRoute(door), ticketRoute()];
}

function meRoute(): Route {
  return sessionRoute(
    {
      method: "GET",
      path: "/me",
      summary: "Who is logged in",
      whilePasswordMustChange: true,
      input: {},
      success: { status: 200, description: "The user and this session", schema: meView },
    },
    async ({ env, session }) => {
      const user = await findUser(env.DB, session.userId);
      if (user === null) {
        throw new RelayError("session_ended");
      }
      const { sessionId: id, device, expiresAt } = session;
      return {
        status: 200,
        body: { user: viewOfUser(user), session: { id, device, expires_at: expiresAt } },
      };
    },
  );
}

function listRoute(): Route {
  return sessionRoute(
    {
      method: "GET",
      path: "/sessions",
      summary: "List the user's own live sessions",
      input: {},
      success: { status: 200, description: "Newest first", schema: sessionList },
    },
    async ({ env, world, session }) => {
      const rows = await listSessions(env.DB, session.userId, world.now());
      const sessions = rows.map((row) => ({ ...row, current: row.id === session.sessionId }));
      return { status: 200, body: { sessions } };
    },
  );
}

function endRoute(door: RelayDoor): Route {
  return sessionRoute(
    {
      method: "DELETE",
      path: "/sessions/:id",
      summary: "End one of the user's own sessions",
      input: { params: sessionParams },
      success: { status: 204, description: "Ended; its sockets are closed" },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, world, session, params } = call;
      const owner = { userId: session.userId, sessionId: params.id };
      const [revoked] = await endOrClose(call, door, owner, () =>
        env.DB.batch<{ id: string }>([
          revokeSession(env.DB, session.userId, params.id, world.now()),
        ]),
      );
      if (revoked?.results.length !== 1) {
        throw new RelayError("not_found");
      }
      await closeSocketsOf(call, door, ownersOf(session.userId, revoked));
      return { status: 204 };
    },
  );
}

function logoutRoute(door: RelayDoor): Route {
  return sessionRoute(
    {
      method: "POST",
      path: "/logout",
      summary: "End this session, or all of the user's",
      whilePasswordMustChange: true,
      input: { body: logoutBody },
      success: { status: 204, description: "Ended; its sockets are closed" },
    },
    async (call) => {
      const { env, world, session, body } = call;
      const { userId, sessionId } = session;
      const all = body.all === true;
      const [revoked] = await endOrClose(call, door, all ? { userId } : { userId, sessionId }, () =>
        env.DB.batch<{ id: string }>([
          all
            ? revokeSessions(env.DB, userId, null, world.now())
            : revokeSession(env.DB, userId, sessionId, world.now()),
        ]),
      );
      await closeSocketsOf(call, door, ownersOf(userId, revoked));
      return { status: 204 };
    },
  );
}

function ticketRoute(): Route {
  return sessionRoute(
    {
      method: "POST",
      path: "/ws/ticket",
      summary: "Get a one-time ticket with which a page opens its socket",
      input: { body: emptyBody },
      success: {
        status: 200,
        description: "Send it as subprotocol ticket.<ticket>",
        schema: ticketView,
      },
    },
    async ({ env, world, request, session }) => {
      const ticket = toBase64Url(world.random(32));
      const now = world.now();
      await insertTicket(env.DB, {
        hash: await digestOf(ticket),
        sessionId: session.sessionId,
        origin: request.headers.get("origin"),
        now,
        expiresAt: now + ticketSeconds * 1000,
      }).run();
      return { status: 200, body: { ticket, expires_in: ticketSeconds } };
    },
  );
}
