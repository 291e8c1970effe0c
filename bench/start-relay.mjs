// Runs the built bundle (`npm run build -w worker`) in workerd on a loopback port, from the real bindings and
// migrations, with secrets of its own: for benchmarks, fault tests and tools that need a relay.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readD1Migrations } from "@cloudflare/vitest-plugin";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bindings = JSON.parse(readFileSync(here("../worker/bindings.json"), "utf8"));
const plain = {
  ENVIRONMENT: "bench",
  ALLOWED_ORIGINS: "",
  TTL_DEFAULT_SECONDS: "604800",
  TTL_MAX_SECONDS: "2592000",
  QUOTA_BYTES: "10737418240",
  QUOTA_OBJECTS: "10000000",
  QUOTA_STORES: "100",
  QUOTA_SOCKETS: "1000",
};

/** Rates no client of one machine reaches. */
export const noFloodLimits = {
  FLOOD_FRAMES_PER_SECOND: "1000000",
  FLOOD_BYTES_PER_SECOND: "10000000000",
  FLOOD_STATEMENTS_PER_SECOND: "1000000",
  FLOOD_ROWS_PER_SECOND: "10000000000",
  FLOOD_ANSWERED_BYTES_PER_SECOND: "10000000000",
};

/** Beside a relay: a Durable Object that echoes each frame to its other sockets, with no login and no store. */
export const echoWorker = {
  name: "echo",
  modules: true,
  script: `
import { DurableObject } from "cloudflare:workers";
export class Echo extends DurableObject {
  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(from, frame) {
    for (const socket of this.ctx.getWebSockets()) if (socket !== from) socket.send(frame);
  }
}
export default { fetch: (request, env) => env.ECHO.get(env.ECHO.idFromName("x")).fetch(request) };`,
  compatibilityDate: bindings.compatibility_date,
  compatibilityFlags: ["no_web_socket_compression"],
  durableObjects: { ECHO: { className: "Echo", useSQLite: true } },
  routes: ["echo.test/*"],
  unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
};

const newSecrets = () =>
  Object.fromEntries(
    bindings.secrets
      .filter((name) => name !== "JWT_SECRET_PREVIOUS")
      .map((name) => [name, randomBytes(32).toString("base64url")]),
  );

/**
 * Starts a relay. `requestLimit` takes the place of the coarse limits per network and session, which a benchmark from
 * one machine would only measure; `onLog` gets each line of its log. With `folder` and `secrets` it goes on where one
 * before it stopped. `overrides` replace plain bindings, `workers` run beside it. Returns its url, secrets, database
 * and Miniflare, and `stop()`.
 */
export async function startRelay({
  requestLimit = 1_000_000,
  onLog = () => undefined,
  folder,
  secrets = newSecrets(),
  overrides = {},
  workers = [],
} = {}) {
  const relay = {
    name: "relay",
    modules: true,
    // Else the module is named from the folder the caller runs in, and workerd refuses names outside it.
    modulesRoot: here("../worker/dist"),
    scriptPath: here(`../worker/dist/${bindings.main_module}`),
    compatibilityDate: bindings.compatibility_date,
    compatibilityFlags: bindings.compatibility_flags,
    d1Databases: { [bindings.d1]: "relay" },
    durableObjects: Object.fromEntries(
      bindings.durable_objects.map(({ binding, class_name }) => [
        binding,
        { className: class_name, useSQLite: true },
      ]),
    ),
    versionMetadata: bindings.version_metadata,
    ratelimits: Object.fromEntries(
      bindings.rate_limits.map(({ binding, period_seconds }) => [
        binding,
        { namespace_id: binding, simple: { limit: requestLimit, period: period_seconds } },
      ]),
    ),
    bindings: { ...plain, ...secrets, ...overrides },
    // Miniflare's own door compresses sockets and answers, whatever the Worker's flags say.
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      handleStructuredLogs: ({ message }) => onLog(message),
      ...(folder === undefined ? {} : { resourcePersistencePath: folder }),
      workers: [relay, ...workers],
    }),
  );
  await miniflare.ready;
  const url = (await miniflare.unsafeGetDirectURL("relay")).origin;
  const database = await miniflare.getD1Database(bindings.d1, "relay");
  await migrate(database);
  return { miniflare, url, secrets, database, stop: () => miniflare.dispose() };
}

async function migrate(database) {
  await database
    .prepare(
      "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY, name TEXT UNIQUE, applied_at TEXT DEFAULT CURRENT_TIMESTAMP)",
    )
    .run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map(({ name }) => name));
  for (const { name, queries } of await readD1Migrations(here("../migrations"))) {
    if (applied.has(name)) continue;
    await database.batch([
      ...queries.map((query) => database.prepare(query)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?1)").bind(name),
    ]);
  }
}

/** The workerd processes that a process started. */
export function runtimesOf(parent) {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss=,comm="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
    .filter(([, of, , name]) => Number(of) === parent && name.startsWith("workerd"))
    .map(([pid, , kib]) => ({ pid: Number(pid), bytes: Number(kib) * 1_024 }));
}

/**
 * Repeats a load for as long as it makes workerd larger by more than so many bytes, and `mayGoOn` allows: workerd lets
 * its heaps grow by hundreds of MB before it collects what requests leave behind, and that is nothing they keep.
 */
export async function fillHeaps(load, bytes, mayGoOn) {
  let grown = Infinity;
  for (let times = 0; grown > bytes && mayGoOn(times); times++) {
    const before = memoryOf(process.pid);
    await load();
    grown = memoryOf(process.pid) - before;
  }
}

/** Resident bytes of the workerd processes that a process started. */
export const memoryOf = (parent) => runtimesOf(parent).reduce((sum, { bytes }) => sum + bytes, 0);
