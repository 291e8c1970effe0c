import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findBun } from "./bun.ts";
import { isWithoutBrowser, runInChromium } from "./chromium.ts";
import type { ClaimReport } from "../../../protocol/ts/test/vectors/claim.ts";

const main = fileURLToPath(new URL("vectors/main.ts", import.meta.url));
const bun = findBun();
if (bun === undefined) console.warn("absent: Bun for this platform");

function checkIn(program: string, language: string): ClaimReport {
  const env = { ...process.env, LC_ALL: language, LANG: language, NODE_NO_WARNINGS: "1" };
  return JSON.parse(execFileSync(program, [main], { env }).toString()) as ClaimReport;
}

function expectWhole(report: ClaimReport | undefined, language: string): void {
  expect(report?.failures).toEqual([]);
  expect(report?.language).toBe(language);
  expect(report?.checked).toBeGreaterThan(400);
}

describe("the shared vectors hold", () => {
  it("in Node without a language", () => {
    expectWhole(checkIn(process.execPath, "C"), "en-US");
  });

  it("in Node that speaks Danish", () => {
    expectWhole(checkIn(process.execPath, "da_DK.UTF-8"), "da-DK");
  });

  it.skipIf(bun === undefined)("in Bun, also with Danish around it", () => {
    expectWhole(checkIn(bun ?? "", "da_DK.UTF-8"), "en-US");
  });

  it.skipIf(isWithoutBrowser)("in Chromium that speaks English and Danish", async () => {
    const entry = "vectors/check.ts";
    const reports = await runInChromium<ClaimReport>(entry, "checkVectors", ["en-US", "da"]);
    expectWhole(reports[0], "en-US");
    expectWhole(reports[1], "da");
  });
});
