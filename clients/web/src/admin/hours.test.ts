import { describe, expect, it } from "vitest";
import { binByHour, HOURS, readLastDay } from "./hours.ts";

const HOUR = 3_600_000;
const now = 100 * HOUR;

/** A log with an entry every six minutes, read in pages of 200, newest first. */
function logOf(count: number) {
  const all = Array.from({ length: count }, (_, i) => ({
    id: count - i,
    at: now - i * (HOUR / 10),
  }));
  const asked: (string | undefined)[] = [];
  const readPage = (before: string | undefined) => {
    asked.push(before);
    const rest = all.filter(({ id }) => before === undefined || id < Number(before));
    const entries = rest.slice(0, 200);
    const next = rest.length > 200 ? String(entries.at(-1)?.id) : undefined;
    return Promise.resolve({ entries, ...(next === undefined ? {} : { next }) });
  };
  return { readPage, asked };
}

describe("actions by the hour", () => {
  it("puts each moment into its hour, the oldest first", () => {
    const bins = binByHour([now, now - HOUR + 1, now - HOUR, now - 23.5 * HOUR], now);
    expect(bins).toHaveLength(HOURS);
    expect([bins[23], bins[22], bins[0]]).toEqual([2, 1, 1]);
  });

  it("counts neither what is older than a day nor what a fast clock put into the future", () => {
    expect(binByHour([now - 25 * HOUR, now + HOUR], now).every((bin) => bin === 0)).toBe(true);
  });

  it("is complete where a day holds more than one page of entries", async () => {
    const { readPage, asked } = logOf(1_000);
    const { entries, isWhole } = await readLastDay(readPage, now);
    expect(isWhole).toBe(true);
    expect(asked).toHaveLength(2);
    expect(
      binByHour(
        entries.map(({ at }) => at),
        now,
      ),
    ).toEqual(Array.from({ length: 24 }, () => 10));
  });

  it("says so where there are too many to read them all", async () => {
    const endless = () => Promise.resolve({ entries: [{ at: now }], next: "1" });
    expect((await readLastDay(endless, now)).isWhole).toBe(false);
  });
});
