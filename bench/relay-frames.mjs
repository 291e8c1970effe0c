// Messages through one hub against the number of messages in a frame, each of 1 KiB, to one reader. With BENCH_ROWS set
// the points also go there, for the plot of bench/all.
import { appendFileSync } from "node:fs";
import { Device } from "../proof/device.mjs";
import { onRelay } from "../proof/relay.mjs";

const seconds = Number(process.argv[2] ?? 3);
const body = "x".repeat(1_000);

async function rate(relay, token, perFrame) {
  const at = { url: relay.url, token, store: `frames-${perFrame}` };
  let got = 0;
  const take = (op) => {
    if (op.op === "message") got += 1;
  };
  const reader = await Device.connect({ ...at, name: "reader", take });
  const sender = await Device.connect({ ...at, name: "sender" });
  const lane = async (name, until) => {
    for (let n = 0; performance.now() < until; n++) {
      const mid = `${name}-${n}`;
      await sender.ask(
        Array.from({ length: perFrame }, (_, i) => ({ op: "send", mid: `${mid}-${i}`, say: body })),
      );
    }
  };
  const lanes = (until) => Promise.all([1, 2, 3, 4].map((one) => lane(`${one}-${until}`, until)));
  await lanes(Math.round(performance.now()) + 500);
  got = 0;
  const started = performance.now();
  await lanes(Math.round(started) + seconds * 1_000);
  const measured = got / ((performance.now() - started) / 1_000);
  reader.close();
  sender.close();
  return measured;
}

await onRelay(async (relay) => {
  const token = await relay.logIn("bench");
  const points = [];
  for (const perFrame of [1, 2, 4, 8, 16, 32, 64, 128]) {
    points.push([perFrame, await rate(relay, token, perFrame)]);
    console.log(
      `${String(perFrame).padStart(4)} to a frame: ${Math.round(points.at(-1)[1])} a second`,
    );
  }
  const file = process.env.BENCH_ROWS;
  if (file !== undefined)
    appendFileSync(file, `${JSON.stringify({ plot: "relay-frames", points })}\n`);
});
process.exit(0);
