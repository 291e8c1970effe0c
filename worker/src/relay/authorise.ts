import type { ServerOp } from "@gitblobs/protocol";
import { RelayError } from "../http/problem.ts";
import { asRelayError } from "../http/platform-error.ts";
import { failure } from "../sync/failure.ts";
import { amend, type Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";
import { leaseUntil } from "./lease.ts";
import { setAlarm } from "./schedule.ts";

/** Renews what a socket may do by a fresh token of the same user. */
export async function authorise(
  hub: Hub,
  connection: Connection,
  token: string,
): Promise<ServerOp> {
  try {
    const session = await hub.verifyToken(hub.env, token);
    if (session.userId !== connection.attachment.user) {
      return failure(undefined, "forbidden", "The token is another user's.");
    }
    if (session.passwordMustChange) throw new RelayError("password_change_required");
    const until = leaseUntil(token, session, hub.world.now());
    amend(connection, { session: session.sessionId, until, warned: false });
    await setAlarm(hub);
    return { op: "authed", expires_at: until };
  } catch (error) {
    return asRelayError(error).code === "database_unavailable"
      ? failure(undefined, "unavailable", "The database does not answer.", {
          retry_after_ms: 1_000,
        })
      : failure(undefined, "bad_token", "The token is not good; refresh it.");
  }
}
