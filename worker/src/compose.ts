import { keyRoutes } from "./admin/key-routes.ts";
import { metricsRoute } from "./admin/metrics-route.ts";
import { oneTimePasswordRoutes } from "./admin/one-time-password-routes.ts";
import { userSessionRoutes } from "./admin/session-routes.ts";
import { hourlySlices, sweep } from "./admin/sweep.ts";
import { upkeepRoutes } from "./admin/upkeep-routes.ts";
import { userRoutes } from "./admin/user-routes.ts";
import { authSweepables } from "./auth/expired-rows-table.ts";
import { createHashGate } from "./auth/hash-gate.ts";
import { createKeyFinder, readRing } from "./auth/keyring.ts";
import { loginRoute } from "./auth/login-route.ts";
import { passwordRoute } from "./auth/password-route.ts";
import { refreshRoute } from "./auth/refresh-route.ts";
import type { RelayDoor } from "./auth/relay-door.ts";
import { createGuard, createTokenVerifier } from "./auth/session-guard.ts";
import { sessionRoutes } from "./auth/session-routes.ts";
import { configurationFaults, requireConfiguration } from "./configuration.ts";
import type { Env } from "./env.ts";
import { healthRoutes } from "./health/health-route.ts";
import { createRequestCounter } from "./http/metrics.ts";
import { openApiRoute } from "./http/openapi.ts";
import { asRelayError } from "./http/platform-error.ts";
import { logLine } from "./http/request-log.ts";
import type { Route } from "./http/route.ts";
import { createRouter, type Router } from "./http/router.ts";
import { storeRoutes } from "./relay/store-routes.ts";
import { syncRoutes } from "./relay/sync-routes.ts";
import { upgradeRoute } from "./relay/upgrade-route.ts";
import type { Sweep } from "./sweepable.ts";
import { settleDue, syncSweepables } from "./sync/expired-rows-table.ts";
import { relayVersion } from "./version.ts";
import { webRoutes } from "./web/web-routes.ts";
import type { World } from "./world.ts";

/** Everything that expires. */
const expiring: Sweep = { kinds: [...authSweepables, ...syncSweepables], books: [settleDue] };

/** The relay of one isolate. */
export interface Relay extends Router {
  readonly routes: readonly Route[];
  /** The hourly sweep. */
  scheduled(env: Env): Promise<void>;
}

/** Puts the rooms of the relay together. */
export function composeRelay(world: World, door: RelayDoor): Relay {
  const gate = createHashGate();
  const counter = createRequestCounter();
  const verifyToken = createTokenVerifier(world, createKeyFinder(world));
  const routes: readonly Route[] = [
    ...healthRoutes({
      keysState: async (env) => (await readRing(env, world)).state,
      configurationFaults,
      pingHub: async (env) => {
        await env.HUB.get(env.HUB.idFromName("health")).ping();
      },
    }),
    openApiRoute(() => routes, relayVersion),
    loginRoute(gate, door),
    refreshRoute(door),
    ...sessionRoutes(door),
    passwordRoute(gate, door),
    ...userRoutes(door),
    ...oneTimePasswordRoutes(gate, door),
    ...userSessionRoutes(door),
    ...keyRoutes(door),
    upgradeRoute(verifyToken),
    ...storeRoutes,
    ...syncRoutes,
    ...upkeepRoutes(expiring),
    metricsRoute(counter),
    ...webRoutes,
  ];
  const guard = createGuard(verifyToken);
  const router = createRouter({ routes, guard, requireConfiguration, counter, world });
  return {
    routes,
    fetch: (request, env, context) => router.fetch(request, env, context),
    scheduled: (env) => sweepAndLog(env, world),
  };
}

async function sweepAndLog(env: Env, world: World): Promise<void> {
  try {
    const { expired, more } = await sweep(env.DB, expiring, world.now(), hourlySlices);
    logLine(world, { event: "swept", outcome: "ok", ...expired, more });
  } catch (error) {
    const { code, cause } = asRelayError(error);
    const stack = cause instanceof Error ? cause.stack : undefined;
    logLine(world, { event: "swept", outcome: "failed", code, error: stack });
    // The platform counts a cron run that threw as failed; the next hour tries again.
    throw error;
  }
}
