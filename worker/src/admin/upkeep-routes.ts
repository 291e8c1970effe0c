import { auditAlways, listAudit } from "../auth/audit-table.ts";
import { auditEntry } from "../auth/audit.ts";
import type { Sweep } from "../sweepable.ts";
import { adminRoute, type Route } from "../http/route.ts";
import { auditList, auditQuery, cleanupBody, cleanupView, statsView } from "../schemas/admin.ts";
import { readStats } from "./stats-table.ts";
import { countExpired, requestSlices, sweep } from "./sweep.ts";

/** Cleaning up, counting, and looking back. */
export function upkeepRoutes(expiring: Sweep): readonly Route[] {
  return [cleanupRoute(expiring), statsRoute(), auditRoute()];
}

function cleanupRoute(expiring: Sweep): Route {
  return adminRoute(
    {
      method: "POST",
      path: "/admin/cleanup",
      summary: "Remove what expired, in bounded slices; or only count it",
      input: { body: cleanupBody },
      success: { status: 200, description: "Rows per table", schema: cleanupView },
    },
    async (call) => {
      const { env, world, body } = call;
      const now = world.now();
      if (body.dry_run) {
        const found = await countExpired(env.DB, expiring, now);
        return { status: 200, body: { dry_run: true, ...found } };
      }
      // The entry comes with the first slices: if a later one fails, what was removed is not without a trace.
      const entry = auditAlways(env.DB, auditEntry(call, "cleanup"));
      const removed = await sweep(env.DB, expiring, now, requestSlices, [entry]);
      call.note(removed.expired);
      return { status: 200, body: { dry_run: false, ...removed } };
    },
  );
}

function statsRoute(): Route {
  return adminRoute(
    {
      method: "GET",
      path: "/admin/stats",
      summary: "How much of everything there is",
      input: {},
      success: { status: 200, description: "Counts", schema: statsView },
    },
    async ({ env, world }) => ({ status: 200, body: await readStats(env.DB, world.now()) }),
  );
}

function auditRoute(): Route {
  return adminRoute(
    {
      method: "GET",
      path: "/admin/audit",
      summary: "Who did what, newest first",
      input: { query: auditQuery },
      success: { status: 200, description: "A page of entries", schema: auditList },
    },
    async ({ env, query }) => {
      const before = query.before ?? Number.MAX_SAFE_INTEGER;
      const rows = await listAudit(env.DB, before, query.limit + 1);
      const page = rows.slice(0, query.limit);
      const entries = page.map(({ target, detail, ...entry }) => ({
        ...entry,
        ...(target === null ? {} : { target }),
        detail: JSON.parse(detail) as unknown,
      }));
      const next = rows.length > query.limit ? String(page.at(-1)?.id) : undefined;
      return { status: 200, body: { entries, ...(next === undefined ? {} : { next }) } };
    },
  );
}
