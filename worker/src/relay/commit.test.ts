import { describe, expect, it } from "vitest";
import { isTransient, isUnavailable, runBatch } from "./commit.ts";

const lost = new Error("D1_ERROR: Network connection lost.");
const overloaded = new Error("D1_ERROR: D1 DB is overloaded. Requests queued for too long.");
const wrong = new Error("D1_ERROR: no such table: nonsense: SQLITE_ERROR");

/** A database that fails with each of the errors in turn, then answers. */
function databaseOf(...errors: readonly Error[]) {
  const left = [...errors];
  const tries: number[] = [];
  const batch = (statements: readonly unknown[]) => {
    tries.push(statements.length);
    const error = left.shift();
    return error === undefined ? Promise.resolve(["done"]) : Promise.reject(error);
  };
  return { db: { batch } as unknown as D1Database, tries };
}
const two = [{}, {}] as unknown as readonly D1PreparedStatement[];

describe("a batch", () => {
  it("is run once where the database answers", async () => {
    const { db, tries } = databaseOf();
    expect(await runBatch(db, two)).toEqual(["done"]);
    expect(tries).toEqual([2]);
  });

  it("is run again, twice at most, where the database could not be reached", async () => {
    const twice = databaseOf(lost, lost);
    expect(await runBatch(twice.db, two)).toEqual(["done"]);
    expect(twice.tries).toEqual([2, 2, 2]);
    const thrice = databaseOf(lost, lost, lost);
    await expect(runBatch(thrice.db, two)).rejects.toBe(lost);
    expect(thrice.tries).toHaveLength(3);
  });

  it.each([overloaded, wrong])("is not run again after %s", async (error) => {
    const { db, tries } = databaseOf(error);
    await expect(runBatch(db, two)).rejects.toBe(error);
    expect(tries).toHaveLength(1);
  });

  it("fails for the database's sake or for ours", () => {
    expect([lost, overloaded, wrong].map(isUnavailable)).toEqual([true, true, false]);
    expect([lost, overloaded, wrong].map(isTransient)).toEqual([true, false, false]);
    expect(isUnavailable("no error at all")).toBe(false);
  });
});
