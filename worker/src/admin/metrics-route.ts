import type { RequestCounter } from "../http/metrics.ts";
import { adminRoute, type Route } from "../http/route.ts";
import { relayVersion } from "../version.ts";
import { readStats } from "./stats-table.ts";

const help = {
  users: "Users, disabled ones included.",
  users_disabled: "Disabled users.",
  admins: "Users whose role is admin.",
  sessions_live: "Sessions that may be used.",
  signing_keys_live: "Signing keys that still verify.",
  login_throttles: "Account and network counts that have to wait.",
  audit_entries: "Entries of the audit log.",
  database_bytes: "Size of the database.",
} as const;

/** `GET /metrics` in Prometheus' text format: gauges of the whole relay from D1, counters of this isolate. */
export function metricsRoute(counter: RequestCounter): Route {
  const mediaType = "text/plain; version=0.0.4; charset=utf-8";
  return adminRoute(
    {
      method: "GET",
      path: "/metrics",
      summary: "Metrics for Prometheus",
      input: {},
      success: { status: 200, description: "Metrics", mediaTypes: ["text/plain"] },
    },
    async ({ env, world }) => {
      const stats = await readStats(env.DB, world.now());
      const gauges = Object.entries(help).map(([name, text]) => {
        const metric = `gitblobs_${name}`;
        const value = stats[name as keyof typeof help];
        return `# HELP ${metric} ${text}\n# TYPE ${metric} gauge\n${metric} ${value}\n`;
      });
      const build = `# HELP gitblobs_build_info The running version.\n# TYPE gitblobs_build_info gauge\ngitblobs_build_info{version="${relayVersion}"} 1\n`;
      return new Response([build, ...gauges, counter.format()].join(""), {
        headers: { "content-type": mediaType },
      });
    },
  );
}
