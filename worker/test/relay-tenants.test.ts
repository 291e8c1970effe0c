import type { ClientOp, ServerOp } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { connect, object, provide, startStory, type Device } from "./device.ts";
import { connected, noise } from "./objects-story.ts";

/** Everything a device may ask about an object it does not have, by name. */
function probes(hash: string): readonly ClientOp[] {
  const key = ["blob", hash] as const;
  const bytes = new Uint8Array(1);
  return [
    { op: "have", id: 1, mid: "m", objects: [[...key, 26]] },
    { op: "get", id: 2, objects: [[...key]] },
    { op: "need", id: 3, objects: [[...key]] },
    { op: "push", id: 4, mid: "m", ref: "main", old: null, new: hash },
    { op: "push", id: 5, mid: "n", ref: "main", old: hash, new: null },
    { op: "chunk", id: 6, type: "blob", hash, size: 26, offset: 5, len: 1, bytes },
    { op: "put", id: 7, type: "blob", hash, len: 1, bytes },
    { op: "fetch", id: 8, after: 0 },
    { op: "pull", id: 9, after: 0, limit: 10 },
  ];
}

async function answersTo(device: Device, hash: string): Promise<string> {
  const answers: ServerOp[] = [];
  for (const op of probes(hash)) {
    device.send(op);
    if ("id" in op) answers.push(await device.answer(op.id));
  }
  expect(device.inbox.filter((op) => op.op === "objects" || op.op === "part")).toEqual([]);
  return JSON.stringify(answers).replaceAll(hash, "HASH");
}

describe("what another user has stored", () => {
  it("is, by every operation, like what does not exist", async () => {
    const mine = await connected();
    const secret = object("the other user's own words");
    const upload = object(noise(26));
    mine.device.send({ op: "have", id: 1, mid: "m", objects: [secret.key] }, secret.put(2), {
      op: "push",
      id: 3,
      mid: "m",
      ref: "main",
      old: null,
      new: secret.hash,
    });
    const piece = { type: "blob", hash: upload.hash, size: 26, offset: 0, len: 5 } as const;
    mine.device.send({ op: "chunk", id: 4, ...piece, bytes: upload.bytes.subarray(0, 5) });
    await mine.device.answer(4);
    const tried = [secret.hash, upload.hash, object(noise(26)).hash];
    const answers = await Promise.all(
      tried.map(async (hash) => {
        // A store of the very same name, and a device of the very same name.
        const { relay, person } = await startStory();
        await provide(relay, person, mine.store);
        const thief = await connect(relay, person, mine.store, "laptop");
        await thief.next("welcome");
        return answersTo(thief, hash);
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(mine.device.inbox.filter((op) => op.op === "need" || op.op === "event")).toEqual([]);
  });
});
