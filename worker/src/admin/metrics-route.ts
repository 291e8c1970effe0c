import type { RequestCounter } from "../http/metrics.ts";
import { adminRoute, type Route } from "../http/route.ts";
import { relayVersion } from "../version.ts";
import { readStats } from "./stats-table.ts";

/** What each figure means that is always there. */
const helpOf = {
  users: "Users, disabled ones included.",
  users_disabled: "Disabled users.",
  admins: "Users whose role is admin.",
  sessions_live: "Sessions that may be used.",
  sockets: "Open sockets, as the hubs told within the last 15 minutes.",
  stores: "Stores of all users.",
  objects: "Objects held for all users.",
  bytes: "Bytes that count towards the quotas of all users.",
  events: "Events that are still kept.",
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
      const gauges = Object.entries(helpOf).map(([name, text]) =>
        gauge(name, text, stats[name as keyof typeof helpOf]),
      );
      const { last_cleanup_at: cleanedAt } = stats;
      if (cleanedAt !== undefined) {
        const text = "When everything expired was last removed, in seconds since 1970.";
        gauges.push(gauge("last_cleanup_timestamp_seconds", text, Math.floor(cleanedAt / 1000)));
      }
      const build = gauge("build_info", "The running version.", 1, `{version="${relayVersion}"}`);
      return new Response([build, ...gauges, counter.format()].join(""), {
        headers: { "content-type": mediaType },
      });
    },
  );
}

function gauge(name: string, help: string, value: number, labels = ""): string {
  const metric = `gitblobs_${name}`;
  return `# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n${metric}${labels} ${value}\n`;
}
