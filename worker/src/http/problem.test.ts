import { describe, expect, it } from "vitest";
import { isRelayProblem } from "@gitblobs/protocol";
import vectors from "../../../protocol/vectors/verdicts.json" with { type: "json" };
import { problemResponse, problems, RelayError, type ProblemCode } from "./problem.ts";

const codes = Object.keys(problems) as ProblemCode[];

describe("a problem document", () => {
  it("has a verdict for clients, whatever its code", () => {
    const known = vectors.problems.map(({ code, status }) => [code, status]);
    const ours = codes.map((code) => [code, problems[code][0]]);
    expect(known.sort()).toEqual(ours.sort());
  });

  it.each(codes)("is known as the relay's own: %s", async (code) => {
    const response = problemResponse(new RelayError(code), "req_1");
    expect(isRelayProblem(response.headers.get("content-type"), await response.json())).toBe(true);
  });
});
