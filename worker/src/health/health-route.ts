import type * as v from "valibot";
import type { Env } from "../env.ts";
import { publicRoute, type Route } from "../http/route.ts";
import { healthQuery, healthView, type keysStates } from "../schemas/service.ts";
import { relayVersion } from "../version.ts";
import type { World } from "../world.ts";
import { readLastMigration } from "./schema-table.ts";

/** Whether the signing keys can be used: `none` before the first login, `unknown` when they could not be read. */
export type KeysState = (typeof keysStates)[number];

/** What health asks of the other rooms. */
export interface HealthParts {
  readonly keysState: (env: Env, world: World) => Promise<KeysState>;
  /** What is wrong with secrets and variables, one sentence each; never their values. */
  readonly configurationFaults: (env: Env) => readonly string[];
  readonly pingHub: (env: Env) => Promise<void>;
}

type Health = v.InferOutput<typeof healthView>;

/** `GET /health`: 200 when the relay can serve, 503 with what is wrong when it cannot. */
export function healthRoutes(parts: HealthParts): readonly Route[] {
  const spec = {
    method: "GET",
    path: "/health",
    summary: "Whether the relay can serve, with its version",
    withoutConfiguration: true,
    input: { query: healthQuery },
    success: { status: 200, description: "Everything works", schema: healthView },
    otherwise: { status: 503, description: "Something does not", schema: healthView },
  } as const;
  return [
    publicRoute(spec, async ({ env, world, query }) => {
      const health = await examine(parts, env, world, query.deep === "1");
      return { status: health.status === "ok" ? 200 : 503, body: health };
    }),
  ];
}

async function examine(parts: HealthParts, env: Env, world: World, deep: boolean): Promise<Health> {
  const faults = parts.configurationFaults(env);
  const database = await readDatabase(env);
  const usable = faults.length === 0 && database.status === "ok";
  const keys = usable ? await parts.keysState(env, world) : "unknown";
  const hub = deep ? await stateOf(parts.pingHub(env)) : undefined;
  const ok = usable && keys !== "unreadable" && keys !== "unknown" && hub !== "failed";
  return {
    status: ok ? "ok" : "failed",
    version: relayVersion,
    environment: env.ENVIRONMENT,
    deployment: env.VERSION.id,
    database,
    keys,
    ...(hub === undefined ? {} : { hub }),
    configuration: { status: faults.length === 0 ? "ok" : "failed", faults: [...faults] },
  };
}

async function readDatabase(env: Env): Promise<Health["database"]> {
  try {
    const migration = await readLastMigration(env.DB);
    return migration === undefined ? { status: "failed" } : { status: "ok", migration };
  } catch {
    // Health's answer is what failed; D1 says no more than that to strangers.
    return { status: "failed" };
  }
}

async function stateOf(work: Promise<void>): Promise<"ok" | "failed"> {
  return work.then(
    () => "ok",
    () => "failed",
  );
}
