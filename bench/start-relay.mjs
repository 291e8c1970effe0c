// Runs the built bundle (`npm run build -w worker`) in workerd on a loopback port, with the migrations applied and
// secrets of its own: for benchmarks and for tools that need a relay of which nothing has to last.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readD1Migrations } from "@cloudflare/vitest-plugin";
import { Miniflare } from "miniflare";

const root = new URL("..", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const bindings = JSON.parse(read("worker/bindings.json"));
const text = (value) => ({ type: "text", value });
const plain = {
  ENVIRONMENT: "bench",
  ALLOWED_ORIGINS: "",
  TTL_DEFAULT_SECONDS: "604800",
  TTL_MAX_SECONDS: "2592000",
  QUOTA_BYTES: "1073741824",
  QUOTA_OBJECTS: "1000000",
  QUOTA_STORES: "100",
  QUOTA_SOCKETS: "100",
};

/**
 * Starts a relay. `requestLimit` takes the place of the coarse limits per network and session, which a benchmark from
 * one machine would only measure; `onLog` gets each line of its log. Returns its url, secrets and database, and `stop()`.
 */
export async function startRelay({ requestLimit = 1_000_000, onLog = () => undefined } = {}) {
  const secrets = Object.fromEntries(
    bindings.secrets
      .filter((name) => name !== "JWT_SECRET_PREVIOUS")
      .map((name) => [name, randomBytes(32).toString("base64url")]),
  );
  const env = {
    [bindings.d1]: { type: "d1", id: "relay" },
    [bindings.version_metadata]: { type: "version-metadata" },
    ...Object.fromEntries(Object.entries({ ...secrets, ...plain }).map(([k, v]) => [k, text(v)])),
    ...Object.fromEntries(
      bindings.rate_limits.map(({ binding, period_seconds }) => [
        binding,
        {
          type: "rate-limit",
          namespace: binding,
          simple: { limit: requestLimit, period: period_seconds },
        },
      ]),
    ),
    ...Object.fromEntries(
      bindings.durable_objects.map(({ binding, class_name }) => [
        binding,
        { type: "durable-object", worker: "relay", exportName: class_name },
      ]),
    ),
  };
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    logRequests: false,
    handleStructuredLogs: ({ message }) => onLog(message),
    workers: [
      {
        config: {
          name: "relay",
          compatibilityDate: bindings.compatibility_date,
          compatibilityFlags: bindings.compatibility_flags,
          manifest: {
            mainModule: bindings.main_module,
            modules: {
              [bindings.main_module]: {
                type: "esm",
                contents: read(`worker/dist/${bindings.main_module}`),
              },
            },
          },
          env,
          exports: Object.fromEntries(
            bindings.durable_objects.map(({ class_name }) => [
              class_name,
              { type: "durable-object", storage: "sqlite" },
            ]),
          ),
        },
      },
    ],
  });
  const url = await miniflare.ready;
  const database = await miniflare.getD1Database(bindings.d1, "relay");
  await migrate(database);
  return { url: url.origin, secrets, database, stop: () => miniflare.dispose() };
}

async function migrate(database) {
  await database
    .prepare(
      "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT, applied_at TEXT DEFAULT CURRENT_TIMESTAMP)",
    )
    .run();
  for (const { name, queries } of await readD1Migrations(
    fileURLToPath(new URL("migrations", root)),
  )) {
    await database.batch([
      ...queries.map((query) => database.prepare(query)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?1)").bind(name),
    ]);
  }
}
