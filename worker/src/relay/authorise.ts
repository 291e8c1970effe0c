import type { ServerOp } from "@gitblobs/protocol";
import { RelayError } from "../http/problem.ts";
import { asRelayError } from "../http/platform-error.ts";
import { failure } from "../sync/failure.ts";
import { amend, type Connection } from "./connection.ts";
import { chargedTo, userAccount, type Hub } from "./hub.ts";
import { leaseUntil } from "./lease.ts";
import { setAlarm } from "./schedule.ts";

/** Renews what a socket may do by a fresh token of the same user. The one it has changes nothing, and is not looked up. */
export async function authorise(
  hub: Hub,
  connection: Connection,
  token: string,
): Promise<ServerOp> {
  const { session: known, until: before } = connection.attachment;
  if (token === connection.token) return { op: "authed", expires_at: before };
  try {
    const env = { ...hub.env, DB: chargedTo(hub, userAccount(hub, connection.attachment.user)) };
    const session = await hub.verifyToken(env, token);
    if (session.userId !== connection.attachment.user) {
      return failure(undefined, "forbidden", "The token is another user's.");
    }
    if (session.passwordMustChange) throw new RelayError("password_change_required");
    const until = leaseUntil(token, session, hub.world.now());
    connection.token = token;
    if (session.sessionId !== known || until !== before) {
      amend(connection, { session: session.sessionId, until, warned: false });
      await setAlarm(hub);
    }
    return { op: "authed", expires_at: until };
  } catch (error) {
    return asRelayError(error).code === "database_unavailable"
      ? failure(undefined, "unavailable", "The database does not answer.", {
          retry_after_ms: 1_000,
        })
      : failure(undefined, "bad_token", "The token is not good; refresh it.");
  }
}
