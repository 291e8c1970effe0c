import type { Env } from "../env.ts";
import type { Session } from "../http/caller.ts";
import { isAllowedOrigin } from "../http/origin.ts";
import { RelayError } from "../http/problem.ts";
import type { World } from "../world.ts";
import { digestOf } from "./digest.ts";
import { bearerToken, liveSession, type TokenVerifier } from "./session-guard.ts";
import { findSessionById } from "./session-table.ts";
import { takeTicket } from "./ticket-table.ts";

/** Subprotocol that carries a browser's one-time ticket; the server never selects it. */
const ticketProtocol = /^ticket\.([\w-]{43})$/u;

/**
 * Who asks for a socket, before it is opened: `Authorization: Bearer`, or a one-time ticket as subprotocol from the
 * very origin that asked for it. A page of an unknown origin is refused, and a request without Origin needs Bearer.
 * `onUser` is told of the bearer before the session is known to live.
 *
 * @throws RelayError `origin_refused`, `not_authenticated`, `session_ended`, `password_change_required`
 */
export async function guardUpgrade(
  request: Request,
  env: Env,
  world: World,
  verifyToken: TokenVerifier,
  onUser?: (userId: string) => void,
): Promise<Session> {
  const origin = request.headers.get("origin");
  const ownOrigin = new URL(request.url).origin;
  if (origin !== null && !isAllowedOrigin(origin, ownOrigin, env.ALLOWED_ORIGINS)) {
    throw new RelayError("origin_refused");
  }
  const bearer = bearerToken(request);
  const session =
    bearer === undefined
      ? await redeemTicket(request, env, world, origin)
      : await verifyToken(env, bearer, onUser);
  if (session.passwordMustChange) {
    throw new RelayError("password_change_required");
  }
  return session;
}

async function redeemTicket(
  request: Request,
  env: Env,
  world: World,
  origin: string | null,
): Promise<Session> {
  const offered = (request.headers.get("sec-websocket-protocol") ?? "").split(",");
  const ticket = offered.map((name) => ticketProtocol.exec(name.trim())?.[1]).find(Boolean);
  if (ticket === undefined || origin === null) {
    throw new RelayError("not_authenticated");
  }
  const taken = await takeTicket(env.DB, await digestOf(ticket), world.now());
  const row = taken === null ? null : await findSessionById(env.DB, taken.session_id);
  if (row === null || taken?.origin !== origin) {
    throw new RelayError("not_authenticated");
  }
  return liveSession(row, world.now());
}
