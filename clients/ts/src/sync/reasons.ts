import { CLOSE } from "@gitblobs/protocol";
import type { Problem } from "./problem.ts";
import type { Phase } from "./status.ts";

/** The code of a {@link Problem}: the place where the login is kept cannot be used. */
export const STORAGE_BLOCKED = "storage_blocked";

/** The code of a phase: there is no store of that name. */
export const NO_STORE = "no_store";
/** The code of a phase: the store this copy belonged to was removed. */
export const STORE_REMOVED = "store_removed";

/** What a socket was refused for when the relay answers all else: a browser is told no reason. */
export const SOCKET_REFUSED: Problem = {
  status: 0,
  code: "socket_refused",
  then: "wait",
  message:
    "The relay answers but takes no connection from here: too many devices are connected, or something in between blocks WebSockets.",
};

/** Why there is no use in connecting again after this refusal; undefined when it may pass. */
export function stopsFor(problem: Problem): Phase | undefined {
  const { code, message, then } = problem;
  // To renew has been tried before this is asked, and to do at once what is newer means to connect again.
  return then === "wait" || then === "now" ? undefined : { kind: "stopped", code, message };
}

/** What the user is told when something broke that is neither the relay nor the network. */
export function faultOf(error: unknown): Phase {
  if (error instanceof DOMException && error.name === "QuotaExceededError")
    return {
      kind: "stopped",
      code: "storage_full",
      message: "This device has no space left for the store. Free some space and try again.",
    };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "stopped", code: "fault", message: `Synchronising failed: ${message}` };
}

/** Why the relay does not want this device back. */
export function whyClosed(code: number): string {
  switch (code) {
    case CLOSE.reauth:
      return "The relay no longer accepts this login. Log in again.";
    case CLOSE.disabled:
      return "The account was disabled.";
    case CLOSE.removed:
      return "The store was removed from the relay. What is here is kept.";
    case CLOSE.version:
      return "The relay runs another version. Reload to get the version that fits.";
    case CLOSE.replaced:
      return "This copy is open in another window.";
    case CLOSE.quota:
      return "Too many devices are connected. Close one and try again.";
    case CLOSE.flood:
      return "This device sent too much too fast and was cut off.";
    default:
      return `The relay ended the connection (${code}).`;
  }
}
