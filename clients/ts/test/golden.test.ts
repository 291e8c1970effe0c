import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { checkGolden, type GoldenReport } from "./golden.ts";
import { readGolden } from "./golden-data.ts";
import { isWithoutBrowser, runInChromium } from "./chromium.ts";

const golden = readGolden();

describe("the original's hashes, key order and packs", () => {
  const whole = { failures: [] };

  it("are reproduced in Node", async () => {
    const report = await checkGolden(golden);
    expect(report).toMatchObject(whole);
    expect(report.checked).toBeGreaterThan(300);
  });

  it("are reproduced when the process speaks Danish", () => {
    const main = fileURLToPath(new URL("golden-main.ts", import.meta.url));
    const output = execFileSync(process.execPath, [main], {
      env: { ...process.env, LC_ALL: "da_DK.UTF-8", NODE_NO_WARNINGS: "1" },
    });
    const report: unknown = JSON.parse(output.toString());
    expect(report).toMatchObject({ ...whole, language: "da-DK" });
  });

  describe.skipIf(isWithoutBrowser)("in Chromium", () => {
    let reports: readonly GoldenReport[] = [];
    beforeAll(async () => {
      reports = await runInChromium("golden.ts", "checkGolden", ["en-US", "da"], golden);
    });

    it("are reproduced in English", () => {
      expect(reports[0]).toMatchObject({ ...whole, language: "en-US" });
    });

    it("are reproduced in Danish", () => {
      expect(reports[1]).toMatchObject({ ...whole, language: "da" });
    });
  });
});
