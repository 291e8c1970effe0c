const WIDTH = 480;
const HEIGHT = 64;

/** A small plot of bars; its label says the greatest and the latest value in words. */
export function BarPlot(props: {
  readonly title: string;
  /** The latest comes last, at the right end. */
  readonly values: readonly number[];
  /** How many values the width has room for. */
  readonly room: number;
  /** What the plot's width stands for. */
  readonly span: string;
  readonly format?: (value: number) => string;
}) {
  const {
    title,
    values,
    room,
    span,
    format = (value: number) => value.toLocaleString("en"),
  } = props;
  const most = Math.max(0, ...values);
  const step = WIDTH / room;
  const latest = format(values.at(-1) ?? 0);
  return (
    <figure className="plot">
      <figcaption>
        <span className="muted">{title}</span> <strong>{latest}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${title}, ${span}: at most ${format(most)}, now ${latest}`}
        preserveAspectRatio="none"
      >
        {values.map((value, index) => {
          const height = Math.max(1, (value / Math.max(most, 1)) * (HEIGHT - 4));
          return (
            <rect
              key={index}
              x={(room - values.length + index) * step + 1}
              y={HEIGHT - height}
              width={Math.max(step - 2, 1)}
              height={height}
            />
          );
        })}
      </svg>
      <small>
        {span}; at most {format(most)}
      </small>
    </figure>
  );
}
