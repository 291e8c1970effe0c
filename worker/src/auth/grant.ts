import type * as v from "valibot";
import { toBase64Url } from "../encoding.ts";
import type { Env } from "../env.ts";
import type { grantView, userView } from "../schemas/account.ts";
import type { World } from "../world.ts";
import { accessTokenSeconds, signAccessToken } from "./access-token.ts";
import { formatRefreshToken, type RefreshToken } from "./refresh-token.ts";
import type { UserRow } from "./user-table.ts";

const day = 24 * 60 * 60 * 1000;

/** A session ends this long after its login, whatever happens. */
export const sessionLifeMs = 30 * day;
/** A session ends when its device was not heard of for so long. */
export const sessionIdleMs = 7 * day;
/** Live sessions of a user; the oldest ends when one more begins. */
export const maxSessionsPerUser = 32;

/** A user as the API shows it. */
export function viewOfUser(
  user: Omit<UserRow, "password_hash" | "session_version">,
): v.InferOutput<typeof userView> {
  return {
    id: user.id,
    username: user.username,
    role: user.role,
    disabled: user.disabled_at !== null,
    password_must_change: user.password_expires_at !== null,
    created_at: user.created_at,
  };
}

/** A new id: 128 random bits behind what it is an id of. */
export function newId(world: World, kind: "usr" | "ses"): string {
  return `${kind}_${toBase64Url(world.random(16))}`;
}

/** Answer of a login or refresh. */
export type Grant = v.InferOutput<typeof grantView>;

/** What a login or refresh gives: a fresh access token and the refresh token for the next one. */
export async function grantSession(
  env: Env,
  world: World,
  sessionId: string,
  user: Omit<UserRow, "password_hash">,
  refreshToken: RefreshToken,
): Promise<Grant> {
  const accessToken = await signAccessToken(env, world, {
    id: sessionId,
    userId: user.id,
    sessionVersion: user.session_version,
    role: user.role,
  });
  return {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: accessTokenSeconds,
    refresh_token: formatRefreshToken(refreshToken),
    user: viewOfUser(user),
  };
}
