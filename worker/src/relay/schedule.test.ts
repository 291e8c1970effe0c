import { describe, expect, it } from "vitest";
import type { Hub } from "./hub.ts";
import { moveAlarm, setAlarm } from "./schedule.ts";

const now = 1_000_000;

interface Socket {
  readonly device: string | null;
  readonly since: number;
  readonly until: number;
  readonly warned: boolean;
}
const quiet: Socket = { device: "a", since: now, until: now + 9_000_000, warned: false };

/** What the scheduler sees of a hub: its sockets, its doubts and its one alarm. */
function hubWith(sockets: readonly Socket[], unsure = false, present: number | null = null) {
  const alarm = { at: present };
  const storage = {
    getAlarm: () => Promise.resolve(alarm.at),
    setAlarm: (at: number) => {
      alarm.at = at;
      return Promise.resolve();
    },
  };
  const hub = {
    world: { now: () => now },
    ctx: { storage },
    unsure,
    connections: new Map(sockets.map((attachment, at) => [at, { attachment }])),
  } as unknown as Hub;
  return { hub, alarm };
}

async function alarmOf(...given: Parameters<typeof hubWith>): Promise<number | null> {
  const { hub, alarm } = hubWith(...given);
  await setAlarm(hub);
  return alarm.at;
}

describe("the alarm of a hub", () => {
  it("is not set for nobody and nothing", async () => {
    expect(await alarmOf([])).toBeNull();
    const { hub, alarm } = hubWith([], false, 7);
    await moveAlarm(hub);
    expect(alarm.at).toBe(7);
  });

  it("looks at the sessions every five minutes while somebody is there", async () => {
    expect(await alarmOf([quiet])).toBe(now + 300_000);
  });

  it("looks a second later for events of a batch whose end is not known", async () => {
    expect(await alarmOf([quiet], true)).toBe(now + 1_000);
    expect(await alarmOf([], true)).toBe(now + 1_000);
  });

  it("comes for a hello that is late", async () => {
    expect(await alarmOf([quiet, { ...quiet, device: null, since: now - 4_000 }])).toBe(
      now + 6_000,
    );
  });

  it("comes a minute before a token ends, and at its end", async () => {
    const ending = { ...quiet, until: now + 100_000 };
    expect(await alarmOf([ending])).toBe(now + 40_000);
    expect(await alarmOf([{ ...ending, warned: true }])).toBe(now + 100_000);
  });

  it("never lies in the past", async () => {
    expect(await alarmOf([{ ...quiet, until: now - 1 }])).toBe(now + 10);
  });

  it("is only ever moved forward by what newly needs it", async () => {
    expect(await alarmOf([quiet], false, now + 100)).toBe(now + 100);
    expect(await alarmOf([quiet], false, now + 300_001)).toBe(now + 300_000);
  });

  it("is put off when what it was for has gone", async () => {
    const { hub, alarm } = hubWith([quiet], false, now + 100);
    await moveAlarm(hub);
    expect(alarm.at).toBe(now + 300_000);
  });
});
