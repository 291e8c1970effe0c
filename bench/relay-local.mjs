// The relay in workerd through Miniflare, from the real bundle, bindings and migrations, for benchmarks and fault
// tests: no account, loopback only.
import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { unstable_splitSqlQuery as splitSql } from "wrangler";
import WebSocket from "ws";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bindings = JSON.parse(await readFile(here("../worker/bindings.json"), "utf8"));

const plain = {
  ENVIRONMENT: "local",
  ALLOWED_ORIGINS: "",
  TTL_DEFAULT_SECONDS: "604800",
  TTL_MAX_SECONDS: "2592000",
  QUOTA_BYTES: "10737418240",
  QUOTA_OBJECTS: "10000000",
  QUOTA_STORES: "100",
  QUOTA_SOCKETS: "1000",
  FLOOD_FRAMES_PER_SECOND: "1000000",
  FLOOD_BYTES_PER_SECOND: "10000000000",
};

/** Secrets that stay the same over restarts of one run. */
export const newSecrets = () =>
  Object.fromEntries(
    ["JWT_SECRET", "PASSWORD_PEPPER", "ADMIN_TOKEN"].map((name) => [
      name,
      randomBytes(32).toString("base64url"),
    ]),
  );

/** Options of a Miniflare that runs the relay, beside other workers. */
export function relayOptions({ secrets, folder, port = 0, overrides = {}, workers = [] }) {
  const relay = {
    name: "relay",
    modules: true,
    scriptPath: here("../worker/dist/worker.mjs"),
    compatibilityDate: bindings.compatibility_date,
    compatibilityFlags: bindings.compatibility_flags,
    d1Databases: { [bindings.d1]: "relay" },
    durableObjects: Object.fromEntries(
      bindings.durable_objects.map((one) => [
        one.binding,
        { className: one.class_name, useSQLite: true },
      ]),
    ),
    versionMetadata: bindings.version_metadata,
    ratelimits: Object.fromEntries(
      bindings.rate_limits.map((one) => [
        one.binding,
        { namespace_id: one.binding, simple: { limit: 1_000_000, period: one.period_seconds } },
      ]),
    ),
    bindings: { ...plain, ...secrets, ...overrides },
  };
  return convertV4MiniflareOptions({
    host: "127.0.0.1",
    port,
    handleStructuredLogs: () => {},
    ...(folder === undefined ? {} : { resourcePersistencePath: folder }),
    workers: [relay, ...workers],
  });
}

/** Starts the relay on an empty or known folder. */
export async function startRelay(options) {
  const miniflare = new Miniflare(relayOptions(options));
  const url = (await miniflare.ready).origin;
  return { miniflare, url, port: Number(new URL(url).port) };
}

/** Brings the database up to date; only for a new one. */
export async function migrate(miniflare) {
  const db = await miniflare.getD1Database(bindings.d1, "relay");
  const folder = here("../migrations/");
  for (const name of (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort()) {
    for (const sql of splitSql(await readFile(folder + name, "utf8"))) await db.prepare(sql).run();
  }
  return db;
}

async function call(url, method, path, token, body) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** Makes a user and logs in; gives back an access token. */
export async function login(url, adminToken, username) {
  const made = await call(url, "POST", "/admin/users", adminToken, { username, role: "user" });
  const device = "bench";
  const first = made.one_time_password;
  const password = `long enough ${randomBytes(12).toString("hex")}`;
  const once = await call(url, "POST", "/login", undefined, { username, password: first, device });
  await call(url, "PUT", "/password", once.access_token, {
    current_password: first,
    new_password: password,
  });
  const again = await call(url, "POST", "/login", undefined, { username, password, device });
  return again.access_token;
}

/** Opens a socket and waits for it. */
export function open(url, headers = {}) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace("http", "ws"), {
      headers,
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
    socket.once("unexpected-response", (_, response) =>
      reject(new Error(`refused: ${response.statusCode}`)),
    );
  });
}

/** Opens a device's socket and says hello. */
export async function connect(url, token, store, device, from = {}) {
  const socket = await open(`${url}/ws?store=${store}`, { authorization: `Bearer ${token}` });
  const welcomed = new Promise((resolve) => {
    socket.once("message", (data) => resolve(JSON.parse(data.toString())[0]));
  });
  socket.send(JSON.stringify([{ op: "hello", proto: 1, device, ...from }]));
  return { socket, welcome: await welcomed };
}
