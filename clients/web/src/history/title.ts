import { shortHash } from "../ui/format.ts";

/** What a message says in its first line; merges are named by what they merged, shortly. */
export function titleOf(message: string): string {
  const merge = /^Merge ([0-9a-f]{64}) into ([0-9a-f]{64})$/u.exec(message);
  if (merge?.[1] !== undefined && merge[2] !== undefined)
    return `Merge ${shortHash(merge[1])} into ${shortHash(merge[2])}`;
  const [line = ""] = message.split("\n");
  return line === "" ? "(no message)" : line;
}

/** What a message says behind its first line; empty where that is all. */
export const bodyOf = (message: string): string => message.split("\n").slice(1).join("\n").trim();
