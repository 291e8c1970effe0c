import { saying } from "../../test/device.ts";
import { LIMITS, type Push } from "@gitblobs/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OutcomeRow } from "./event-table.ts";
import { standingsOf, type Standing } from "./standing.ts";

const hash = fc.constantFrom(null, "a".repeat(64), "b".repeat(64));
const push = fc.record({
  ref: fc.constantFrom("main", "other"),
  mid: fc.constantFrom("m1", "m2", "m3", "m4", "m5", "m6"),
  old: hash,
  new: hash,
  /** Whether there is room for it when its turn comes. */
  fits: fc.boolean(),
});

describe("what a push of a group found", () => {
  it("is what there was when its turn came, whatever the others of its group did", () => {
    fc.assert(
      fc.property(fc.array(push, { maxLength: 12 }), hash, hash, (wanted, main, other) => {
        const refs = new Map<string, string | null>([
          ["main", main],
          ["other", other],
        ]);
        const standing = (ref: string) => refs.get(ref) ?? null;
        const count = () => [...refs.values()].filter((at) => at !== null).length;
        const head = 7;
        const tried = new Set<string>();
        const events = new Map<string, { seq: number; one: (typeof wanted)[number] }>();
        const found = wanted.map((one): Standing => {
          const before = { stood: standing(one.ref), refs: count() };
          const isFirst = !tried.has(one.mid);
          tried.add(one.mid);
          if (isFirst && one.fits && before.stood === one.old) {
            events.set(one.mid, { seq: head + events.size + 1, one });
            refs.set(one.ref, one.new);
          }
          return before;
        });
        const rows = wanted.map(({ ref, mid }, i): readonly [number, OutcomeRow] => {
          const { seq, one } = events.get(mid) ?? {};
          const event = {
            ...{ seq: seq ?? null, kind: seq === undefined ? null : ("push" as const) },
            ...{ ref: one?.ref ?? null, old: one?.old ?? null, new: one?.new ?? null },
          };
          return [
            i,
            {
              i,
              ...event,
              recipient_id: null,
              recipient: null,
              note: null,
              current: standing(ref),
              refs: count(),
              noted: 0,
            },
          ];
        });
        const ops = wanted.map((one, id): Push => ({ op: "push", id, ...one }));
        expect(standingsOf(ops, new Map(rows), head)).toEqual(found);
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not count what was published before the group", () => {
    const op: Push = { op: "push", id: 1, mid: "m", ref: "main", old: null, new: "a".repeat(64) };
    const row: OutcomeRow = {
      ...{ i: 0, seq: 7, kind: "push", ref: "main", old: null, new: op.new },
      ...{ recipient_id: null, recipient: null, note: null, current: "b".repeat(64) },
      ...{ refs: LIMITS.refsPerStore, noted: 0 },
    };
    expect(standingsOf([op], new Map([[0, row]]), 7)).toEqual([
      { stood: "b".repeat(64), refs: LIMITS.refsPerStore },
    ]);
  });

  it("is passed over where a message is kept between them", () => {
    const send = { op: "send", id: 1, mid: "s", keep: true, ...saying("text") } as const;
    const move: Push = { op: "push", id: 2, mid: "m", ref: "main", old: "a".repeat(64), new: null };
    const common = {
      ...{ kind: null, ref: null, old: null, new: null, recipient_id: null, recipient: null },
      ...{ note: null, noted: 0 },
    };
    const rows = new Map<number, OutcomeRow>([
      [0, { ...common, i: 0, seq: null, current: null, refs: 0 }],
      [1, { ...common, i: 1, seq: 8, kind: "message", current: null, refs: 0 }],
      [2, { ...common, i: 2, seq: 9, kind: "push", current: null, refs: 0 }],
    ]);
    const stale: Push = { ...move, id: 3, mid: "n", old: null };
    expect(standingsOf([stale, send, move], rows, 7).map(({ stood }) => stood)).toEqual([
      "a".repeat(64),
      null,
      "a".repeat(64),
    ]);
  });
});
