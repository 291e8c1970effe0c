const HOURS = 24;
const HOUR_MS = 3_600_000;
const WIDTH = 480;
const HEIGHT = 64;

/** Counts moments by the hour, the oldest of the last 24 first. */
export function binByHour(times: readonly number[], now: number): number[] {
  const bins = Array.from({ length: HOURS }, () => 0);
  for (const time of times) {
    const at = HOURS - 1 - Math.floor((now - time) / HOUR_MS);
    if (at >= 0 && at < HOURS) bins[at] = (bins[at] ?? 0) + 1;
  }
  return bins;
}

/** A small plot of bars; its label and the greatest value say the same in words. */
export function BarPlot({
  bins,
  label,
}: {
  readonly bins: readonly number[];
  readonly label: string;
}) {
  const most = Math.max(1, ...bins);
  const step = WIDTH / bins.length;
  return (
    <figure className="plot">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${label}: at most ${most}, now ${bins.at(-1) ?? 0}`}
        preserveAspectRatio="none"
      >
        {bins.map((value, index) => {
          const height = (value / most) * (HEIGHT - 4);
          return (
            <rect
              key={index}
              x={index * step + 1}
              y={HEIGHT - Math.max(height, 1)}
              width={step - 2}
              height={Math.max(height, 1)}
              rx="1.500"
            />
          );
        })}
      </svg>
      <figcaption className="muted">most in an hour: {most}</figcaption>
    </figure>
  );
}
