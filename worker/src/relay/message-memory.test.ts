import type { Send } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { saying } from "../../test/device.ts";
import { recallMessages } from "./message-memory.ts";

interface Entry {
  readonly at: number;
  readonly names: readonly string[];
}

/** The storage of a hub, and what it waits for before it may sleep. */
function storageWith(entries: Readonly<Record<string, Entry>> = {}) {
  const kept = new Map(Object.entries(entries));
  const deletes: (readonly string[])[] = [];
  const waiting: Promise<unknown>[] = [];
  const storage = {
    list: ({ prefix }: { readonly prefix: string }) =>
      Promise.resolve(new Map([...kept].filter(([key]) => key.startsWith(prefix)))),
    put: (key: string, entry: Entry) => {
      kept.set(key, entry);
      return Promise.resolve();
    },
    delete: (keys: readonly string[]) => {
      deletes.push(keys);
      for (const key of keys) kept.delete(key);
      return Promise.resolve(true);
    },
  };
  const waitUntil = (work: Promise<unknown>) => waiting.push(work);
  const ctx = { storage, waitUntil } as unknown as DurableObjectState;
  const written = async () => {
    await Promise.all(waiting.splice(0));
    return [...kept.keys()];
  };
  return { ctx, kept, deletes, written, waiting };
}

const remembered = 600_000;

const say = (mid: string, body = "words", to?: string): Send => ({
  op: "send",
  id: 1,
  mid,
  ...saying(body),
  ...(to === undefined ? {} : { to: ["u", to] }),
});

describe("the memory of relayed messages", () => {
  it("lets each mid of a device through once", async () => {
    const memory = await recallMessages(storageWith().ctx, 0);
    expect(memory.admit("a", say("1"), 0)).toBe("new");
    expect(memory.admit("a", say("1"), 0)).toBe("known");
    expect(memory.admit("b", say("1"), 0)).toBe("new");
    expect(memory.admit("a", say("2"), 0)).toBe("new");
  });

  it("tells a mid that comes again with other words, or for somebody else, before a sleep and after", async () => {
    const { ctx, written } = storageWith();
    const memory = await recallMessages(ctx, 0);
    memory.admit("a", say("1"), 0);
    await written();
    for (const one of [memory, await recallMessages(ctx, 1)]) {
      expect(one.admit("a", say("1"), 1)).toBe("known");
      expect(one.admit("a", say("1", "other words"), 1)).toBe("reused");
      expect(one.admit("a", say("1", "words", "b"), 1)).toBe("reused");
    }
  });

  it("writes the mids of a moment together, and knows them after a sleep", async () => {
    const { ctx, kept, written, waiting } = storageWith();
    const memory = await recallMessages(ctx, 5);
    memory.admit("a", say("1"), 5);
    memory.admit("a", say("2"), 6);
    expect(waiting).toHaveLength(1);
    expect(await written()).toEqual(["mids:000000000000005:000000000"]);
    expect([...kept.values()]).toMatchObject([{ at: 5, names: ["a 1", "a 2"] }]);
    memory.admit("a", say("3"), 7);
    expect(await written()).toHaveLength(2);
    const again = await recallMessages(ctx, 8);
    for (const mid of ["1", "2", "3"]) expect(again.admit("a", say(mid), 8)).toBe("known");
    again.admit("a", say("4"), 7);
    expect(await written()).toContain("mids:000000000000007:000000002");
  });

  it("forgets a mid after ten minutes, and not before", async () => {
    const old = { "mids:0": { at: 0, names: ["a 1"] }, other: { at: 0, names: ["a 9"] } };
    const before = storageWith(old);
    expect((await recallMessages(before.ctx, remembered)).admit("a", say("1"), 0)).toBe("known");
    expect(before.deletes).toEqual([]);
    const after = storageWith(old);
    const memory = await recallMessages(after.ctx, remembered + 1);
    expect(memory.admit("a", say("1"), 0)).toBe("new");
    expect(memory.admit("a", say("9"), 0)).toBe("new");
    expect(after.deletes).toEqual([["mids:0"]]);
  });

  it("forgets while it is awake, too", async () => {
    const { ctx, kept, written } = storageWith();
    const memory = await recallMessages(ctx, 0);
    memory.admit("a", say("1"), 0);
    await written();
    memory.admit("a", say("2"), remembered + 1);
    await written();
    expect([...kept.values()].flatMap(({ names }) => names)).toEqual(["a 2"]);
    expect(memory.admit("a", say("1"), remembered + 1)).toBe("new");
  });

  it("deletes at most 128 entries in one call", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`mids:${n}`, { at: 0, names: [`a ${n}`] }]),
    );
    const { ctx, deletes } = storageWith(many);
    await recallMessages(ctx, remembered + 1);
    expect(deletes.map(({ length }) => length)).toEqual([128, 128, 44]);
  });

  it("has an end: beyond a hundred thousand mids the oldest go", async () => {
    const half = (from: string) => Array.from({ length: 50_000 }, (_, n) => `${from} ${n}`);
    const full = { "mids:1": { at: 1, names: half("a") }, "mids:2": { at: 2, names: half("b") } };
    const fits = storageWith(full);
    await recallMessages(fits.ctx, 3);
    expect(fits.deletes).toEqual([]);
    const over = storageWith({ ...full, "mids:3": { at: 3, names: ["c 1"] } });
    const memory = await recallMessages(over.ctx, 3);
    expect(over.deletes).toEqual([["mids:1"]]);
    expect(memory.admit("a", say("7"), 3)).toBe("new");
    expect(memory.admit("b", say("7"), 3)).toBe("known");
  });

  it("keeps each entry below the storage's limit", async () => {
    const { ctx, kept, written } = storageWith();
    const memory = await recallMessages(ctx, 0);
    for (let n = 0; n < 10_001; n += 1) memory.admit("a", say(String(n)), 0);
    await written();
    expect([...kept.values()].map(({ names }) => names.length)).toEqual([10_000, 1]);
  });
});
