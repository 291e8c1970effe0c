import type { World } from "../world.ts";
import type { LogFields } from "./route.ts";

/** One JSON object per line. What callers sent is escaped by JSON, so it cannot forge a line or a terminal command. */
export function logLine(world: World, fields: LogFields): void {
  const line = JSON.stringify({ ts: new Date(world.now()).toISOString(), ...fields });
  world.log(line.replace(/[\u007f-\u009f\u2028\u2029]/gu, escapeCharacter));
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
