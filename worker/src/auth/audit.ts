import { actorOf } from "../http/caller.ts";
import type { Call } from "../http/route.ts";
import type { AuditEntry } from "./audit-table.ts";

/** The audit entry of what a request does. */
export function auditEntry(
  call: Call,
  action: string,
  target?: string,
  detail?: AuditEntry["detail"],
): AuditEntry {
  return {
    at: call.world.now(),
    actor: actorOf(call.caller),
    action,
    ...(target === undefined ? {} : { target }),
    ...(detail === undefined ? {} : { detail }),
    requestId: call.requestId,
    ipPrefix: call.network.prefix,
  };
}
