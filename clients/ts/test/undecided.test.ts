import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { fileMemory } from "../src/node/index.ts";
import { headOf } from "../src/store/index.ts";
import { volatileMemory } from "../src/sync/index.ts";
import { MemoryRelay } from "./memory-relay.ts";
import { settled, TestDevice } from "./test-device.ts";

const folder = mkdtempSync(`${tmpdir()}/gitblobs-undecided-`);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const lines = "one\ntwo\nthree\nfour\n";

/** Two devices with a file of four lines; each changes it as told while b is away, and then they meet. */
async function meeting(onA: string, onB: string, memory = volatileMemory()) {
  const relay = new MemoryRelay();
  const a = await new TestDevice(relay.world(), "a").start();
  const b = await new TestDevice(relay.world(), "b", { memory }).start();
  await a.write("f", lines);
  await settled(a, relay);
  await settled(b, relay);
  await b.sync.stop();
  await a.write("f", onA);
  await settled(a, relay);
  await b.write("f", onB);
  b.sync.start();
  return { relay, a, b, memory, stop: () => Promise.all([a.sync.stop(), b.sync.stop()]) };
}

const ours = lines.replace("one", "b's one");
const theirs = lines.replace("one", "a's one");
const shown = ({ sync }: TestDevice) =>
  sync.status.undecided?.kind === "conflict" ? sync.status.undecided.conflicts : [];

describe("two devices that change one file", () => {
  it("in different lines are not asked, and both changes arrive everywhere", async () => {
    const { relay, a, b, stop } = await meeting(theirs, lines.replace("four", "b's four"));
    await b.phase("up-to-date");
    await settled(b, relay);
    await settled(a, relay);
    for (const device of [a, b])
      expect(await device.files()).toEqual({ f: "a's one\ntwo\nthree\nb's four\n" });
    expect(b.statuses.some(({ phase }) => phase.kind === "conflict")).toBe(false);
    await stop();
  });

  it("in the same line are asked, with the base, both versions and the other device's name", async () => {
    const { b, stop } = await meeting(theirs, ours);
    await b.phase("conflict");
    const [conflict] = shown(b);
    expect(conflict).toMatchObject({ path: "f", why: "lines", device: "a" });
    const text = async (hash: string | undefined) =>
      new TextDecoder().decode((await b.storage.getBlob(hash ?? ""))?.content.data);
    expect(await text(conflict?.base?.blob_hash)).toBe(lines);
    expect(await text(conflict?.ours?.blob_hash)).toBe(ours);
    expect(await text(conflict?.theirs?.blob_hash)).toBe(theirs);
    await stop();
  });
});

describe("a file that is undecided", () => {
  it("holds up no other: what either device writes goes on travelling", async () => {
    const { relay, a, b, stop } = await meeting(theirs, ours);
    await b.phase("conflict");
    await b.write("g", "from b");
    await a.until(({ phase }) => phase.kind === "up-to-date");
    await settled(b, relay);
    await settled(a, relay);
    expect(await a.files()).toEqual({ f: theirs, g: "from b" });
    await a.write("h", "from a");
    await settled(a, relay);
    await settled(b, relay);
    expect(await b.files()).toEqual({ f: theirs, g: "from b", h: "from a" });
    expect(shown(b)).toMatchObject([{ path: "f" }]);
    await stop();
  });

  it("is asked about after a restart, also where the relay is out of reach", async () => {
    const { relay, b, memory, stop } = await meeting(theirs, ours, fileMemory(`${folder}/cursor`));
    await b.phase("conflict");
    const before = shown(b);
    await stop();
    const parts = { storage: b.storage, memory: fileMemory(`${folder}/cursor`) };
    const again = new TestDevice(relay.world(), "b", parts);
    await again.login.logIn("ada", "secret", "b");
    relay.isDown = true;
    await again.start();
    await again.until(({ undecided }) => undecided !== undefined);
    expect(shown(again)).toMatchObject([{ path: "f", ours: before[0]?.ours, device: "a" }]);
    relay.isDown = false;
    again.sync.notify();
    await again.phase("conflict");
    again.sync.resolve(({ ours: own }) => own);
    await again.phase("up-to-date");
    expect(await again.files()).toEqual({ f: ours });
    expect(await memory.loadUndecided()).toEqual([]);
    await again.sync.stop();
  });

  it("settles by itself when the other side takes its change back, or merges by lines by now", async () => {
    const { relay, a, b, stop } = await meeting(theirs, ours);
    await b.phase("conflict");
    await settled(a, relay);
    await a.until(({ phase }) => phase.kind === "up-to-date");
    await a.write("f", lines.replace("four", "a's four"));
    await b.phase("up-to-date");
    await settled(a, relay);
    expect(await a.files()).toEqual({ f: "b's one\ntwo\nthree\na's four\n" });
    await b.until(({ undecided }) => undecided === undefined);
    await stop();
  });

  it("keeps both versions in the history, whatever is decided", async () => {
    const { b, stop } = await meeting(theirs, ours);
    await b.phase("conflict");
    const { undecided } = b.sync.status;
    expect(
      undecided?.kind === "conflict" && (await b.storage.getCommit(undecided.ours)),
    ).toBeTruthy();
    b.sync.resolve(() => null);
    await b.phase("up-to-date");
    expect(await b.files()).toEqual({});
    const head = await b.storage.getCommit((await headOf(b.storage)) ?? "");
    expect(head?.content.message).toBe("Decide f");
    await stop();
  });
});
