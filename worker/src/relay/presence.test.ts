import { LIMITS, type ServerOp } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { deviceOf, hubAlone } from "../../test/hub-alone.ts";
import { takeIn } from "./intake.ts";
import { sharePresence } from "./presence.ts";

const presences = (told: readonly ServerOp[]) => told.filter(({ op }) => op === "presence");
const says = (state: string) => JSON.stringify([{ op: "presence", state }]);

describe("who is here", () => {
  it("is told to each device twice at most, however many change at once", async () => {
    const { hub, waits } = hubAlone();
    const devices = Array.from({ length: 16 }, (_, n) => deviceOf(hub, { device: `d${n}` }));
    for (const { connection } of devices) await takeIn(hub, connection, says("busy"));
    await Promise.all(waits);
    // The first change is told at once, all others together when the window is over.
    for (const { told } of devices) expect(presences(told)).toHaveLength(2);
    const [first] = devices;
    const last = presences(first?.told ?? []).at(-1);
    expect(last).toMatchObject({ devices: devices.map(() => ({ state: "busy" })) });
  });

  it("is told at once after a quiet time, and when the clock was put back", async () => {
    const { hub, waits } = hubAlone();
    const { told } = deviceOf(hub);
    hub.presence.at = hub.world.now() - LIMITS.presenceWindowMs;
    sharePresence(hub);
    sharePresence(hub);
    await Promise.resolve();
    expect([presences(told).length, waits.length]).toEqual([1, 0]);
    hub.presence.at = hub.world.now() + 1_000_000;
    sharePresence(hub);
    await Promise.all(waits);
    expect(presences(told)).toHaveLength(2);
  });
});
