import { LIMITS, type Key, type ServerOp, type SizedKey } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import type { SyncDeps } from "./piece.ts";
import { freshBudget, sendObjects, type Budget, type Sink } from "./read-objects.ts";
import { Stock } from "./stock.ts";

/** An object as the database has it: of a row, of pieces, or with its bytes gone by the time they are read. */
interface Kept {
  readonly size: number;
  readonly pieces?: readonly { readonly offset: number; readonly data: string }[];
  readonly vanished?: boolean;
}

const text = (size: number) => btoa("x".repeat(size));
const keys = (count: number): Key[] =>
  Array.from({ length: count }, (_, n) => ["blob", String(n).padStart(64, "0")]);

/** A database that has these objects, each in a pack of its own; those that are undefined are not there. */
function depsOf(kept: readonly (Kept | undefined)[], names: readonly (Key | SizedKey)[]): SyncDeps {
  const stock = new Stock(7);
  for (const [i, one] of kept.entries()) {
    const name = names[i];
    if (one === undefined || name === undefined) continue;
    const large = one.pieces !== undefined;
    const pack = { id: 100 + i, objects: 1, bytes: one.size, expiresAt: 9, pushed: false };
    stock.add({ ...pack, whole: true, large }, [[name[0], name[1], one.size]]);
  }
  const prepare = (sql: string) => ({
    bind: (...values: readonly unknown[]) => ({
      all: () => {
        if (sql.includes("sync_chunks")) {
          const [id, , from, limit] = values.map(Number);
          const pieces = kept[(id ?? 0) - 100]?.pieces ?? [];
          const rest = pieces.filter(({ offset }) => offset >= (from ?? 0));
          return Promise.resolve({ results: rest.slice(0, limit) });
        }
        const spans = JSON.parse(String(values[0])) as [number, number, number][];
        queries.push(spans.length);
        const results = spans.flatMap(([id, at, length]) => {
          const one = kept[id - 100];
          if (one === undefined || one.vanished === true) return [];
          return [{ id, data: text(one.size).slice(at, at + length) }];
        });
        return Promise.resolve({ results });
      },
    }),
  });
  const scope = { storeId: 1, userId: "usr_x" };
  return { db: { prepare } as unknown as D1Database, scope, now: 1, stock } as unknown as SyncDeps;
}

/** How many packs each query looked into. */
let queries: number[] = [];

/** Sends them, and tells what came of it. */
async function sent(
  kept: readonly (Kept | undefined)[],
  names: readonly (Key | SizedKey)[] = keys(kept.length),
  change: Partial<Budget> = {},
) {
  const budget = { ...freshBudget(), ...change };
  const ops: ServerOp[] = [];
  const gone: Key[] = [];
  let batches = 0;
  const sink: Sink = {
    enter: () => {
      batches += 1;
      return Promise.resolve(() => {
        batches -= 1;
      });
    },
    send: (op) => {
      if (batches !== 1) throw new Error("sent outside of a batch");
      ops.push(op);
    },
  };
  queries = [];
  const count = await sendObjects(depsOf(kept, names), 7, names, budget, gone, sink);
  const frames = ops.map((op) =>
    op.op === "objects"
      ? op.items.length
      : op.op === "part"
        ? `${op.offset}+${op.len} of ${op.size}`
        : op.op,
  );
  return { ops, frames, gone, count, budget };
}

describe("objects by name", () => {
  it("come in order, with type, hash, size and bytes", async () => {
    const names = keys(2);
    const { ops, gone, count, budget } = await sent([{ size: 2 }, { size: 3 }], names);
    const items = names.map(([type, hash], i) => [type, hash, 2 + i]);
    expect(ops).toEqual([
      { op: "objects", id: 7, items, bytes: new TextEncoder().encode("xxxxx") },
    ]);
    expect([gone, count]).toEqual([[], 2]);
    expect(budget).toMatchObject({ bytes: LIMITS.pageBytes - 5, gone: LIMITS.gonePerPage });
  });

  it("that are not there are named as gone, without the size they were asked with", async () => {
    const names: SizedKey[] = keys(3).map(([type, hash]) => [type, hash, 9]);
    const { frames, gone, count, budget } = await sent([undefined, { size: 1 }, undefined], names);
    expect(frames).toEqual([1]);
    expect(gone).toEqual([keys(3)[0], keys(3)[2]]);
    expect([count, budget.gone]).toEqual([3, LIMITS.gonePerPage - 2]);
  });

  it("that vanish between the look and the reading are gone, too", async () => {
    const kept = [{ size: 4, vanished: true }, { size: 2 }];
    const { ops, gone } = await sent(kept);
    expect(gone).toEqual([keys(2)[0]]);
    expect(ops).toMatchObject([{ items: [[...(keys(2)[1] ?? []), 2]], bytes: { length: 2 } }]);
    expect((await sent([{ size: 4, vanished: true }])).frames).toEqual([]);
  });

  it("fill a frame of 900,000 bytes, and begin another with the first that does not fit", async () => {
    expect((await sent([{ size: 450_000 }, { size: 450_000 }, { size: 1 }])).frames).toEqual([
      2, 1,
    ]);
    expect((await sent([{ size: 450_000 }, { size: 450_001 }])).frames).toEqual([1, 1]);
    const three = [{ size: 450_001 }, { size: 450_000 }, { size: 450_000 }];
    expect((await sent(three)).frames).toEqual([1, 2]);
  });

  it("come at most as many to a frame as one operation may name", async () => {
    const kept = Array.from({ length: LIMITS.objectsPerOp + 1 }, () => ({ size: 0 }));
    expect((await sent(kept)).frames).toEqual([LIMITS.objectsPerOp, 1]);
  });

  it("end a page once its bytes are used up, with the object that does so still in it", async () => {
    const kept = [{ size: 3 }, { size: 3 }, { size: 3 }];
    const exact = await sent(kept, keys(3), { bytes: 6, gone: 9 });
    expect([exact.count, exact.frames]).toEqual([2, [2]]);
    expect((await sent(kept, keys(3), { bytes: 7, gone: 9 })).count).toBe(3);
  });

  it("end a page once it names as many as gone as it may", async () => {
    const kept = [undefined, undefined, { size: 1 }];
    expect((await sent(kept, keys(3), { bytes: 9, gone: 2 })).count).toBe(2);
    expect((await sent(kept, keys(3), { bytes: 9, gone: 3 })).count).toBe(3);
  });
});

describe("the database", () => {
  it("is asked once for a thousand small packs, and once for each few megabytes", async () => {
    await sent(Array.from({ length: 1_000 }, () => ({ size: 10 })));
    expect(queries).toEqual([1_000]);
    await sent(Array.from({ length: 8 }, () => ({ size: 1_000_000 })));
    expect(queries).toEqual([2, 2, 2, 2]);
  });

  it("looks through so much for one page, and no more", async () => {
    const kept = Array.from({ length: 9 }, () => ({ size: 3 }));
    expect((await sent(kept, keys(9), { looked: 7 })).count).toBe(3);
  });
});

describe("a large object", () => {
  const pieces = [
    { offset: 0, data: text(3) },
    { offset: 3, data: text(2) },
  ];

  it("comes piece by piece, behind what was to come before it", async () => {
    const { ops, frames, gone } = await sent([{ size: 1 }, { size: 5, pieces }, { size: 1 }]);
    expect(frames).toEqual([1, "0+3 of 5", "3+2 of 5", 1]);
    const [type, hash] = keys(2)[1] ?? [];
    expect(ops[1]).toMatchObject({ op: "part", id: 7, type, hash, bytes: { length: 3 } });
    expect(gone).toEqual([]);
  });

  it("of which a piece is missing is gone, and counts as such", async () => {
    const { frames, gone, budget } = await sent([{ size: 9, pieces }, { size: 1 }]);
    expect(frames).toEqual(["0+3 of 9", "3+2 of 9", 1]);
    expect(gone).toEqual([keys(1)[0]]);
    expect(budget.gone).toBe(LIMITS.gonePerPage - 1);
  });
});
