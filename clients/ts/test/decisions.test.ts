import { describe, expect, it } from "vitest";
import { sameEntry, type Resolve } from "../src/history/index.ts";
import { headOf } from "../src/store/index.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { settled, TestDevice } from "./test-device.ts";

/** Two devices that changed the same files, each in its own way; b is in conflict. */
async function conflict(...names: string[]) {
  const relay = new MemoryRelay();
  const a = await new TestDevice(relay.world(), "a").start();
  const b = await new TestDevice(relay.world(), "b").start();
  await a.write("base", "base");
  await settled(a, relay);
  await settled(b, relay);
  await b.sync.stop();
  for (const name of names) await a.write(name, "from a");
  await settled(a, relay);
  for (const name of names) await b.write(name, "from b");
  b.sync.start();
  await b.phase("conflict");
  const stop = () => Promise.all([a.sync.stop(), b.sync.stop()]);
  return { relay, a, b, stop };
}

const takeOurs: Resolve = ({ ours }) => ours;
const takeTheirs: Resolve = ({ theirs }) => theirs;

/** Decides one file for the very contents that were shown, as a program does that shows them to a user. */
function decideShown(shown: Parameters<Resolve>[0]): Resolve {
  return (now) =>
    now.path === shown.path &&
    sameEntry(now.ours, shown.ours) &&
    sameEntry(now.theirs, shown.theirs)
      ? now.theirs
      : undefined;
}

const shownBy = ({ sync }: TestDevice) => {
  const { undecided } = sync.status;
  if (undecided?.kind !== "conflict") throw new Error("there is no conflict");
  return undecided.conflicts;
};

describe("a conflict", () => {
  it("takes nothing of the other side's away until it is decided, and then all converge", async () => {
    const { relay, a, b, stop } = await conflict("f");
    expect(shownBy(b)).toMatchObject([{ path: "f", why: "added" }]);
    expect(await b.files()).toEqual({ base: "base", f: "from a" });
    b.sync.resolve(takeOurs);
    await b.phase("up-to-date");
    await settled(a, relay);
    expect(await a.files()).toEqual({ base: "base", f: "from b" });
    expect(await headOf(a.storage)).toBe(await headOf(b.storage));
    await stop();
  });

  it("stays in the status while phases come and go, until it is settled", async () => {
    const { relay, b, stop } = await conflict("f");
    const shown = b.sync.status.undecided;
    relay.isDown = true;
    relay.cut();
    await b.phase("offline");
    expect(b.sync.status.undecided).toEqual(shown);
    relay.isDown = false;
    b.sync.notify();
    await b.phase("conflict");
    expect(b.sync.status.undecided).toEqual(shown);
    b.sync.resolve(takeTheirs);
    await b.phase("up-to-date");
    expect(b.sync.status.undecided).toBeUndefined();
    await stop();
  });

  it("is replaced by the new one when either side changed again", async () => {
    const { a, b, stop } = await conflict("f");
    const [first] = shownBy(b);
    await a.write("f", "again from a");
    await b.until(() => shownBy(b)[0]?.theirs?.blob_hash !== first?.theirs?.blob_hash);
    expect(shownBy(b)).toMatchObject([{ path: "f", ours: first?.ours }]);
    expect(await b.files()).toMatchObject({ f: "again from a" });
    await stop();
  });

  it("is settled by a decision that came while a round ran", async () => {
    const { relay, a, b, stop } = await conflict("f");
    let isDecided = false;
    relay.refuse = (op) => {
      if (op.op === "fetch" && !isDecided) {
        isDecided = true;
        b.sync.resolve(takeTheirs);
      }
      return undefined;
    };
    await a.write("other", "moves the relay on");
    await b.phase("up-to-date");
    expect(await b.files()).toEqual({ base: "base", f: "from a", other: "moves the relay on" });
    await stop();
  });

  it("is decided file by file when another one joins", async () => {
    const { relay, a, b, stop } = await conflict("f");
    const [first] = shownBy(b);
    if (first === undefined) throw new Error("nothing is shown");
    await b.sync.stop();
    await a.write("g", "from a");
    await settled(a, relay);
    await b.write("g", "from b");
    b.sync.start();
    await b.until(() => shownBy(b).length === 2);
    b.sync.resolve(decideShown(first));
    await b.until(() => shownBy(b).length === 1);
    expect(shownBy(b)).toMatchObject([{ path: "g" }]);
    b.sync.resolve(takeOurs);
    await b.phase("up-to-date");
    await settled(a, relay);
    expect(await b.files()).toEqual({ base: "base", f: "from a", g: "from b" });
    await stop();
  });

  it("is not decided by what was decided for an earlier one", async () => {
    const { relay, a, b, stop } = await conflict("f");
    b.sync.resolve(takeTheirs);
    await b.phase("up-to-date");
    await settled(a, relay);
    await b.sync.stop();
    await a.write("f", "second from a");
    await settled(a, relay);
    await b.write("f", "second from b");
    b.sync.start();
    await b.phase("conflict");
    expect(shownBy(b)).toMatchObject([{ path: "f" }]);
    await stop();
  });
});

describe("two unrelated histories", () => {
  async function unrelated(file: string) {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    await a.write("f", "from a");
    await settled(a, relay);
    const b = new TestDevice(relay.world(), "b");
    await b.write(file, "from b");
    await b.start();
    await b.phase("unrelated");
    expect(b.sync.status.undecided).toMatchObject({ kind: "unrelated" });
    return { relay, b, stop: () => Promise.all([a.sync.stop(), b.sync.stop()]) };
  }

  it("become one when the local one may go", async () => {
    const { relay, b, stop } = await unrelated("dummy.txt");
    b.sync.chooseUnrelated("replace-local");
    await settled(b, relay);
    expect(await b.files()).toEqual({ f: "from a" });
    await b.until(({ undecided }) => undecided === undefined);
    await stop();
  });

  it("that are to be merged still are when their conflicts are decided", async () => {
    const { relay, b, stop } = await unrelated("f");
    b.sync.chooseUnrelated("merge");
    await b.phase("conflict");
    b.sync.resolve(takeTheirs);
    await b.phase("up-to-date");
    await settled(b, relay);
    expect(await b.files()).toEqual({ f: "from a" });
    await stop();
  });
});
