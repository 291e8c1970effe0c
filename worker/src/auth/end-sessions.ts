import type { Call } from "../http/route.ts";
import type { RelayDoor, SocketOwner } from "./relay-door.ts";

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

/** The ids that a revoking statement gave back, as owners of sockets. */
export function ownersOf(
  userId: string,
  revoked: D1Result<{ id: string }> | undefined,
): readonly SocketOwner[] {
  return (revoked?.results ?? []).map(({ id }) => ({ userId, sessionId: id, code: 4401 }));
}
