import { auditPreviousStatement } from "../auth/audit-table.ts";
import { auditEntry } from "../auth/audit.ts";
import { closeSocketsOf, endOrClose, ownersOf } from "../auth/end-sessions.ts";
import type { RelayDoor } from "../auth/relay-door.ts";
import { listSessions, revokeSession, revokeSessions } from "../auth/session-table.ts";
import { RelayError } from "../http/problem.ts";
import { adminRoute, type Route } from "../http/route.ts";
import { sessionList } from "../schemas/account.ts";
import { endedView, userParams, userSessionParams } from "../schemas/admin.ts";
import { requireUser } from "./require-user.ts";

/** What admins do with the sessions of a user. */
export function userSessionRoutes(door: RelayDoor): readonly Route[] {
  return [listRoute(), endAllRoute(door), endOneRoute(door)];
}

function listRoute(): Route {
  return adminRoute(
    {
      method: "GET",
      path: "/admin/users/:id/sessions",
      summary: "List a user's live sessions",
      input: { params: userParams },
      success: { status: 200, description: "Newest first", schema: sessionList },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, world, params, caller } = call;
      await requireUser(call, params.id);
      const own = caller.kind === "session" ? caller.session.sessionId : undefined;
      const rows = await listSessions(env.DB, params.id, world.now());
      const sessions = rows.map((row) => ({ ...row, current: row.id === own }));
      return { status: 200, body: { sessions } };
    },
  );
}

function endAllRoute(door: RelayDoor): Route {
  return adminRoute(
    {
      method: "DELETE",
      path: "/admin/users/:id/sessions",
      summary: "End all sessions of a user",
      input: { params: userParams },
      success: { status: 200, description: "How many were ended", schema: endedView },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, world, params } = call;
      await requireUser(call, params.id);
      const owner = { userId: params.id };
      const [revoked] = await endOrClose(call, door, owner, () =>
        env.DB.batch<{ id: string }>([
          revokeSessions(env.DB, params.id, null, world.now()),
          auditPreviousStatement(env.DB, auditEntry(call, "user.sessions_ended", params.id)),
        ]),
      );
      await closeSocketsOf(call, door, [{ ...owner, code: 4401 }]);
      return { status: 200, body: { ended: revoked?.results.length ?? 0 } };
    },
  );
}

function endOneRoute(door: RelayDoor): Route {
  return adminRoute(
    {
      method: "DELETE",
      path: "/admin/users/:id/sessions/:session",
      summary: "End one session of a user",
      input: { params: userSessionParams },
      success: { status: 204, description: "Ended; its sockets are closed" },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, world, params } = call;
      const owner = { userId: params.id, sessionId: params.session };
      const [revoked] = await endOrClose(call, door, owner, () =>
        env.DB.batch<{ id: string }>([
          revokeSession(env.DB, params.id, params.session, world.now()),
          auditPreviousStatement(env.DB, auditEntry(call, "user.session_ended", params.session)),
        ]),
      );
      if (revoked?.results.length !== 1) {
        throw new RelayError("not_found");
      }
      await closeSocketsOf(call, door, ownersOf(params.id, revoked));
      return { status: 204 };
    },
  );
}
