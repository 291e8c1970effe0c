// Attacks a relay with schemathesis, generated from its own /openapi.json: no 5xx, no answer that is not described,
// nothing accepted that the schemas forbid. Without arguments it starts the built bundle (`npm run build -w worker`);
// with a URL it attacks that relay, with ADMIN_TOKEN from the environment (never attack one that people use).
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startRelay } from "../bench/start-relay.mjs";

const version = "4.32.5";
const config = fileURLToPath(new URL("schemathesis.toml", import.meta.url));

/** Holds schemathesis and what it remembers of failures: never the checkout. */
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
const folder = join(cache, "gitblobs-relay", `schemathesis-${version}`);

/** Path of schemathesis in a virtual environment of its own, made once per version in the user's cache. */
function install() {
  const program = join(folder, "bin", "schemathesis");
  if (!existsSync(program)) {
    console.log(`schemathesis: installing ${version} into ${folder} (once)`);
    execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
    const pip = ["-m", "pip", "install", "--quiet", `schemathesis==${version}`];
    execFileSync(join(folder, "bin", "python"), pip, { stdio: "inherit" });
  }
  return program;
}

/** One JSON request; fails on anything but success. */
async function ask(url, method, path, token, body) {
  const response = await fetch(url + path, {
    method,
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  }
  return response.status === 204 ? undefined : response.json();
}

/** Access token of a new user who has changed the one-time password. */
async function makeUser(url, adminToken) {
  const username = `schemathesis-${randomBytes(4).toString("hex")}`;
  const added = await ask(url, "POST", "/admin/users", adminToken, { username });
  const password = added.one_time_password;
  const login = { username, password, device: "schemathesis" };
  const { access_token: token } = await ask(url, "POST", "/login", undefined, login);
  const renewed = randomBytes(18).toString("base64url");
  await ask(url, "PUT", "/password", token, { current_password: password, new_password: renewed });
  return token;
}

async function attack(program, url, token, caller, more) {
  console.log(`schemathesis: as ${caller}`);
  const args = ["--config-file", config, "run", `${url}/openapi.json`, ...more];
  const env = { ...process.env, RELAY_TOKEN: token };
  // Not spawnSync: this process also carries the relay's log.
  const [status] = await once(spawn(program, args, { cwd: folder, env, stdio: "inherit" }), "exit");
  return status === 0;
}

const program = install();
const given = process.argv[2];
const relay =
  given === undefined
    ? await startRelay()
    : {
        url: given,
        secrets: { ADMIN_TOKEN: process.env.ADMIN_TOKEN ?? "" },
        stop: () => undefined,
      };
try {
  const { url, secrets } = relay;
  const admin = secrets.ADMIN_TOKEN;
  const user = await makeUser(url, admin);
  const examples = ["--max-examples", process.env.SCHEMATHESIS_EXAMPLES ?? "20"];
  // Logging out would end the user's part early, so it has its own; that admins' routes refuse users is tested elsewhere.
  const asUser = await attack(program, url, user, "a user", [
    ...examples,
    "--exclude-path-regex",
    "^/(logout|admin|metrics)",
  ]);
  const leaving = await attack(program, url, await makeUser(url, admin), "a user who logs out", [
    ...examples,
    "--include-path-regex",
    "^/logout$",
  ]);
  const asAdmin = await attack(program, url, admin, "the operator", [
    ...examples,
    "--include-path-regex",
    "^/(admin|metrics)",
  ]);
  process.exitCode = asUser && leaving && asAdmin ? 0 : 1;
} finally {
  await relay.stop();
}
