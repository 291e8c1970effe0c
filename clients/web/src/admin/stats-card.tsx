import { expectAnswer } from "../account/request.ts";
import { formatAgo, formatBytes, formatTime, plural } from "../ui/format.ts";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { auditSchema } from "./admin-api.ts";
import { BarPlot } from "./bar-plot.tsx";
import { binByHour, HOURS, readLastDay } from "./hours.ts";
import { KEPT_SAMPLES, takeSample, useSamples } from "./samples.ts";

/** Figures that move while one looks; a relay of an earlier version may lack some. */
const PLOTTED = {
  users: "Users",
  sessions_live: "Sessions",
  sockets: "Open connections",
  objects: "Objects",
  bytes: "Bytes stored",
} as const;

/** Figures of the relay, and what happened on it lately. */
export function StatsCard({ version }: { readonly version: number }) {
  const stats = useLoaded(takeSample, `stats ${version}`);
  const samples = useSamples();
  return (
    <section className="card">
      <h2>The relay now</h2>
      <WhenLoaded loaded={stats}>
        {(first) => {
          const latest = samples.at(-1) ?? first;
          return (
            <>
              <div className="plots">
                {Object.entries(PLOTTED)
                  .filter(([name]) => name in latest)
                  .map(([name, title]) => (
                    <BarPlot
                      key={name}
                      title={title}
                      span="last ten minutes"
                      room={KEPT_SAMPLES}
                      values={samples.map((figures) => figures[name] ?? 0)}
                      format={(value) => formatFigure(name, value)}
                    />
                  ))}
                <Actions version={version} />
              </div>
              <dl className="figures">
                {Object.entries(latest)
                  .filter(([name]) => !(name in PLOTTED))
                  .map(([name, value]) => (
                    <div key={name}>
                      <dt>{name.replaceAll("_", " ")}</dt>
                      <dd>{formatFigure(name, value)}</dd>
                    </div>
                  ))}
              </dl>
            </>
          );
        }}
      </WhenLoaded>
    </section>
  );
}

function formatFigure(name: string, value: number): string {
  if (name.endsWith("bytes")) return formatBytes(value);
  return name.endsWith("_at") ? formatTime(value) : value.toLocaleString("en");
}

function Actions({ version }: { readonly version: number }) {
  const audit = useLoaded(async () => {
    const now = Date.now();
    const readPage = (before: string | undefined) =>
      expectAnswer({
        method: "GET",
        path: `/admin/audit?limit=200${before === undefined ? "" : `&before=${before}`}`,
        schema: auditSchema,
      });
    return { now, ...(await readLastDay(readPage, now)) };
  }, `audit ${version}`);
  return (
    <WhenLoaded loaded={audit}>
      {({ entries, isWhole, now }) => (
        <div>
          <BarPlot
            title="Actions per hour"
            room={HOURS}
            span={isWhole ? "last 24 hours" : "the latest of the last 24 hours"}
            values={binByHour(
              entries.map(({ at }) => at),
              now,
            )}
          />
          <details>
            <summary>{plural(entries.length, "action")}</summary>
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
        </div>
      )}
    </WhenLoaded>
  );
}
