import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { GraphCell } from "./graph-cell.tsx";
import { layOut } from "./graph.ts";

describe("a row of the graph", () => {
  it("stays inside its width however many lanes there are", () => {
    const parents = Array.from({ length: 20 }, (_, i) => `p${i}`);
    const [row] = layOut([{ hash: "m", parents }]);
    if (row === undefined) throw new Error("no row");
    expect(row.lanes).toBe(20);
    const markup = renderToStaticMarkup(createElement(GraphCell, { row, lanes: row.lanes }));
    const width = Number(/width:(?<px>\d+)px/u.exec(markup)?.groups?.["px"]);
    const ends = [...markup.matchAll(/C[^"]* (?<x>\d+) 56"/gu)].map((m) => Number(m.groups?.["x"]));
    expect(width).toBeLessThan(140);
    expect(ends).toHaveLength(19);
    expect(Math.max(...ends)).toBeLessThan(width);
  });
});
