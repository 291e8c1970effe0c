import type { Env } from "../env.ts";
import type { Caller, Session } from "../http/caller.ts";
import { RelayError } from "../http/problem.ts";
import type { Guard } from "../http/router.ts";
import type { World } from "../world.ts";
import { verifyAccessToken } from "./access-token.ts";
import { isSameSecret } from "./digest.ts";
import type { KeyFinder } from "./keyring.ts";
import { findSession, type SessionRow } from "./session-table.ts";

export type { Session } from "../http/caller.ts";

/**
 * Turns an access token into the live session it stands for; RelayError if there is none. `onUser` is told whose it is
 * once its signature is good, before the session is known to live: for what may be looked up beside it.
 */
export type TokenVerifier = (
  env: Env,
  token: string,
  onUser?: (userId: string) => void,
) => Promise<Session>;

/**
 * A verifier: the signature from memory, then one read of session, user and key, so that everything an admin or the
 * user ends is ended for the very next request.
 */
export function createTokenVerifier(world: World, findKey: KeyFinder): TokenVerifier {
  return async (env, token, onUser) => {
    const claims = await verifyAccessToken(env, world, findKey, token);
    onUser?.(claims.userId);
    const row = await findSession(env.DB, claims.sessionId, claims.kid, world.now());
    if (
      row?.user_id !== claims.userId ||
      row.key_lives !== 1 ||
      row.session_version !== claims.sessionVersion
    ) {
      throw row !== null && row.disabled_at !== null ? sessionEnded() : notAuthenticated();
    }
    return liveSession(row, world.now());
  };
}

/**
 * The session of a row, if it may still be used.
 *
 * @throws RelayError `session_ended`
 */
export function liveSession(row: SessionRow, now: number): Session {
  const over = row.expires_at <= now || row.idle_expires_at <= now;
  const passwordOver = row.password_expires_at !== null && row.password_expires_at <= now;
  if (over || passwordOver || row.revoked_at !== null || row.disabled_at !== null) {
    throw sessionEnded();
  }
  return {
    userId: row.user_id,
    sessionId: row.id,
    username: row.username,
    role: row.role,
    device: row.device,
    expiresAt: row.expires_at,
    passwordMustChange: row.password_expires_at !== null,
  };
}

/** Who makes a request: the bearer of an access token or of ADMIN_TOKEN, told apart by form. */
export function createGuard(verifyToken: TokenVerifier): Guard {
  return async (request, env): Promise<Caller> => {
    const token = bearerToken(request);
    if (token === undefined) {
      throw notAuthenticated();
    }
    if (token.includes(".")) {
      return { kind: "session", session: await verifyToken(env, token) };
    }
    if (await isSameSecret(token, env.ADMIN_TOKEN)) {
      return { kind: "operator" };
    }
    throw notAuthenticated();
  };
}

/** The token of `Authorization: Bearer`; undefined without one. */
export function bearerToken(request: Request): string | undefined {
  return /^Bearer ([\w.~+/=-]{1,4096})$/iu.exec(request.headers.get("authorization") ?? "")?.[1];
}

function notAuthenticated(): RelayError {
  return new RelayError("not_authenticated", {
    detail: "Send Authorization: Bearer with a fresh access token (POST /refresh or POST /login).",
  });
}

function sessionEnded(): RelayError {
  return new RelayError("session_ended", { detail: "Log in again (POST /login)." });
}
