// Catching up on 10,000 objects of 1 KiB after being away: one `fetch`. Prints what came over the wire beside what the
// objects weigh, and how often an idle client's question for the head woke the hub. Exits 1 if a goal is missed.
import { randomBytes } from "node:crypto";
import { binaryFrame, connect, hashOf, login, next, opsOf, request } from "./relay-client.mjs";
import { report } from "./report.mjs";
import { noFloodLimits, startRelay } from "./start-relay.mjs";

const count = Number(process.argv[2] ?? 10_000);
const objectBytes = 1_024;
const perList = 1_000;
const perFrame = 500;

let starts = 0;
const relay = await startRelay({
  overrides: noFloodLimits,
  onLog: (line) => {
    if (line.includes('"hub_started"')) starts += 1;
  },
});
const token = await login(relay, "bench");
const { socket: laptop, welcome: first } = await connect(relay.url, token, "store", "laptop");

let id = 0;
let newest = null;
for (let at = 0; at < count; at += perList) {
  const bodies = Array.from({ length: Math.min(perList, count - at) }, () =>
    randomBytes(objectBytes),
  );
  const objects = bodies.map((body) => ["blob", hashOf(body), body.length]);
  await request(laptop, { op: "have", id: ++id, mid: "all", objects });
  for (let from = 0; from < bodies.length; from += perFrame) {
    const some = bodies.slice(from, from + perFrame);
    const puts = some.map((body, i) => {
      return { op: "put", id: ++id, type: "blob", hash: objects[from + i][1], len: body.length };
    });
    const last = id;
    const stored = next(laptop, (op) => op.id === last);
    laptop.send(binaryFrame(puts, some));
    await stored;
  }
  newest ??= objects[0][1];
}
const push = { op: "push", id: ++id, mid: "all", ref: "main", old: null, new: newest };
const { seq } = await request(laptop, push);

const from = { after: 0, epoch: first.epoch };
const { socket: phone, welcome } = await connect(relay.url, token, "store", "phone", from);
const begun = performance.now();
let bytes = 0;
let got = 0;
phone.on("message", (data) => {
  bytes += data.length;
  for (const op of opsOf(data)) if (op.op === "objects") got += op.items.length;
});
const done = await request(phone, { op: "fetch", id: 1, after: 0 });
const ms = performance.now() - begun;
if (got !== count || done.seq !== seq || done.gone.length > 0)
  throw new Error(`${got} objects came`);

// After more than ten idle seconds the hub is let go of; whoever asks for the head is answered all the same.
await new Promise((resolve) => setTimeout(resolve, 12_500));
const before = starts;
for (let pings = 0; pings < 10; pings++) {
  const pong = next(phone, (op) => typeof op === "string");
  phone.send("ping");
  if ((await pong) !== `pong:${welcome.epoch}:${seq}`) throw new Error("the pong is wrong");
}
const wakes = starts - before;
phone.terminate();
laptop.terminate();
await relay.stop();
const weight = count * objectBytes;
report(`Catching up on ${count} objects of ${objectBytes} bytes in one fetch`, [
  {
    what: `catching up on ${count} objects of 1 KiB: bytes on the wire`,
    ours: bytes,
    peer: weight,
    peerName: "bytes of the objects",
    unit: "bytes",
    better: "lower",
    goal: 1.1,
  },
  {
    what: `catching up on ${count} objects of 1 KiB: objects a second`,
    ours: (count * 1_000) / ms,
    unit: "objects/s",
    better: "higher",
  },
  {
    what: "wakes of a sleeping hub by 10 pings at an unchanged head",
    ours: wakes,
    unit: "wakes",
    better: "lower",
    goal: 0,
  },
]);
process.exit();
