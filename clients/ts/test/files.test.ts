import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileMemory, fileVault } from "../src/node/index.ts";
import { Login, type SavedLogin } from "../src/sync/index.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { relayProblem } from "./memory-relay/problem.ts";

const saved: SavedLogin = {
  ...{ refreshToken: "r", accessToken: "a", expiresAt: 1, device: "d" },
  user: { id: "usr_1", username: "ada", role: "user", password_must_change: false },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/gitblobs-files-`);
});
afterEach(() => rm(folder, { recursive: true }));

describe("a login in a file", () => {
  it("is kept whole, where only its user reads it, and forgotten", async () => {
    const vault = fileVault(`${folder}/state/login.json`);
    expect(await vault.load()).toBeNull();
    await vault.save(saved);
    expect(await fileVault(`${folder}/state/login.json`).load()).toEqual(saved);
    expect((await stat(`${folder}/state/login.json`)).mode & 0o777).toBe(0o600);
    expect(await readdir(`${folder}/state`)).toEqual(["login.json"]);
    await vault.save(null);
    expect(await vault.load()).toBeNull();
  });

  it.each(["", "{", '{"refreshToken":"r"}', "[]"])(
    "is none where the file holds %j",
    async (text) => {
      await writeFile(`${folder}/login.json`, text);
      expect(await fileVault(`${folder}/login.json`).load()).toBeNull();
    },
  );

  it("is not used up where a fresh one could not be kept", async () => {
    const relay = new MemoryRelay();
    await writeFile(`${folder}/file`, "");
    const login = new Login("http://127.0.0.1", relay.world(), fileVault(`${folder}/file/login`));
    expect(await login.accessToken()).toMatchObject({ problem: { code: "storage_blocked" } });
    expect(relay.office.next()).toBe("access-1");
  });

  it("says when it cannot be read", async () => {
    await mkdir(`${folder}/login.json`);
    await expect(fileVault(`${folder}/login.json`).load()).rejects.toThrow("EISDIR");
  });

  it("is refreshed once by eight processes that find it over", async () => {
    let refreshes = 0;
    const server = createServer((_, response) => {
      refreshes += 1;
      // Whoever comes while another refreshes would be told so, and use a token twice.
      const grant = {
        ...{ access_token: `access-${refreshes}`, refresh_token: `refresh-${refreshes}` },
        ...{ token_type: "Bearer", expires_in: 900, user: saved.user },
      };
      response.setHeader("content-type", "application/json").end(JSON.stringify(grant));
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    await fileVault(`${folder}/login.json`).save(saved);
    const main = fileURLToPath(new URL("renew-main.ts", import.meta.url));
    const args = ["--experimental-transform-types", main, `http://127.0.0.1:${port}`, folder];
    const env = { ...process.env, NODE_NO_WARNINGS: "1" };
    const run = () => promisify(execFile)(process.execPath, args, { env });
    const outputs = await Promise.all(Array.from({ length: 8 }, run));
    server.close();
    expect(new Set(outputs.map(({ stdout }) => stdout))).toEqual(new Set(["access-1\n"]));
    expect(refreshes).toBe(1);
  });
});

describe("a login that somebody else refreshes at the same moment", () => {
  it("takes the tokens of whoever was faster", async () => {
    const relay = new MemoryRelay();
    const vault = fileVault(`${folder}/login.json`);
    const login = new Login("http://127.0.0.1", relay.world(), vault);
    await login.logIn("ada", "secret", "tab");
    const theirs = { ...saved, accessToken: "theirs", expiresAt: 1e15 };
    relay.advance(60 * 60_000);
    relay.intercept = (path) => {
      if (path !== "/refresh") return undefined;
      writeFileSync(`${folder}/login.json`, JSON.stringify(theirs));
      return relayProblem(409, "refresh_raced", 1);
    };
    expect(await login.accessToken()).toEqual({ ok: true, value: "theirs" });
  });
});

describe("a cursor in a file", () => {
  it("is kept, and is none where the file holds something else", async () => {
    const memory = fileMemory(`${folder}/state/notes.json`);
    expect(await memory.load()).toBeUndefined();
    await memory.save({ store: 5, epoch: "e1", after: 7 });
    expect(await fileMemory(`${folder}/state/notes.json`).load()).toEqual({
      store: 5,
      epoch: "e1",
      after: 7,
    });
    for (const text of [
      "",
      "{",
      '{"store":5,"epoch":"e1","after":-1}',
      '{"epoch":"e1","after":1}',
    ]) {
      await writeFile(`${folder}/state/notes.json`, text);
      expect(await memory.load()).toBeUndefined();
    }
    expect(await readFile(`${folder}/state/notes.json`, "utf8")).toBe('{"epoch":"e1","after":1}');
  });
});
