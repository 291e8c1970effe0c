import { asRelayError } from "../http/platform-error.ts";
import type { Call } from "../http/route.ts";
import type { RelayDoor } from "./relay-door.ts";
import type { SocketOwner } from "./socket-owner.ts";

/**
 * Closes sockets after their session was ended in the database. A hub that cannot be reached does not undo that: its
 * sockets close by themselves when the hub next checks their sessions, and the log says so.
 */
export async function closeSocketsOf(
  call: Call,
  door: RelayDoor,
  owners: readonly SocketOwner[],
): Promise<void> {
  const results = await Promise.allSettled(
    owners.map((owner) => door.closeSockets(call.env, owner)),
  );
  const failed = results.filter((result) => result.status === "rejected").length;
  if (failed > 0) {
    call.note({ sockets_not_closed: failed });
  }
}

/** The same for every socket of everybody. */
export async function closeEverySocket(call: Call, door: RelayDoor): Promise<void> {
  try {
    const failed = await door.closeEverySocket(call.env, call.world.now());
    if (failed > 0) {
      call.note({ sockets_not_closed: failed });
    }
  } catch (error) {
    call.note({ sockets_not_closed: true, sockets_error: asRelayError(error).code });
  }
}

/**
 * Runs what ends sessions in the database. If its answer is lost it may have taken effect all the same, so the sockets it
 * may have orphaned are closed before the error goes on: a session that lives reconnects, one that ended cannot.
 */
export async function endOrClose<T>(
  call: Call,
  door: RelayDoor,
  owner: Omit<SocketOwner, "code">,
  end: () => Promise<T>,
): Promise<T> {
  try {
    return await end();
  } catch (error) {
    if (asRelayError(error).code === "database_unavailable") {
      await closeSocketsOf(call, door, [{ ...owner, code: 4401 }]);
    }
    throw error;
  }
}

/** The ids that a revoking statement gave back, as owners of sockets. */
export function ownersOf(
  userId: string,
  revoked: D1Result<{ id: string }> | undefined,
): readonly SocketOwner[] {
  return (revoked?.results ?? []).map(({ id }) => ({ userId, sessionId: id, code: 4401 }));
}
