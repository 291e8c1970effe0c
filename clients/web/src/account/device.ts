import { keep, readKept } from "../ui/kept.ts";

const DEVICE_KEY = "gitblobs/device";

/**
 * The name of this browser on this machine: chosen once, kept for as long as its local copies live. The end of it is
 * random, so that two browsers of one kind do not take each other's place.
 */
export function deviceName(): string {
  const kept = readKept(DEVICE_KEY);
  if (kept !== null) return kept;
  const suffix = crypto.randomUUID().slice(0, 4);
  const name = `${browserName(navigator.userAgent)} (${suffix})`;
  keep(DEVICE_KEY, name);
  return name;
}

function browserName(agent: string): string {
  const browser =
    [
      ["Edg/", "Edge"],
      ["Firefox/", "Firefox"],
      ["Chrome/", "Chrome"],
      ["Safari/", "Safari"],
    ].find(([mark = ""]) => agent.includes(mark))?.[1] ?? "Browser";
  const system =
    [
      ["Android", "Android"],
      ["iPhone", "iPhone"],
      ["iPad", "iPad"],
      ["Windows", "Windows"],
      ["Mac OS", "macOS"],
      ["Linux", "Linux"],
    ].find(([mark = ""]) => agent.includes(mark))?.[1] ?? "unknown";
  return `${browser} on ${system}`;
}
