import { RelayError } from "../http/problem.ts";
import { publicRoute, type Call, type Reply, type Route } from "../http/route.ts";
import { grantView, loginBody } from "../schemas/account.ts";
import { closeSocketsOf, endOrClose, ownersOf } from "./end-sessions.ts";
import {
  type Grant,
  grantSession,
  maxSessionsPerUser,
  newId,
  sessionIdleMs,
  sessionLifeMs,
} from "./grant.ts";
import type { HashGate, RunHash } from "./hash-gate.ts";
import { beginAttempt, type Attempt } from "./login-throttle.ts";
import { hashOfNobody, hashPassword, verifyPassword } from "./password-hash.ts";
import { digestsOf, mintRefreshToken } from "./refresh-token.ts";
import type { RelayDoor } from "./relay-door.ts";
import {
  insertSession,
  revokeDeviceSession,
  revokeOldestSessions,
  type NewSession,
} from "./session-table.ts";
import { findUserByName, updatePasswordHash, type UserRow } from "./user-table.ts";

/** `POST /login`: the only way to a session. */
export function loginRoute(gate: HashGate, door: RelayDoor): Route {
  return publicRoute(
    {
      method: "POST",
      path: "/login",
      summary: "Log a device in",
      input: { body: loginBody },
      success: { status: 200, description: "Logged in", schema: grantView },
      problems: [
        "invalid_credentials",
        "account_disabled",
        "password_expired",
        "login_throttled",
        "busy",
      ],
    },
    (call) => gate.admit(call, (runHash) => logIn(call, call.body, runHash, door)),
  );
}

interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly device: string;
}

async function logIn(
  call: Call,
  given: Credentials,
  runHash: RunHash,
  door: RelayDoor,
): Promise<Reply> {
  const { env, world } = call;
  const attempt = await beginAttempt(env.DB, given.username, call.network, world.now());
  const user = await checkPassword(call, given, runHash);
  call.note({ actor: `user:${user.id}` });
  if (user.disabled_at !== null) {
    throw new RelayError("account_disabled", { detail: "Ask an admin to enable the account." });
  }
  if (user.password_expires_at !== null && user.password_expires_at <= world.now()) {
    throw new RelayError("password_expired", {
      detail: "Ask an admin for a new one-time password.",
    });
  }
  const grant = await startSession(call, given.device, user, attempt, door);
  return { status: 200, body: grant };
}

/** The user, if the password is right; unknown users and wrong passwords look and cost the same. */
async function checkPassword(call: Call, given: Credentials, runHash: RunHash): Promise<UserRow> {
  const { env, world } = call;
  const pepper = env.PASSWORD_PEPPER;
  const user = await findUserByName(env.DB, given.username);
  const stored = user?.password_hash ?? hashOfNobody;
  const verdict = await runHash(() => verifyPassword(given.password, stored, pepper));
  if (user === null || !verdict.matches) {
    if (user !== null && verdict.foreignPepper) {
      call.note({ password_pepper: "unknown" });
    }
    call.note({ account: user?.id });
    throw new RelayError("invalid_credentials");
  }
  if (!verdict.outdated) {
    return user;
  }
  const renewed = await runHash(() => hashPassword(given.password, pepper, world));
  const { meta } = await updatePasswordHash(env.DB, user, renewed, user.password_expires_at).run();
  // Another login may have renewed it first, or the password was changed: what is there now decides.
  return meta.changes === 1
    ? { ...user, password_hash: renewed }
    : checkPassword(call, given, runHash);
}

/** Makes the tokens first: a session is only begun, and the device's old one ended, if they can be handed out. */
async function startSession(
  call: Call,
  device: string,
  user: UserRow,
  attempt: Attempt,
  door: RelayDoor,
): Promise<Grant> {
  const { env, world, network } = call;
  const now = world.now();
  const token = mintRefreshToken(world);
  const digests = await digestsOf(token);
  const session: NewSession = {
    id: newId(world, "ses"),
    userId: user.id,
    device,
    familyHash: digests.family,
    tokenHash: digests.secret,
    now,
    idleExpiresAt: now + sessionIdleMs,
    expiresAt: now + sessionLifeMs,
    ipPrefix: network.prefix,
  };
  const grant = await grantSession(env, world, session.id, user, token);
  const [inserted, replaced, surplus] = await endOrClose(call, door, { userId: user.id }, () =>
    env.DB.batch<{ id: string }>([
      insertSession(env.DB, session, user.password_hash),
      revokeDeviceSession(env.DB, session),
      revokeOldestSessions(env.DB, user.id, maxSessionsPerUser, now),
      ...attempt.forgive,
    ]),
  );
  if (inserted?.meta.changes !== 1) {
    // The account was disabled or its password changed while the hash was being computed.
    throw new RelayError("invalid_credentials");
  }
  await closeSocketsOf(call, door, [...ownersOf(user.id, replaced), ...ownersOf(user.id, surplus)]);
  const sid8 = session.id.slice(4, 12);
  call.note({ event: "login_succeeded", sid8 });
  return grant;
}
