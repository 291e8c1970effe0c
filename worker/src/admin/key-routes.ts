import { accessTokenSeconds } from "../auth/access-token.ts";
import { auditAlways } from "../auth/audit-table.ts";
import { auditEntry } from "../auth/audit.ts";
import { closeEverySocket } from "../auth/end-sessions.ts";
import { planRewrap, planRotation, readRing } from "../auth/keyring.ts";
import type { RelayDoor } from "../auth/relay-door.ts";
import { revokeEverySession } from "../auth/session-table.ts";
import { adminRoute, type Route } from "../http/route.ts";
import { keyList, rewrapView, rotateBody, rotationView } from "../schemas/admin.ts";
import { emptyBody } from "../schemas/atoms.ts";

/** What admins do with the keys that sign access tokens. */
export function keyRoutes(door: RelayDoor): readonly Route[] {
  return [listRoute(), rotateRoute(door), rewrapRoute()];
}

function listRoute(): Route {
  return adminRoute(
    {
      method: "GET",
      path: "/admin/keys",
      summary: "List the signing keys that still count; never the keys themselves",
      input: {},
      success: { status: 200, description: "Newest first", schema: keyList },
    },
    async ({ env, world }) => {
      const ring = await readRing(env, world);
      return { status: 200, body: { state: ring.state, keys: ring.views } };
    },
  );
}

function rotateRoute(door: RelayDoor): Route {
  return adminRoute(
    {
      method: "POST",
      path: "/admin/keys/rotate",
      summary: "Make a new signing key; in an emergency kill the old ones at once",
      input: { body: rotateBody },
      success: {
        status: 200,
        description: "When the new key signs and the old ones end",
        schema: rotationView,
      },
    },
    async (call) => {
      const { env, world, body } = call;
      const { emergency, end_sessions: endSessions } = body;
      const tokenLifeMs = accessTokenSeconds * 1000;
      const rotation = await planRotation(env, world, { emergency, tokenLifeMs });
      const detail = { emergency, end_sessions: endSessions };
      const results = await env.DB.batch([
        ...rotation.statements,
        auditAlways(env.DB, auditEntry(call, "keys.rotated", rotation.kid, detail)),
        ...(endSessions ? [revokeEverySession(env.DB, world.now())] : []),
      ]);
      if (emergency || endSessions) {
        // A socket may have been opened with a forged token: none stays, whoever it is said to be of.
        await closeEverySocket(call, door);
      }
      return {
        status: 200,
        body: {
          kid: rotation.kid,
          sign_from: rotation.signFrom,
          old_keys_verify_until: rotation.retireAt,
          sessions_ended: endSessions ? (results.at(-1)?.meta.changes ?? 0) : 0,
        },
      };
    },
  );
}

function rewrapRoute(): Route {
  return adminRoute(
    {
      method: "POST",
      path: "/admin/keys/rewrap",
      summary: "Wrap the keys with the present JWT_SECRET that JWT_SECRET_PREVIOUS still wraps",
      input: { body: emptyBody },
      success: { status: 200, description: "How many keys were rewrapped", schema: rewrapView },
    },
    async (call) => {
      const { env, world } = call;
      const { rewrapped, unreadable, statements } = await planRewrap(env, world);
      const detail = { rewrapped, unreadable };
      await env.DB.batch([
        ...statements,
        auditAlways(env.DB, auditEntry(call, "keys.rewrapped", undefined, detail)),
      ]);
      return { status: 200, body: detail };
    },
  );
}
