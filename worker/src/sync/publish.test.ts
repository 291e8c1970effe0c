import { env } from "cloudflare:workers";
import { LIMITS, type Push, type SizedKey } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { publish } from "./publish.ts";
import { readSettings } from "./settings.ts";
import { Stock } from "./stock.ts";

const [before, after] = ["a".repeat(64), "b".repeat(64)];
const move: Push = { op: "push", id: 5, mid: "m", ref: "main", old: before, new: after };
const row = {
  seq: null,
  kind: null,
  ref: null,
  old: null,
  new: null,
  note: null,
  noted: 0,
  recipient: null,
  current: before,
  refs: 1,
};
const rows = (...results: object[]) => ({ results }) as unknown as D1Result;

/** How a push came out that the database answered so, of whose objects these are not there. */
async function outcomeOf(push: Push, found: object | undefined, missing: SizedKey[] = []) {
  const scope = { userId: "usr_x", storeId: 1 };
  const declarations = {
    declare: () => "declared" as const,
    listOf: () => missing,
    drop: () => undefined,
  };
  const deps = {
    ...{ db: env.DB, scope, settings: readSettings(env), now: 1_000 },
    ...{ stock: new Stock(1), declarations, newId: () => 1 },
  };
  const results = [rows(...(found === undefined ? [] : [{ i: 0, ...found }]))];
  const piece = publish(deps, [{ party: ["u", "laptop"], op: push }], () => undefined);
  const [outcome] = await piece.settle(results, 0);
  return outcome?.kind === "answer" ? outcome.op : outcome;
}
const event = { ...row, seq: 9, kind: "push", ref: "main", old: before, new: after };

describe("a push", () => {
  it("is the event that has its mid, when that says the same", async () => {
    expect(await outcomeOf(move, event)).toEqual({ kind: "event", id: 5, mid: "m", seq: 9 });
  });

  it.each([{ ref: "other" }, { old: null }, { new: null }, { note: "AAAA" }])(
    "is refused when the event that has its mid says %j",
    async (other) => {
      expect(await outcomeOf(move, { ...event, ...other })).toMatchObject({ code: "mid_reused" });
    },
  );

  it("is refused where its ref stands elsewhere, and told where", async () => {
    const elsewhere = { ...row, current: after };
    expect(await outcomeOf(move, elsewhere)).toMatchObject({
      code: "ref_conflict",
      current: after,
    });
    expect(await outcomeOf(move, undefined)).toMatchObject({ code: "ref_conflict", current: null });
    expect(await outcomeOf({ ...move, old: null }, row)).toMatchObject({ code: "ref_conflict" });
  });

  it("is told which of its objects are not there", async () => {
    expect(await outcomeOf(move, row, [["blob", after, 1]])).toMatchObject({
      id: 5,
      code: "missing",
      need: [["blob", after]],
    });
  });

  it("makes no ref beyond the most a store may have, and moves and removes those it has", async () => {
    const full = { ...row, refs: LIMITS.refsPerStore };
    const create = { ...move, old: null };
    const free = { ...full, current: null };
    expect(await outcomeOf(create, free)).toMatchObject({ code: "too_many" });
    const room = { ...free, refs: LIMITS.refsPerStore - 1 };
    expect(await outcomeOf(create, room)).toMatchObject({ code: "quota" });
    expect(await outcomeOf(move, full)).toMatchObject({ code: "quota" });
    expect(await outcomeOf({ ...create, new: null }, free)).toMatchObject({ code: "quota" });
    expect(await outcomeOf(create, undefined)).toMatchObject({ code: "quota" });
  });
});
