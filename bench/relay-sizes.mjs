// What size and number of pushes must not cost: `have` and `push` that name 200 known objects of 900 KB beside the same
// of 1 KB, and one `fetch` of 1,000 pushes beside one `get` of the same objects. Exits 1 if a goal is missed.
import { randomBytes } from "node:crypto";
import { Device } from "../proof/device.mjs";
import { onRelay } from "../proof/relay.mjs";
import { hashOf, median } from "./relay-client.mjs";
import { report } from "./report.mjs";

const objects = Number(process.argv[2] ?? 200);
const pushes = Number(process.argv[3] ?? 1_000);
const rounds = 15;

const timed = async (work) => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

/** A store that has so many objects of a size; tells how long it takes to push them all once more, without their bytes. */
async function naming(relay, token, size) {
  const device = await Device.connect({
    ...{ url: relay.url, token, store: `sizes-${size}`, name: "names" },
  });
  const known = [];
  for (let n = 0; n < objects; n++) {
    const bytes = randomBytes(size);
    const hash = hashOf(bytes);
    known.push(["blob", hash, size]);
    await device.askBinary({
      ops: [{ op: "put", type: "blob", hash, len: size }],
      bodies: [bytes],
    });
  }
  let old = null;
  const times = [];
  for (let n = 0; n < rounds; n++) {
    const target = known[n % known.length][1];
    const ms = await timed(async () => {
      const [want] = await device.ask([{ op: "have", mid: `m${n}`, objects: known }]);
      const [ack] = await device.ask([{ op: "push", mid: `m${n}`, ref: "main", old, new: target }]);
      if (want.need?.length !== 0 || ack.op !== "ack") throw new Error(JSON.stringify([want, ack]));
    });
    old = target;
    times.push(ms);
  }
  device.close();
  return median(times);
}

/** A store of so many pushes of one object each; how long all of them take by `fetch`, and by `get`. */
async function catchingUp(relay, token) {
  const at = { url: relay.url, token, store: "pushes" };
  const writer = await Device.connect({ ...at, name: "writes" });
  const names = [];
  let old = null;
  for (let from = 0; from < pushes; from += 100) {
    const bodies = Array.from({ length: Math.min(100, pushes - from) }, () => randomBytes(1_024));
    const ops = bodies.flatMap((body, i) => {
      const hash = hashOf(body);
      const mid = `p${from + i}`;
      names.push(["blob", hash]);
      const push = { op: "push", mid, ref: "main", old, new: hash };
      old = hash;
      return [
        { op: "have", mid, objects: [["blob", hash, body.length]] },
        { op: "put", type: "blob", hash, len: body.length },
        push,
      ];
    });
    const answers = await writer.askBinary({ ops, bodies });
    if (answers.at(-1).op !== "ack") throw new Error(JSON.stringify(answers.at(-1)));
  }
  const reader = await Device.connect({ ...at, name: "reads" });
  const whole = async (op) => {
    const [done] = await reader.ask([op]);
    if (done.op !== "done" || done.gone.length > 0 || done.next !== undefined)
      throw new Error(JSON.stringify(done));
  };
  const fetched = [];
  const got = [];
  for (let n = 0; n < rounds; n++) {
    fetched.push(await timed(() => whole({ op: "fetch", after: 0 })));
    got.push(await timed(() => whole({ op: "get", objects: names })));
  }
  writer.close();
  reader.close();
  return { fetched: median(fetched), got: median(got) };
}

await onRelay(async (relay) => {
  const token = await relay.logIn("bench");
  // The first warms the relay up and does not count.
  await naming(relay, token, 100);
  const small = await naming(relay, token, 1_000);
  const large = await naming(relay, token, 900_000);
  const { fetched, got } = await catchingUp(relay, token);
  report(`What size and number must not cost (medians of ${rounds})`, [
    {
      what: `have and push of ${objects} known objects of 900 KB`,
      ours: large,
      peer: small,
      peerName: "of 1 KB",
      unit: "ms",
      better: "lower",
      goal: 1.3,
    },
    {
      what: `fetch of ${pushes} pushes`,
      ours: fetched,
      peer: got,
      peerName: "get of the same objects",
      unit: "ms",
      better: "lower",
      goal: 1.5,
    },
  ]);
});
process.exit();
