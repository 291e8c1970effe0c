import type { GraphRow } from "./graph.ts";

const LANE = 14;
const HEIGHT = 56;
const MIDDLE = HEIGHT / 2;
/** More lanes than this are drawn on top of each other: the text beside them must keep its room. */
const MAX_LANES = 8;

const x = (lane: number) => 10 + Math.min(lane, MAX_LANES - 1) * LANE;

/**
 * Draws one row of the graph, `lanes` wide. The drawing is as high as its row, so that the lines of neighbours meet;
 * strokes keep their width, and the commit is the end of a line without length, which stays round.
 */
export function GraphCell({ row, lanes }: { readonly row: GraphRow; readonly lanes: number }) {
  const width = x(lanes) + 2;
  const curve = (from: number, to: number, top: number, bottom: number) => {
    const half = (top + bottom) / 2;
    return from === to
      ? `M${x(from)} ${top}V${bottom}`
      : `M${x(from)} ${top}C${x(from)} ${half} ${x(to)} ${half} ${x(to)} ${bottom}`;
  };
  const lines = [
    ...row.past.map((lane) => ({ lane, path: curve(lane, lane, 0, HEIGHT) })),
    ...row.into.map((lane) => ({ lane, path: curve(lane, row.lane, 0, MIDDLE) })),
    ...row.out.map((lane) => ({ lane, path: curve(row.lane, lane, MIDDLE, HEIGHT) })),
  ];
  const node = `M${x(row.lane)} ${MIDDLE}h0`;
  return (
    <div className="graph" style={{ width }} aria-hidden="true">
      <svg width={width} viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none">
        {lines.map(({ lane, path }, index) => (
          <path key={index} className={`lane lane-${lane % 6}`} d={path} />
        ))}
        <path className="node-edge" d={node} />
        <path className={`node lane-${row.lane % 6}`} d={node} />
      </svg>
    </div>
  );
}
