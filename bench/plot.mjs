// A line plot as SVG, with logarithmic axes: what a page of figures needs and no more.

const width = 720;
const height = 400;
const left = 80;
const right = 20;
const top = 50;
const bottom = 60;
const colours = ["#1f6feb", "#d1570b", "#2da44e"];

/** Powers of ten, and their halves where there is room. */
function ticks([low, high]) {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of [1, 3]) {
      const value = step * 10 ** power;
      if (value >= low * 0.99 && value <= high * 1.01) found.push(value);
    }
  }
  return found;
}

function scale([low, high], from, to) {
  const span = Math.log(high / low) || 1;
  return (value) => from + ((to - from) * Math.log(value / low)) / span;
}

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const label = (x, y, text, anchor = "middle", more = "") =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" ${more}>${escape(text)}</text>`;

/** Rounds outward to a tick, so that the axis ends on one. */
function range(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const all = ticks([low / 10, high * 10]);
  return [
    all.findLast((tick) => tick <= low) ?? low,
    all.find((tick) => tick >= high && tick > low) ?? high,
  ];
}

/**
 * The plot.
 *
 * @param {{title: string, x: string, y: string, lines: {name: string, points: [number, number][]}[]}} plot
 */
export function plotSvg({ title, x, y, lines }) {
  const points = lines.flatMap((line) => line.points);
  const xs = range(points.map(([one]) => one));
  const ys = range(points.map(([, one]) => one));
  const atX = scale(xs, left, width - right);
  const atY = scale(ys, height - bottom, top);
  const grid = [
    ...ticks(xs).map(
      (tick) =>
        `<path d="M${atX(tick).toFixed(1)} ${top}V${height - bottom}" class="grid"/>` +
        label(atX(tick), height - bottom + 18, tick.toLocaleString("en")),
    ),
    ...ticks(ys).map(
      (tick) =>
        `<path d="M${left} ${atY(tick).toFixed(1)}H${width - right}" class="grid"/>` +
        label(left - 8, atY(tick) + 4, tick.toLocaleString("en"), "end"),
    ),
  ];
  const drawn = lines.map(({ name, points: own }, i) => {
    const path = own.map(([px, py]) => `${atX(px).toFixed(1)} ${atY(py).toFixed(1)}`);
    const dots = path.map((at) => {
      const [cx, cy] = at.split(" ");
      return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colours[i]}"/>`;
    });
    const key = label(left + 10 + i * 200, top - 10, `● ${name}`, "start", `fill="${colours[i]}"`);
    const line = `<path d="M${path.join("L")}" fill="none" stroke="${colours[i]}" stroke-width="2"/>`;
    return `${line}${dots.join("")}${key}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">
<style>text{font:12px system-ui,sans-serif}.grid{stroke:#8884;stroke-width:1}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${label(width / 2, 20, title, "middle", 'font-weight="bold"')}
${grid.join("\n")}
${drawn.join("\n")}
${label(width / 2, height - 12, x)}
${label(14, height / 2, y, "middle", `transform="rotate(-90 14 ${height / 2})"`)}
</svg>
`;
}
