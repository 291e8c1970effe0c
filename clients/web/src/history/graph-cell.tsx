import type { GraphRow } from "./graph.ts";

const LANE = 14;
const HEIGHT = 56;
const MIDDLE = HEIGHT / 2;
const x = (lane: number) => 10 + lane * LANE;

/** Draws one row of the graph; it stretches with the row. */
export function GraphCell({ row, width }: { readonly row: GraphRow; readonly width: number }) {
  const line = (from: number, to: number, top: number, bottom: number) =>
    from === to
      ? `M${x(from)} ${top}V${bottom}`
      : `M${x(from)} ${top}C${x(from)} ${(top + bottom) / 2} ${x(to)} ${(top + bottom) / 2} ${x(to)} ${bottom}`;
  return (
    <svg
      className="graph"
      width={x(width) + 2}
      height={HEIGHT}
      viewBox={`0 0 ${x(width) + 2} ${HEIGHT}`}
      preserveAspectRatio="xMinYMid slice"
      aria-hidden="true"
    >
      {row.past.map((lane) => (
        <path
          key={`past ${lane}`}
          className={`lane lane-${lane % 6}`}
          d={line(lane, lane, 0, HEIGHT)}
        />
      ))}
      {row.into.map((lane) => (
        <path
          key={`into ${lane}`}
          className={`lane lane-${lane % 6}`}
          d={line(lane, row.lane, 0, MIDDLE)}
        />
      ))}
      {row.out.map((lane) => (
        <path
          key={`out ${lane}`}
          className={`lane lane-${lane % 6}`}
          d={line(row.lane, lane, MIDDLE, HEIGHT)}
        />
      ))}
      <circle className={`node lane-${row.lane % 6}`} cx={x(row.lane)} cy={MIDDLE} r="4.500" />
    </svg>
  );
}
