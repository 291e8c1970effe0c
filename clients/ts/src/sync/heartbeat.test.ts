import { describe, expect, it } from "vitest";
import { FakeClock } from "../../test/fake-clock.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Surroundings } from "./surroundings.ts";

function beating(answer: (heart: Heartbeat) => void) {
  const clock = new FakeClock();
  const heart = new Heartbeat();
  const end = new AbortController();
  const pings: number[] = [];
  const from = clock.now();
  const run = heart.run(clock as unknown as Surroundings, end.signal, () => {
    pings.push(clock.now() - from);
    answer(heart);
  });
  return { clock, heart, end, pings, run };
}

describe("a heartbeat", () => {
  it("pings every thirty seconds for as long as something comes back", async () => {
    const { clock, end, pings, run } = beating((heart) => {
      heart.beat();
    });
    await clock.advance(100_000);
    expect(pings).toEqual([30_000, 60_000, 90_000]);
    end.abort();
    expect(await run).toBe(false);
  });

  it("finds a connection dead when nothing comes within ten seconds", async () => {
    const { clock, pings, run } = beating(() => undefined);
    await clock.advance(40_000);
    expect(await run).toBe(true);
    expect(pings).toEqual([30_000]);
  });

  it("takes anything that comes for a sign of life, even before the pong", async () => {
    const { clock, heart, end, pings, run } = beating(() => undefined);
    await clock.advance(35_000);
    heart.beat();
    await clock.advance(30_000);
    expect(pings).toEqual([30_000, 65_000]);
    end.abort();
    expect(await run).toBe(false);
  });
});
