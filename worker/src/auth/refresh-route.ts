import { RelayError } from "../http/problem.ts";
import { publicRoute, type Call, type Reply, type Route } from "../http/route.ts";
import { grantView, refreshBody } from "../schemas/account.ts";
import { auditPreviousStatement } from "./audit-table.ts";
import { auditEntry } from "./audit.ts";
import { isSameSecret } from "./digest.ts";
import { closeSocketsOf, endOrClose } from "./end-sessions.ts";
import { grantSession, sessionIdleMs } from "./grant.ts";
import {
  digestsOf,
  mintRefreshToken,
  openSuccessor,
  parseRefreshToken,
  sealSuccessor,
  type RefreshToken,
} from "./refresh-token.ts";
import type { RelayDoor } from "./relay-door.ts";
import { liveSession } from "./session-guard.ts";
import {
  findSessionByFamily,
  revokeSession,
  rotateToken,
  type SessionRow,
} from "./session-table.ts";

/** A client whose reply was lost may ask again with the same token for so long. */
const graceMs = 30_000;
/** Before that time the other request with the same token is not lost but running: of many at once, one gets through. */
const raceMs = 1000;

/** `POST /refresh`: a new access token and the next refresh token. */
export function refreshRoute(door: RelayDoor): Route {
  return publicRoute(
    {
      method: "POST",
      path: "/refresh",
      summary: "Exchange the refresh token for new tokens",
      input: { body: refreshBody },
      success: {
        status: 200,
        description: "New tokens; the old refresh token is used up",
        schema: grantView,
      },
      problems: ["invalid_refresh_token", "refresh_reused", "refresh_raced", "session_ended"],
    },
    (call) => refresh(call, call.body.refresh_token, door),
  );
}

async function refresh(call: Call, text: string, door: RelayDoor): Promise<Reply> {
  const { env, world } = call;
  const token = parseRefreshToken(text);
  const digests = token === undefined ? undefined : await digestsOf(token);
  const row = digests === undefined ? null : await findSessionByFamily(env.DB, digests.family);
  if (token === undefined || digests === undefined || row === null) {
    throw new RelayError("invalid_refresh_token", { detail: "Log in again (POST /login)." });
  }
  const session = liveSession(row, world.now());
  call.note({ actor: `user:${session.userId}`, sid8: session.sessionId.slice(4, 12) });
  const successor = (await isSameSecret(digests.secret, row.token_hash))
    ? await rotate(call, row, token, digests.secret)
    : await repeatLostReply(call, row, token, digests.secret, door);
  const user = { ...row, id: row.user_id, created_at: row.user_created_at };
  return { status: 200, body: await grantSession(env, world, row.id, user, successor) };
}

async function rotate(
  call: Call,
  row: SessionRow,
  token: RefreshToken,
  presentHash: string,
): Promise<RefreshToken> {
  const { env, world } = call;
  const successor = mintRefreshToken(world, token.family);
  const now = world.now();
  const { meta } = await rotateToken(env.DB, {
    id: row.id,
    presentHash,
    successorHash: (await digestsOf(successor)).secret,
    sealedSuccessor: await sealSuccessor(world, token, successor),
    now,
    idleExpiresAt: now + sessionIdleMs,
    ipPrefix: call.network.prefix,
  }).run();
  if (meta.changes !== 1) {
    throw raced();
  }
  return successor;
}

/** The token was used before: the same successor again if the reply may have been lost, else somebody has a copy. */
async function repeatLostReply(
  call: Call,
  row: SessionRow,
  token: RefreshToken,
  presentHash: string,
  door: RelayDoor,
): Promise<RefreshToken> {
  const { world } = call;
  const age = world.now() - (row.rotated_at ?? -Infinity);
  const isPrevious = await isSameSecret(presentHash, row.previous_token_hash ?? "");
  if (isPrevious && age < raceMs) {
    throw raced();
  }
  if (isPrevious && age < graceMs && row.sealed_successor !== null) {
    const successor = await openSuccessor(world, token, row.sealed_successor);
    if (successor !== undefined) {
      call.note({ refresh_repeated: true });
      return successor;
    }
  }
  await endCopiedSession(call, row, door);
  throw new RelayError("refresh_reused", { detail: "Log in again (POST /login)." });
}

async function endCopiedSession(call: Call, row: SessionRow, door: RelayDoor): Promise<void> {
  const { env, world } = call;
  const owner = { userId: row.user_id, sessionId: row.id };
  await endOrClose(call, door, owner, () =>
    env.DB.batch([
      revokeSession(env.DB, row.user_id, row.id, world.now()),
      auditPreviousStatement(env.DB, auditEntry(call, "session.refresh_reused", row.id)),
    ]),
  );
  await closeSocketsOf(call, door, [{ ...owner, code: 4401 }]);
}

function raced(): RelayError {
  return new RelayError("refresh_raced", {
    detail: "Use the tokens of the other answer, or ask again if none came.",
    retryAfterSeconds: 1,
  });
}
