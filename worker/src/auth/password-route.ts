import { RelayError } from "../http/problem.ts";
import { sessionRoute, type Call, type Reply, type Route } from "../http/route.ts";
import type { Session } from "../http/caller.ts";
import { passwordBody } from "../schemas/account.ts";
import { auditPreviousStatement } from "./audit-table.ts";
import { auditEntry } from "./audit.ts";
import { closeSocketsOf, endOrClose, ownersOf } from "./end-sessions.ts";
import type { HashGate, RunHash } from "./hash-gate.ts";
import { beginAttempt } from "./login-throttle.ts";
import { hashPassword, verifyPassword } from "./password-hash.ts";
import { checkNewPassword } from "./password-policy.ts";
import type { RelayDoor } from "./relay-door.ts";
import { revokeSessionsOncePasswordIs } from "./session-table.ts";
import { findUser, updatePasswordHash } from "./user-table.ts";

/** `PUT /password`: the user's own, with the present one; ends the user's other sessions. */
export function passwordRoute(gate: HashGate, door: RelayDoor): Route {
  return sessionRoute(
    {
      method: "PUT",
      path: "/password",
      summary: "Change the own password; ends the other sessions",
      whilePasswordMustChange: true,
      input: { body: passwordBody },
      success: { status: 204, description: "Changed" },
      problems: ["wrong_password", "weak_password", "login_throttled", "busy"],
    },
    (call) =>
      gate.admit(call, (runHash) => changePassword(call, call.session, call.body, runHash, door)),
  );
}

async function changePassword(
  call: Call,
  session: Session,
  given: { readonly current_password: string; readonly new_password: string },
  runHash: RunHash,
  door: RelayDoor,
): Promise<Reply> {
  const { env, world } = call;
  const pepper = env.PASSWORD_PEPPER;
  checkNewPassword(given.new_password, session.username);
  if (given.new_password === given.current_password) {
    throw new RelayError("weak_password", { detail: "The new password is the old one." });
  }
  const attempt = await beginAttempt(env.DB, session.username, call.network, world.now());
  const user = await findUser(env.DB, session.userId);
  if (user === null) {
    throw new RelayError("session_ended");
  }
  const stored = user.password_hash;
  const verdict = await runHash(() => verifyPassword(given.current_password, stored, pepper));
  if (!verdict.matches) {
    throw new RelayError("wrong_password");
  }
  const renewed = await runHash(() => hashPassword(given.new_password, pepper, world));
  const [changed, , revoked] = await endOrClose(call, door, { userId: user.id }, () =>
    env.DB.batch<{ id: string }>([
      updatePasswordHash(env.DB, user, renewed, null),
      auditPreviousStatement(env.DB, auditEntry(call, "user.password_changed", user.id)),
      revokeSessionsOncePasswordIs(env.DB, user.id, session.sessionId, renewed, world.now()),
      ...attempt.forgive,
    ]),
  );
  if (changed?.meta.changes !== 1) {
    throw new RelayError("wrong_password", { detail: "The password was changed meanwhile." });
  }
  await closeSocketsOf(call, door, ownersOf(user.id, revoked));
  return { status: 204 };
}
