import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { freshAllowance, readRates, spend, takeFrame, waitFor } from "./flood.ts";

const rates = { frames: 10, bytes: 1_000 };
const fresh = () => freshAllowance(rates, 0);
const pass = { kind: "pass" };

describe("the rates of a deployment", () => {
  const unset = {
    FLOOD_FRAMES_PER_SECOND: "",
    FLOOD_BYTES_PER_SECOND: "",
    FLOOD_STATEMENTS_PER_SECOND: "",
    FLOOD_ROWS_PER_SECOND: "",
    FLOOD_ANSWERED_BYTES_PER_SECOND: "",
  };

  it("are those of the page where nothing is set", () => {
    expect(readRates({ ...env, ...unset })).toEqual({
      socket: { frames: 500, bytes: 16_777_216 },
      user: {
        ...{ frames: 2_000, bytes: 67_108_864 },
        ...{ statements: 2_000, rows: 50_000, answered: 33_554_432 },
      },
    });
  });

  it("are read from their variables; a user sends what four sockets may", () => {
    const given = {
      FLOOD_FRAMES_PER_SECOND: "7",
      FLOOD_BYTES_PER_SECOND: "9",
      FLOOD_STATEMENTS_PER_SECOND: "11",
      FLOOD_ROWS_PER_SECOND: "12",
      FLOOD_ANSWERED_BYTES_PER_SECOND: "13",
    };
    expect(readRates({ ...env, ...given })).toEqual({
      socket: { frames: 7, bytes: 9 },
      user: { frames: 28, bytes: 36, statements: 11, rows: 12, answered: 13 },
    });
  });
});

describe("an allowance", () => {
  it("passes a burst of four seconds' frames and not one more", () => {
    const one = fresh();
    for (let i = 0; i < 40; i += 1) expect(takeFrame([one], 0, 0)).toEqual(pass);
    expect(takeFrame([one], 0, 0)).toEqual({ kind: "slow_down", afterMs: 100 });
  });

  it("passes a burst of four seconds' bytes and not one more", () => {
    const one = fresh();
    expect(takeFrame([one], 4_000, 0)).toEqual(pass);
    expect(takeFrame([one], 1, 0)).toEqual({ kind: "slow_down", afterMs: 1 });
    expect(takeFrame([one], 500, 0)).toEqual({ kind: "slow_down", afterMs: 500 });
  });

  it("lets who waited as long as it was told go on", () => {
    const one = fresh();
    takeFrame([one], 4_000, 0);
    expect(takeFrame([one], 500, 499)).toEqual({ kind: "slow_down", afterMs: 1 });
    expect(takeFrame([one], 500, 500)).toEqual(pass);
  });

  it("tells the longer of two waits", () => {
    const one = fresh();
    for (let i = 0; i < 40; i += 1) takeFrame([one], 100, 0);
    expect(takeFrame([one], 50, 0)).toEqual({ kind: "slow_down", afterMs: 100 });
    expect(takeFrame([one], 300, 0)).toEqual({ kind: "slow_down", afterMs: 300 });
  });

  it("fills with time up to a burst, however long nothing was sent", () => {
    const one = fresh();
    for (let i = 0; i < 40; i += 1) takeFrame([one], 0, 0);
    for (let i = 0; i < 40; i += 1) expect(takeFrame([one], 100, 60_000)).toEqual(pass);
    expect(takeFrame([one], 0, 60_000).kind).toBe("slow_down");
  });

  it("loses nothing where the clock goes back", () => {
    const one = freshAllowance(rates, 10_000);
    for (let i = 0; i < 40; i += 1) takeFrame([one], 0, 10_000);
    expect(takeFrame([one], 0, 0)).toEqual({ kind: "slow_down", afterMs: 100 });
    expect(takeFrame([one], 0, 100)).toEqual(pass);
  });

  it("is not touched by a frame for which another does not suffice", () => {
    const [own, shared] = [fresh(), fresh()];
    for (let i = 0; i < 40; i += 1) takeFrame([shared], 0, 0);
    expect(takeFrame([own, shared], 3_000, 0).kind).toBe("slow_down");
    expect(own).toMatchObject({ left: { frames: 40, bytes: 4_000 }, refused: 0 });
  });

  it("ends a sender that goes on through a hundred refusals", () => {
    const one = fresh();
    takeFrame([one], 4_000, 0);
    for (let i = 0; i < 100; i += 1) expect(takeFrame([one], 1, 0).kind).toBe("slow_down");
    expect(takeFrame([one], 1, 0)).toEqual({ kind: "close" });
  });

  it("forgives a refusal for each frame that passes, and owes nobody any", () => {
    const one = fresh();
    takeFrame([one], 4_000, 0);
    takeFrame([one], 1, 0);
    takeFrame([one], 1, 0);
    expect(one.refused).toBe(2);
    for (const left of [1, 0, 0]) {
      takeFrame([one], 1, 1_000);
      expect(one.refused).toBe(left);
    }
  });
});

describe("work that is charged when it is done", () => {
  const budget = () => freshAllowance({ frames: 10, rows: 100 }, 0);

  it("may overdraw what is left; then no frame passes until that is made up for", () => {
    const one = budget();
    spend(one, { rows: 650 }, 0);
    expect(takeFrame([one], 0, 0)).toEqual({ kind: "slow_down", afterMs: 2_500 });
    expect(takeFrame([one], 0, 2_499)).toEqual({ kind: "slow_down", afterMs: 1 });
    expect(takeFrame([one], 0, 2_500)).toEqual(pass);
  });

  it("is not held against anybody while something is left", () => {
    const one = budget();
    spend(one, { rows: 400 }, 0);
    expect(waitFor(one, {}, 0)).toBe(0);
    spend(one, { rows: 1 }, 0);
    expect(waitFor(one, {}, 0)).toBe(10);
  });

  it("counts nothing for which there is no rate", () => {
    const one = budget();
    spend(one, { statements: 1_000_000 }, 0);
    expect(waitFor(one, {}, 0)).toBe(0);
  });
});
