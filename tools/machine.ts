import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** The system's Chromium: the one that CHROMIUM names, else the first on PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether journeys have to be left out because the machine lacks something, which is then said.
 *
 * @throws Error where CI is set: there a journey that does not run is a failure
 */
export function isAbsent(what: string, isThere: boolean): boolean {
  if (isThere) return false;
  const isCi = !["", "false", "0", undefined].includes(process.env["CI"]);
  if (isCi) throw new Error(`absent: ${what}; with CI set all journeys must run`);
  console.warn(`absent: ${what}; the journeys that need it do not run`);
  return true;
}
