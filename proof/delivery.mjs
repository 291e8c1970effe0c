// R2, R3, R4: what devices of several users see while every frame is sent one to five times.
import { keptText } from "../bench/relay-client.mjs";
import { Device } from "./device.mjs";
import { onRelay } from "./relay.mjs";

const users = 4;
const devices = 10;
const perFrame = 16;
const framesAhead = 16;

/** Counts what a device sees that it must not see. */
function watch(user, faults) {
  let last = 0;
  return (op) => {
    if (op.op !== "event") return;
    faults.deliveries += 1;
    if (op.seq !== last + 1) faults.outOfOrder += 1;
    last = op.seq;
    if (!keptText(op).startsWith(`${user} `)) faults.foreign += 1;
  };
}

async function follow(relay, user, token, events, faults) {
  const at = { url: relay.url, token, store: "shared" };
  const readers = [];
  for (let i = 1; i < devices; i++) {
    readers.push(await Device.connect({ ...at, name: `reader${i}`, take: watch(user, faults) }));
  }
  const sender = await Device.connect({ ...at, name: "sender" });
  const seqs = new Set();
  const flying = new Set();
  for (let n = 0; n < events; n += perFrame) {
    const ops = Array.from({ length: perFrame }, (_, i) => {
      return { op: "send", mid: `m${n + i}`, keep: true, say: `${user} ${n + i}` };
    });
    const frame = sender.ask(ops, 1 + (n % 5)).then((answers) => {
      for (const { seq } of answers) seqs.add(seq);
      flying.delete(frame);
    });
    flying.add(frame);
    if (flying.size >= framesAhead) await Promise.race(flying);
  }
  await Promise.all(flying);
  const [{ items }] = await sender.ask([{ op: "pull", after: events - 1, limit: 500 }]);
  faults.doubled += items.length - 1 + (events - seqs.size);
  for (const reader of readers) await reader.ask([{ op: "pull", after: events, limit: 1 }]);
  for (const device of [sender, ...readers]) device.close();
}

/** Kept messages of four users to nine devices each. */
export async function delivery(isLong) {
  const wanted = isLong ? 1_000_000 : 20_000;
  const events = Math.ceil(wanted / users / (devices - 1) / perFrame) * perFrame;
  const faults = { deliveries: 0, outOfOrder: 0, foreign: 0, doubled: 0 };
  await onRelay(async (relay) => {
    const names = Array.from({ length: users }, (_, i) => `canary${i}`);
    const tokens = await Promise.all(names.map((name) => relay.logIn(name)));
    await Promise.all(names.map((name, i) => follow(relay, name, tokens[i], events, faults)));
  });
  const { deliveries } = faults;
  const all = deliveries === events * users * (devices - 1);
  const of = `of ${deliveries.toLocaleString("en")} deliveries`;
  const sent = (events * users).toLocaleString("en");
  return {
    R2: {
      figure: `${faults.doubled} doubled of ${sent} sent 1 to 5 times`,
      met: faults.doubled === 0,
    },
    R3: {
      figure: `${faults.outOfOrder} out of order, ${all ? "none" : "SOME"} missing ${of}`,
      met: all && faults.outOfOrder === 0,
    },
    R4: { figure: `${faults.foreign} foreign ${of}`, met: faults.foreign === 0 },
  };
}
