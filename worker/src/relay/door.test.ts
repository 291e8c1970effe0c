import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Env } from "../env.ts";
import { staleSocketsMs } from "../sync/store-table.ts";
import { eraseStore, relayDoor } from "./door.ts";

const now = 10 * staleSocketsMs;

/** The stores whose hubs are asked; some of the hubs cannot be reached. */
function doorOf(rows: readonly number[], unreachable: readonly number[] = []) {
  const asked: [string, unknown][] = [];
  const bound: unknown[][] = [];
  const bind = (...values: unknown[]) => ({
    all: () => {
      bound.push(values);
      const [after, , limit] = values.map(Number);
      const page = rows.filter((id) => id > (after ?? 0)).slice(0, limit);
      return Promise.resolve({ results: page.map((store_id) => ({ store_id })) });
    },
    run: () => Promise.resolve(asked.push(["rows", values[0]])),
  });
  const DB = {
    prepare: () => ({ bind }),
    batch: (all: unknown[]) => {
      asked.push(["rows", all.length > 0]);
      return Promise.resolve([]);
    },
  } as unknown as D1Database;
  const HUB = {
    idFromName: (name: string) => name,
    get: (name: string) => ({
      closeSockets: (owner: unknown) => {
        asked.push([name, owner]);
        const lost = unreachable.some((id) => name === `store:${id}`);
        return lost ? Promise.reject(new Error("no hub")) : Promise.resolve();
      },
      forget: () => Promise.resolve(asked.push([name, "forget"])),
    }),
  } as unknown as Env["HUB"];
  return { env: { ...env, DB, HUB } as Env, asked, bound };
}

describe("closing every socket", () => {
  it("asks each hub that told of sockets of late, page by page", async () => {
    const ids = Array.from({ length: 501 }, (_, n) => n + 1);
    const { env: given, asked, bound } = doorOf(ids);
    expect(await relayDoor.closeEverySocket(given, now)).toBe(0);
    expect(asked).toEqual(ids.map((id) => [`store:${id}`, { code: 4401 }]));
    const since = now - staleSocketsMs;
    expect(bound).toEqual([
      [0, since, 250],
      [250, since, 250],
      [500, since, 250],
    ]);
  });

  it("counts the hubs that could not be reached, and goes on with the others", async () => {
    const { env: given, asked } = doorOf([1, 2, 3, 4], [2, 3]);
    expect(await relayDoor.closeEverySocket(given, now)).toBe(2);
    expect(asked).toHaveLength(4);
  });
});

describe("removing a store", () => {
  it("closes its sockets before its rows go, and once more behind them", async () => {
    const { env: given, asked } = doorOf([]);
    await eraseStore(given, 7);
    expect(asked.map(([what, how]) => (what === "rows" ? "rows" : [what, how]))).toEqual([
      ["store:7", "forget"],
      "rows",
      ["store:7", "forget"],
    ]);
  });
});
