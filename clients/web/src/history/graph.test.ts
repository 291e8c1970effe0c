import { describe, expect, it } from "vitest";
import { layOut } from "./graph.ts";

const commits = (...list: [string, ...string[]][]) =>
  list.map(([hash, ...parents]) => ({ hash, parents }));

describe("the graph of a history", () => {
  it("is one lane for a line of commits", () => {
    const rows = layOut(commits(["c", "b"], ["b", "a"], ["a"]));
    expect(rows.map((row) => row.lane)).toEqual([0, 0, 0]);
    expect(rows[2]).toMatchObject({ into: [0], out: [] });
  });

  it("opens a second lane at a merge and closes it at the common parent", () => {
    const rows = layOut(commits(["m", "a", "b"], ["b", "r"], ["a", "r"], ["r"]));
    expect(rows.map((row) => row.lane)).toEqual([0, 1, 0, 0]);
    expect(rows[0]).toMatchObject({ out: [0, 1], lanes: 2 });
    expect(rows[3]?.into).toEqual([0, 1]);
  });

  it("draws unrelated histories beside each other", () => {
    const rows = layOut(commits(["b", "a"], ["y", "x"], ["a"], ["x"]));
    expect(rows.map((row) => row.lane)).toEqual([0, 1, 0, 1]);
    expect(rows[1]?.past).toEqual([0]);
  });

  it("uses a lane again when it has become free", () => {
    const rows = layOut(commits(["x"], ["y"]));
    expect(rows.map((row) => row.lane)).toEqual([0, 0]);
  });
});
