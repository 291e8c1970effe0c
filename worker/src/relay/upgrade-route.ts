import { SUBPROTOCOL } from "@gitblobs/protocol";
import { bearerToken, type TokenVerifier } from "../auth/session-guard.ts";
import { guardUpgrade } from "../auth/upgrade-guard.ts";
import { RelayError } from "../http/problem.ts";
import { publicRoute, type Route } from "../http/route.ts";
import { socketQuery } from "../schemas/stores.ts";
import { readSettings } from "../sync/settings.ts";
import { access, type Access } from "./access.ts";
import { askHub } from "./hub-address.ts";
import { leaseUntil } from "./lease.ts";

/** `GET /ws?store=NAME&id=ID`: everything is checked before the upgrade, with real statuses. */
export function upgradeRoute(verifyToken: TokenVerifier): Route {
  return publicRoute(
    {
      method: "GET",
      path: "/ws",
      summary: "Open the socket of a store (PROTOCOL.md 4)",
      input: { query: socketQuery },
      success: { status: 101, description: "The socket, speaking gbr.v1" },
      problems: [
        "upgrade_required",
        "not_authenticated",
        "session_ended",
        "password_change_required",
        "no_store",
        "store_removed",
        "too_many_sockets",
      ],
    },
    async ({ request, env, world, query, note }) => {
      const subprotocol = chooseSubprotocol(request);
      const named = { name: query.store, id: query.id };
      // Looked up beside the session, as soon as the token's signature says whose it is.
      let found: Promise<Access> | undefined;
      const lookUp = (userId: string) => {
        found = access(env, world, userId, named, "write");
        found.catch(() => undefined);
      };
      const session = await guardUpgrade(request, env, world, verifyToken, lookUp);
      note({ actor: `user:${session.userId}`, sid8: session.sessionId.slice(4, 12) });
      found ??= access(env, world, session.userId, named, "write");
      const { store, ownerId } = await found;
      note({ store: store.id });
      const response = await askHub(
        env,
        {
          kind: "socket",
          storeId: store.id,
          ownerId,
          userId: session.userId,
          username: session.username,
          sessionId: session.sessionId,
          until: leaseUntil(bearerToken(request), session, world.now()),
          ...(subprotocol === undefined ? {} : { subprotocol }),
        },
        { headers: { upgrade: "websocket" } },
      );
      if (response.status !== 429) return response;
      throw new RelayError("too_many_sockets", {
        detail: `At most ${readSettings(env).quotaSockets} devices at a time; close one.`,
        retryAfterSeconds: 30,
      });
    },
  );
}

/** Selects gbr.v1 where protocols are offered; never the one that carries the ticket. */
function chooseSubprotocol(request: Request): string | undefined {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    throw new RelayError("upgrade_required", { detail: "Send Upgrade: websocket." });
  }
  const offered = request.headers.get("sec-websocket-protocol");
  if (offered === null) return undefined;
  if (offered.split(",").some((name) => name.trim() === SUBPROTOCOL)) return SUBPROTOCOL;
  throw new RelayError("upgrade_required", { detail: `Offer the subprotocol ${SUBPROTOCOL}.` });
}
