import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import lockfile from "proper-lockfile";
import { readSavedLogin, type SavedLogin, type Vault } from "../sync/login.ts";
import { readText, writePrivately } from "./private-file.ts";

/** A process that has died while it refreshed is waited for so long; one that lives renews its lock meanwhile. */
const STALE_MS = 15_000;
/** Whoever refreshes is done within this time, or hangs. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 50;

/**
 * Keeps a login in a file that only this user reads, for programs in Node and Bun. Processes that share the file refresh one
 * at a time. A file that is no login of this version counts as none; one that cannot be read or written is an error.
 *
 * @example
 * ```ts
 * const login = new Login("https://relay.example.com", realSurroundings, fileVault("state/login.json"));
 * if ((await login.saved()) === null) await login.logIn("ada", password, "my-program");
 * ```
 */
export function fileVault(path: string): Vault {
  const file = resolve(path);
  return {
    load: async () => readSavedLogin((await readText(file)) ?? ""),
    save: (login: SavedLogin | null) => writePrivately(file, JSON.stringify(login)),
    exclusively: async (work) => {
      await mkdir(dirname(file), { recursive: true });
      const release = await lockfile.lock(file, {
        // The login itself may not be there yet.
        realpath: false,
        stale: STALE_MS,
        retries: {
          ...{ retries: PATIENCE_MS / PAUSE_MS, factor: 1 },
          ...{ minTimeout: PAUSE_MS, maxTimeout: PAUSE_MS, randomize: true },
        },
      });
      try {
        return await work();
      } finally {
        await release();
      }
    },
  };
}
