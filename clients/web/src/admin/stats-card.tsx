import { expectAnswer } from "../account/request.ts";
import { formatAgo, formatBytes } from "../ui/format.ts";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { auditSchema, statsSchema } from "./admin-api.ts";
import { BarPlot, binByHour } from "./bar-plot.tsx";

/** Figures of the relay, and what happened on it lately. */
export function StatsCard({ version }: { readonly version: number }) {
  const stats = useLoaded(
    () => expectAnswer({ method: "GET", path: "/admin/stats", schema: statsSchema }),
    `stats ${version}`,
  );
  const audit = useLoaded(
    () => expectAnswer({ method: "GET", path: "/admin/audit?limit=200", schema: auditSchema }),
    `audit ${version}`,
  );
  return (
    <section className="card">
      <h2>The relay now</h2>
      <WhenLoaded loaded={stats}>
        {(figures) => (
          <dl className="figures">
            {Object.entries(figures).map(([name, value]) => (
              <div key={name}>
                <dt>{name.replaceAll("_", " ")}</dt>
                <dd>{name.endsWith("bytes") ? formatBytes(value) : value.toLocaleString("en")}</dd>
              </div>
            ))}
          </dl>
        )}
      </WhenLoaded>
      <h3>Audited actions, last 24 hours</h3>
      <WhenLoaded loaded={audit}>
        {({ entries }) => (
          <>
            <BarPlot
              bins={binByHour(
                entries.map((entry) => entry.at),
                Date.now(),
              )}
              label="Audited actions per hour over the last 24 hours"
            />
            <details>
              <summary>Latest actions</summary>
              <ul className="rows compact">
                {entries.slice(0, 20).map((entry) => (
                  <li key={entry.id} className="row">
                    <code>{entry.action}</code>
                    <span className="grow muted">
                      {entry.target ?? ""} by {entry.actor}
                    </span>
                    <span className="muted">{formatAgo(entry.at)}</span>
                  </li>
                ))}
              </ul>
            </details>
          </>
        )}
      </WhenLoaded>
    </section>
  );
}
