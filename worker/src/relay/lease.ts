import { fromBase64Url } from "../encoding.ts";
import { accessTokenSeconds } from "../auth/access-token.ts";
import type { Session } from "../http/caller.ts";
import { parseJson } from "@gitblobs/protocol";

/**
 * Until when a socket is authorised: as long as its access token, whose signature was checked before; for a one-time
 * ticket as long as a token made now; never longer than the session.
 */
export function leaseUntil(token: string | undefined, session: Session, now: number): number {
  const expiry = token === undefined ? undefined : expiryOf(token);
  return Math.min(expiry ?? now + accessTokenSeconds * 1_000, session.expiresAt);
}

function expiryOf(token: string): number | undefined {
  const payload = parseJson(new TextDecoder().decode(fromBase64Url(token.split(".")[1] ?? "")));
  const claims = payload?.value;
  if (typeof claims !== "object" || claims === null || !("exp" in claims)) return undefined;
  return typeof claims.exp === "number" ? claims.exp * 1_000 : undefined;
}
