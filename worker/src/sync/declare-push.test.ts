import { env } from "cloudflare:workers";
import type { Party, SizedKey } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { declarePushes } from "./declare-push.ts";
import type { Declared } from "./declaration-table.ts";
import { readSettings } from "./settings.ts";
import { Stock } from "./stock.ts";

const settings = { ...readSettings(env), quotaBytes: 1_000, quotaObjects: 10 };
const scope = { userId: "usr_x", storeId: 1 };
const objects = [100, 200, 300].map((size, n): SizedKey => ["blob", String(n).repeat(64), size]);
const rows = (...results: object[]) => ({ results }) as unknown as D1Result;

/** What a device is told whose declaration came out so, of which these are not there, with so much used. */
async function told(
  declared: Declared,
  absent: readonly number[],
  usage?: { bytes: number; objects: number },
) {
  const stock = new Stock(1);
  const dropped: string[] = [];
  const there = objects.filter((_, i) => !absent.includes(i));
  const pack = { id: 1, objects: there.length, bytes: 1, expiresAt: 9_000, pushed: false };
  stock.add({ ...pack, whole: true, large: false }, there);
  const declarations = {
    declare: () => declared,
    listOf: () => [],
    drop: ([, device]: Party, mid: string) => dropped.push(`${device} ${mid}`),
  };
  const deps = { db: env.DB, scope, settings, now: 1_000, stock, declarations, newId: () => 1 };
  const have = { op: "have", id: 3, mid: "m", objects } as const;
  const piece = declarePushes(deps, [{ party: ["u", "laptop"], have }]);
  const [outcome] = await piece.settle([rows(...(usage === undefined ? [] : [usage]))], 0);
  return { op: outcome?.kind === "answer" ? outcome.op : undefined, dropped };
}
const wanted = async (...given: Parameters<typeof told>) => (await told(...given)).op;

describe("a declaration", () => {
  it("is answered with what is not there, all of it where the quota has room", async () => {
    expect(await wanted("declared", [0, 2], { bytes: 0, objects: 0 })).toEqual({
      op: "want",
      id: 3,
      need: [0, 2],
      over: [],
    });
    expect(await wanted("declared", [], undefined)).toMatchObject({ need: [], over: [] });
  });

  it("tells what would go over the quota of bytes, counting what goes before", async () => {
    const after = (bytes: number) => wanted("declared", [0, 1, 2], { bytes, objects: 0 });
    expect(await after(400)).toMatchObject({ need: [0, 1, 2], over: [] });
    expect(await after(401)).toMatchObject({ need: [0, 1], over: [2] });
    expect(await after(701)).toMatchObject({ need: [0], over: [1, 2] });
    expect(await after(999)).toMatchObject({ need: [], over: [0, 1, 2] });
  });

  it("goes on with what still fits behind what does not", async () => {
    const used = { bytes: 850, objects: 0 };
    expect(await wanted("declared", [0, 1, 2], used)).toMatchObject({ need: [0], over: [1, 2] });
  });

  it("tells what would go over the quota of objects", async () => {
    const after = (count: number) => wanted("declared", [0, 1, 2], { bytes: 0, objects: count });
    expect(await after(7)).toMatchObject({ need: [0, 1, 2], over: [] });
    expect(await after(8)).toMatchObject({ need: [0, 1], over: [2] });
    expect(await after(10)).toMatchObject({ need: [], over: [0, 1, 2] });
  });

  it("that was not taken is one of too many objects, or over the quota, and is not kept", async () => {
    expect(await told("too_many", [])).toMatchObject({ op: { code: "too_many" }, dropped: [] });
    expect(await told("full", [])).toMatchObject({ op: { code: "quota" }, dropped: ["laptop m"] });
    const full = { bytes: 1_000, objects: 0 };
    expect(await told("declared", [], full)).toMatchObject({
      op: { code: "quota" },
      dropped: ["laptop m"],
    });
  });
});
