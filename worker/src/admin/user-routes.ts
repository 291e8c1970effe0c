import { auditPreviousStatement } from "../auth/audit-table.ts";
import { auditEntry } from "../auth/audit.ts";
import { closeSocketsOf, endOrClose } from "../auth/end-sessions.ts";
import { viewOfUser } from "../auth/grant.ts";
import type { RelayDoor } from "../auth/relay-door.ts";
import { revokeSessionsIfDisabled } from "../auth/session-table.ts";
import {
  beginRemoval,
  deleteUser,
  disableUser,
  enableUser,
  listUsers,
  updateRole,
} from "../auth/user-table.ts";
import { RelayError } from "../http/problem.ts";
import { adminRoute, type Route } from "../http/route.ts";
import { userView } from "../schemas/account.ts";
import { roleBody, userList, userParams, usersQuery } from "../schemas/admin.ts";
import { emptyBody } from "../schemas/atoms.ts";
import { requireUser } from "./require-user.ts";

/** What admins do with users, except giving them passwords. */
export function userRoutes(door: RelayDoor): readonly Route[] {
  return [
    listRoute(),
    showRoute(),
    disableRoute(door),
    enableRoute(),
    roleRoute(),
    removeRoute(door),
  ];
}

function listRoute(): Route {
  return adminRoute(
    {
      method: "GET",
      path: "/admin/users",
      summary: "List users by name, or find one",
      input: { query: usersQuery },
      success: { status: 200, description: "A page of users", schema: userList },
    },
    async ({ env, query }) => {
      const { limit, after = "", username: only } = query;
      const rows = await listUsers(env.DB, { after, limit: limit + 1, only });
      const page = rows.slice(0, limit);
      const next = rows.length > limit ? page.at(-1)?.username : undefined;
      const users = page.map(viewOfUser);
      return { status: 200, body: { users, ...(next === undefined ? {} : { next }) } };
    },
  );
}

function showRoute(): Route {
  return adminRoute(
    {
      method: "GET",
      path: "/admin/users/:id",
      summary: "Show a user",
      input: { params: userParams },
      success: { status: 200, description: "The user", schema: userView },
      problems: ["not_found"],
    },
    async (call) => ({ status: 200, body: viewOfUser(await requireUser(call, call.params.id)) }),
  );
}

function disableRoute(door: RelayDoor): Route {
  return adminRoute(
    {
      method: "POST",
      path: "/admin/users/:id/disable",
      summary: "Disable a user: ends all sessions and closes all sockets",
      input: { params: userParams, body: emptyBody },
      success: { status: 200, description: "Disabled, now or before", schema: userView },
      problems: ["not_found", "last_admin"],
    },
    async (call) => {
      const { env, world, params } = call;
      const user = await endOrClose(call, door, { userId: params.id }, async () => {
        await env.DB.batch([
          disableUser(env.DB, params.id, world.now()),
          auditPreviousStatement(env.DB, auditEntry(call, "user.disabled", params.id)),
          revokeSessionsIfDisabled(env.DB, params.id, world.now()),
        ]);
        return requireUser(call, params.id);
      });
      if (user.disabled_at === null) {
        throw new RelayError("last_admin");
      }
      await closeSocketsOf(call, door, [{ userId: user.id, code: 4403 }]);
      return { status: 200, body: viewOfUser(user) };
    },
  );
}

function enableRoute(): Route {
  return adminRoute(
    {
      method: "POST",
      path: "/admin/users/:id/enable",
      summary: "Let a disabled user log in again",
      input: { params: userParams, body: emptyBody },
      success: { status: 200, description: "Enabled, now or before", schema: userView },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, params } = call;
      await env.DB.batch([
        enableUser(env.DB, params.id),
        auditPreviousStatement(env.DB, auditEntry(call, "user.enabled", params.id)),
      ]);
      return { status: 200, body: viewOfUser(await requireUser(call, params.id)) };
    },
  );
}

function roleRoute(): Route {
  return adminRoute(
    {
      method: "PUT",
      path: "/admin/users/:id/role",
      summary: "Change a user's role, from the next request on",
      input: { params: userParams, body: roleBody },
      success: { status: 200, description: "Changed, now or before", schema: userView },
      problems: ["not_found", "last_admin"],
    },
    async (call) => {
      const { env, world, params, body } = call;
      await env.DB.batch([
        updateRole(env.DB, params.id, body.role, world.now()),
        auditPreviousStatement(
          env.DB,
          auditEntry(call, "user.role_changed", params.id, { role: body.role }),
        ),
      ]);
      const user = await requireUser(call, params.id);
      if (user.role !== body.role) {
        throw new RelayError("last_admin");
      }
      return { status: 200, body: viewOfUser(user) };
    },
  );
}

function removeRoute(door: RelayDoor): Route {
  return adminRoute(
    {
      method: "DELETE",
      path: "/admin/users/:id",
      summary: "Remove a user with all data",
      input: { params: userParams },
      success: { status: 204, description: "Removed" },
      problems: ["not_found", "last_admin"],
    },
    async (call) => {
      const { env, params, world } = call;
      const user = await requireUser(call, params.id);
      const audit = (action: string) =>
        auditPreviousStatement(
          env.DB,
          auditEntry(call, action, user.id, { username: user.username }),
        );
      // Nobody may come in while the data goes; the same statement keeps the last admin.
      const [begun] = await endOrClose(call, door, { userId: user.id }, () =>
        env.DB.batch([
          beginRemoval(env.DB, user.id, world.now()),
          audit("user.removal_begun"),
          revokeSessionsIfDisabled(env.DB, user.id, world.now()),
        ]),
      );
      if (begun?.meta.changes !== 1) {
        await requireUser(call, user.id);
        throw new RelayError("last_admin");
      }
      await closeSocketsOf(call, door, [{ userId: user.id, code: 4403 }]);
      await door.eraseUserData(env, user.id);
      await env.DB.batch([deleteUser(env.DB, user.id, world.now()), audit("user.removed")]);
      return { status: 204 };
    },
  );
}
