import { LIMITS, encodeBinary, encodeText, type ClientOp, type Key } from "@gitblobs/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connect, object, type Device, inBase64, saying } from "./device.ts";
import { connected } from "./objects-story.ts";
import { ask } from "./people.ts";
import { mostQueries } from "./count-queries.ts";

const hashes = Array.from({ length: LIMITS.objectsPerOp }, (_, n) => object(`hostile ${n}`).hash);
const keys = hashes.map((hash): Key => ["blob", hash]);
const tiny = object("x");
const hash = tiny.hash;
const wide = "y".repeat(LIMITS.messageBytes);

/** Each operation at the most it may ask, numbered. */
const largest = {
  have: (id: number): ClientOp => ({
    ...{ op: "have", id, mid: `h${id}`, objects: keys.map(([type, name]) => [type, name, 1]) },
  }),
  get: (id: number): ClientOp => ({ op: "get", id, objects: keys }),
  need: (id: number): ClientOp => ({ op: "need", id, objects: keys }),
  pull: (id: number): ClientOp => ({ op: "pull", id, after: 0, limit: LIMITS.eventsPerPage }),
  fetch: (id: number): ClientOp => ({ op: "fetch", id, after: 0 }),
  push: (id: number): ClientOp => ({
    ...{ op: "push", id, mid: `p${id}`, ref: `r${id % 300}`, old: null, new: hash },
  }),
  send: (id: number): ClientOp => ({ op: "send", id, mid: `s${id}`, ...saying(wide) }),
  keep: (id: number): ClientOp => ({ op: "send", id, mid: `k${id}`, keep: true, ...saying(wide) }),
  put: (id: number): ClientOp => tiny.put(id),
  chunk: (id: number): ClientOp => ({
    ...{ op: "chunk", id, type: "blob", hash: hashes[id % hashes.length] ?? hash, size: 64 },
    ...{ offset: id % 64, len: 1, bytes: new Uint8Array(1) },
  }),
  renew: (id: number): ClientOp => ({ op: "renew", id, ttl: 2_147_483_647 }),
  presence: (id: number): ClientOp => ({
    op: "presence",
    state: inBase64(`${id}`.padEnd(256, "z")),
  }),
  auth: (id: number): ClientOp => ({ op: "auth", token: `${id}.a.b` }),
} satisfies Readonly<Record<string, (id: number) => ClientOp>>;
type Kind = keyof typeof largest;
const kinds = Object.keys(largest) as Kind[];

const encode = (ops: readonly ClientOp[]) =>
  ops.some((op) => "bytes" in op) ? encodeBinary(ops) : encodeText(ops);

/** One frame that holds as much of these kinds, in turn, as a frame may. */
function fullFrame(of: readonly Kind[]): string | Uint8Array {
  const weights = of.map((kind) => encode([largest[kind](LIMITS.opsPerFrame)]).length + 1);
  const ops: ClientOp[] = [];
  let bytes = 1_024;
  for (let n = 0; ops.length < LIMITS.opsPerFrame; n++) {
    const kind = of[n % of.length];
    bytes += weights[n % of.length] ?? 0;
    if (kind === undefined || bytes > LIMITS.frameBytes) break;
    ops.push(largest[kind](n));
  }
  return encode(ops);
}

/** Whether a device's next request is answered, or it is told to wait, or was shown out for going on. */
async function isAnswered(device: Device): Promise<boolean> {
  const answer = device.next("events").then(({ op }) => op);
  const wait = device.next("error").then(({ op }) => op);
  const end = device.closed.then(() => "closed");
  device.socket.send(encodeText([{ op: "pull", id: 5_000, after: 0, limit: 1 }]));
  return ["events", "error", "closed"].includes(await Promise.any([answer, wait, end]));
}

describe("a user who asks as much as one may, in any combination", () => {
  it("is answered or told to wait, stays below fifty queries a frame, and disturbs nobody", async () => {
    const victim = await connected();
    let old: string | null = null;
    let seq = 0;
    const story = await connected();
    const mix = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 4 });
    mostQueries();
    await fc.assert(
      fc.asyncProperty(fc.array(mix, { minLength: 1, maxLength: 3 }), async (frames) => {
        const device = await connect(story.relay, story.person, story.store, "hostile");
        await device.next("welcome");
        for (const of of frames) device.socket.send(fullFrame(of));
        seq += 1;
        const { hash: next } = object(`victim ${seq}`);
        victim.device.send({ op: "push", id: seq, mid: `v${seq}`, ref: "main", old, new: next });
        expect(await victim.device.answer(seq)).toMatchObject({ op: "ack", seq });
        old = next;
        expect(await isAnswered(device)).toBe(true);
        device.socket.close(1000);
      }),
      { numRuns: 25, seed: 20_261_130 },
    );
    expect(mostQueries()).toBeLessThanOrEqual(50);
    const place = await ask(story.relay, "GET", `/sync/${story.store}`, {
      token: story.person.access,
    });
    expect([200, 429]).toContain(place.status);
  });
});
