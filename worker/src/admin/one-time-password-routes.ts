import { auditPreviousStatement } from "../auth/audit-table.ts";
import { auditEntry } from "../auth/audit.ts";
import { closeSocketsOf, endOrClose } from "../auth/end-sessions.ts";
import { newId, viewOfUser } from "../auth/grant.ts";
import type { HashGate } from "../auth/hash-gate.ts";
import { makeOneTimePassword, oneTimePasswordMs } from "../auth/one-time-password.ts";
import { hashPassword } from "../auth/password-hash.ts";
import type { RelayDoor } from "../auth/relay-door.ts";
import { revokeSessions } from "../auth/session-table.ts";
import { insertUser, resetPasswordHash, type UserRow } from "../auth/user-table.ts";
import { RelayError } from "../http/problem.ts";
import { adminRoute, type Route } from "../http/route.ts";
import { newUserBody, oneTimePasswordView, userParams } from "../schemas/admin.ts";
import { emptyBody } from "../schemas/atoms.ts";
import { requireUser } from "./require-user.ts";

/** What makes a one-time password: adding a user, and resetting the password of one. */
export function oneTimePasswordRoutes(gate: HashGate, door: RelayDoor): readonly Route[] {
  return [addRoute(gate), resetRoute(gate, door)];
}

function addRoute(gate: HashGate): Route {
  return adminRoute(
    {
      method: "POST",
      path: "/admin/users",
      summary: "Add a user with a one-time password",
      input: { body: newUserBody },
      success: {
        status: 201,
        description: "Added; the password is shown this once",
        schema: oneTimePasswordView,
      },
      problems: ["username_taken", "busy"],
    },
    (call) =>
      gate.admit(call, async (runHash) => {
        const { env, world, body } = call;
        const password = makeOneTimePassword(world);
        const now = world.now();
        const user: UserRow = {
          id: newId(world, "usr"),
          username: body.username,
          password_hash: await runHash(() => hashPassword(password, env.PASSWORD_PEPPER, world)),
          password_expires_at: now + oneTimePasswordMs,
          role: body.role,
          session_version: 1,
          disabled_at: null,
          created_at: now,
        };
        const [inserted] = await env.DB.batch([
          insertUser(env.DB, user),
          auditPreviousStatement(
            env.DB,
            auditEntry(call, "user.added", user.id, { username: user.username, role: user.role }),
          ),
        ]);
        if (inserted?.meta.changes !== 1) {
          throw new RelayError("username_taken");
        }
        return { status: 201, body: withPassword(user, password) };
      }),
  );
}

function resetRoute(gate: HashGate, door: RelayDoor): Route {
  return adminRoute(
    {
      method: "POST",
      path: "/admin/users/:id/reset-password",
      summary: "Give a user a one-time password; ends all sessions",
      input: { params: userParams, body: emptyBody },
      success: {
        status: 200,
        description: "Reset; the password is shown this once",
        schema: oneTimePasswordView,
      },
      problems: ["not_found", "busy"],
    },
    (call) =>
      gate.admit(call, async (runHash) => {
        const { env, world, params } = call;
        const before = await requireUser(call, params.id);
        const password = makeOneTimePassword(world);
        const hash = await runHash(() => hashPassword(password, env.PASSWORD_PEPPER, world));
        const now = world.now();
        const expiresAt = now + oneTimePasswordMs;
        const [changed] = await endOrClose(call, door, { userId: before.id }, () =>
          env.DB.batch([
            resetPasswordHash(env.DB, before.id, hash, expiresAt),
            auditPreviousStatement(env.DB, auditEntry(call, "user.password_reset", before.id)),
            revokeSessions(env.DB, before.id, null, now),
          ]),
        );
        if (changed?.meta.changes !== 1) {
          // Removed while the hash was being computed.
          throw new RelayError("not_found");
        }
        await closeSocketsOf(call, door, [{ userId: before.id, code: 4401 }]);
        const user = { ...before, password_hash: hash, password_expires_at: expiresAt };
        return { status: 200, body: withPassword(user, password) };
      }),
  );
}

function withPassword(user: UserRow, password: string) {
  return {
    user: viewOfUser(user),
    one_time_password: password,
    password_expires_at: user.password_expires_at,
  };
}
