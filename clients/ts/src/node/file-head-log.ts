import { resolve } from "node:path";
import { readSteps, type HeadLog } from "../history/head-log.ts";
import { parsed, readText, writePrivately } from "./private-file.ts";

/**
 * Keeps the steps of a local copy in a file beside it, for programs in Node and Bun. A file that holds none counts as none.
 *
 * @example
 * ```ts
 * const log = fileHeadLog("state/notes.steps.json");
 * ```
 */
export function fileHeadLog(path: string): HeadLog {
  const file = resolve(path);
  return {
    load: async () => readSteps(parsed(await readText(file))),
    save: (steps) => writePrivately(file, JSON.stringify(steps)),
  };
}
