import type { Env } from "../env.ts";
import type { Caller } from "./caller.ts";
import type { Network } from "./network.ts";
import { RelayError } from "./problem.ts";

/**
 * Counts the request: a logged-in device by its session, everybody else by network. Coarse by design (the platform
 * counts per location); what must be exact is counted in D1.
 *
 * @throws RelayError `too_many_requests`
 */
export async function countRequest(env: Env, caller: Caller, network: Network): Promise<void> {
  const { success } =
    caller.kind === "session"
      ? await env.SESSION_LIMIT.limit({ key: caller.session.sessionId })
      : await env.IP_LIMIT.limit({ key: network.limitKey });
  if (!success) {
    throw new RelayError("too_many_requests");
  }
}

/**
 * Counts the request for a file of the page by network, in the wide limit. One browser asks for all of them at once, and
 * one that is refused is a page that stays empty: a few people behind one address have to fit.
 *
 * @throws RelayError `too_many_requests`
 */
export async function countFile(env: Env, network: Network): Promise<void> {
  const { success } = await env.SESSION_LIMIT.limit({ key: `files ${network.limitKey}` });
  if (!success) {
    throw new RelayError("too_many_requests");
  }
}
