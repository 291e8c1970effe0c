// A reader that stalls costs the hub a bounded amount of memory: it is closed, and nobody else waits for it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { connect, frameOf, login } from "../../bench/relay-client.mjs";
import { memoryOf, noFloodLimits, startRelay } from "../../bench/start-relay.mjs";

const passedBytes = 96 * 1_048_576;
const boundBytes = 64 * 1_048_576;
const body = "x".repeat(60_000);
const perFrame = 8;

let running;
after(() => running?.stop());

test("a stalled reader is cut before it costs 64 MiB", { timeout: 120_000 }, async (t) => {
  running = await startRelay({ overrides: noFloodLimits });
  const { url } = running;
  const token = await login(running, "stalls");
  const { socket: talker } = await connect(url, token, "store", "talker");
  const { socket: stalled } = await connect(url, token, "store", "stalled");
  const { socket: reader } = await connect(url, token, "store", "reader");
  let got = 0;
  let wake = () => {};
  reader.on("message", (data) => {
    got += data.length;
    wake();
  });
  const closed = new Promise((resolve) => stalled.once("close", resolve));
  stalled.pause();
  const calm = memoryOf(process.pid);
  let most = 0;
  for (let sent = 0, n = 0; sent < passedBytes; n++) {
    const ids = Array.from({ length: perFrame }, (_, id) => id);
    talker.send(frameOf(ids.map((id) => ({ op: "send", id, mid: `${n}-${id}`, say: body }))));
    sent += perFrame * body.length;
    // The other reader gets all of it, whatever the stalled one does.
    while (got < sent)
      await new Promise((resolve) => {
        wake = resolve;
      });
    most = Math.max(most, memoryOf(process.pid) - calm);
  }
  stalled.resume();
  assert.equal(await closed, 1013);
  t.diagnostic(
    `${Math.round(most / 1_048_576)} MiB more while ${passedBytes / 1_048_576} MiB passed`,
  );
  assert.ok(most < boundBytes, `${most} bytes`);
  for (const socket of [talker, reader]) socket.terminate();
});
