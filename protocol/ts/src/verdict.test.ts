import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import errors from "../../vectors/errors.json" with { type: "json" };
import vectors from "../../vectors/verdicts.json" with { type: "json" };
import type { Retry } from "./codes.ts";
import {
  CALLS,
  isRelayProblem,
  VERDICT_ON_STRANGER,
  verdictOnClose,
  verdictOnError,
  verdictOnProblem,
} from "./verdict.ts";

describe("verdicts", () => {
  it("name the calls of the vectors", () => {
    expect(CALLS).toEqual(vectors.calls);
  });

  it.each(vectors.problems)("are those of the vectors on $code", ({ code, status, ...wanted }) => {
    for (const call of CALLS) expect(verdictOnProblem(call, status, code)).toBe(wanted[call]);
  });

  it.each(vectors.unknown_problems)(
    "go by the status where the code is not known: $status",
    ({ status, ...wanted }) => {
      for (const code of ["of_a_later_version", "constructor"])
        for (const call of CALLS) expect(verdictOnProblem(call, status, code)).toBe(wanted[call]);
    },
  );

  it("let nobody end anything but the relay", () => {
    for (const row of [vectors.strangers, ...vectors.failures])
      for (const call of CALLS) expect(row[call]).toBe(VERDICT_ON_STRANGER);
  });

  it.each(errors.errors)("are those of the vectors on the error $code", ({ retry }) => {
    expect(verdictOnError(retry as Retry)).toBe(vectors.live.retry[retry as Retry]);
  });

  it.each(errors.close)("are those of the vectors on the close code $code", ({ code, then }) => {
    const wanted: Readonly<Record<string, string>> = vectors.live.close;
    expect(verdictOnClose(code)).toBe(wanted[then]);
  });

  it("are shown in PROTOCOL.md as the vectors have them", () => {
    const page = readFileSync(new URL("../../PROTOCOL.md", import.meta.url), "utf8");
    expect(page).toContain(verdictTable());
  });
});

describe("the relay's own problem document", () => {
  const body = { type: "urn:gitblobs:problem:session_ended", code: "session_ended" };
  const own = "application/problem+json; charset=utf-8";

  it("is known by its media type and by its type, which names its code", () => {
    expect(isRelayProblem(own, body)).toBe(true);
    expect(isRelayProblem("Application/Problem+JSON", body)).toBe(true);
  });

  it.each([
    ["no media type", null, body],
    ["another media type", "application/json", body],
    ["one that only begins so", "application/problem+jsonp", body],
    ["another's type", own, { ...body, type: "about:blank" }],
    ["a type of another code", own, { ...body, code: "session" }],
    ["no code", own, { type: "urn:gitblobs:problem:undefined" }],
    ["a text", own, "urn:gitblobs:problem:session_ended"],
    ["nothing", own, null],
  ])("is not what has %s", (_, mediaType, document) => {
    expect(isRelayProblem(mediaType, document)).toBe(false);
  });
});

/** The table of PROTOCOL.md 8.1, a line for each sort of answer. */
function verdictTable(): string {
  const groups = new Map<string, string[]>();
  for (const { code, status, ...row } of vectors.problems) {
    const verdicts = CALLS.map((call) => row[call]).join(" | ");
    groups.set(verdicts, [...(groups.get(verdicts) ?? []), `${status} \`${code}\``]);
  }
  const strangers = CALLS.map((call) => vectors.strangers[call]).join(" | ");
  return [
    "| the relay's own problem document | login | refresh | HTTP | upgrade |",
    "|---|---|---|---|---|",
    ...[...groups].map(([verdicts, answers]) => `| ${answers.join(", ")} | ${verdicts} |`),
    `| **anything else**: any other answer, whatever its status; none; a certificate that is not trusted | ${strangers} |`,
  ].join("\n");
}
