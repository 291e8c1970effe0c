import type { ClientOp } from "@gitblobs/protocol";
import { failure } from "../sync/failure.ts";
import type { ExchangeAdmission } from "./admission.ts";
import { isUnavailable } from "./commit.ts";
import { goesOn, look } from "./hello.ts";
import type { Hub } from "./hub.ts";
import { isSyncOp } from "./intake.ts";
import { perform } from "./operations.ts";
import type { RequestPeer } from "./peers.ts";

/**
 * Answers the operations of one request over HTTP, which may begin with a hello as a socket does: then it is told first
 * where the store stands and what it missed. Where the place it named is of no use, nothing else is answered.
 */
export async function answerRequest(
  hub: Hub,
  admission: ExchangeAdmission,
  { peer, end }: RequestPeer,
  ops: readonly ClientOp[],
): Promise<void> {
  const [first] = ops;
  if (first?.op === "hello") {
    const { userId: user, username, sessionId: session, until } = admission;
    const caller = { user, username, session, until };
    const answer = await look(hub, caller, first).catch((error: unknown) =>
      isUnavailable(error)
        ? failure(undefined, "unavailable", "The database does not answer; send the same again.")
        : failure(undefined, "internal", "The relay could not do this; send the same again later."),
    );
    peer.reply(answer ?? failure(undefined, "internal", "The store is not there any more."));
    if (answer?.op !== "welcome" || (first.after !== undefined && !goesOn(answer))) {
      end();
      return;
    }
  }
  perform(hub, peer, ops.filter(isSyncOp));
}
