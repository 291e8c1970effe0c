// Relay of `send`: 1 KiB bodies, 16 to a frame, to 10 devices, beside (a) a bare Durable Object that echoes each frame
// to its sockets, with no login and no store, and (b) a bare Node `ws` relay, one message per frame. One run, one
// machine, the same client for all. Prints messages delivered per second, ratios and goals; exits 1 if one is missed.
import { WebSocketServer } from "ws";
import { connect, frameOf, login, median, open } from "./relay-client.mjs";
import { report } from "./report.mjs";
import { echoWorker, noFloodLimits, startRelay } from "./start-relay.mjs";

const devices = 10;
const batch = 16;
const body = "x".repeat(1_024);
const seconds = Number(process.argv[2] ?? 5);
const window = 4;

const started = await startRelay({
  overrides: noFloodLimits,
  workers: [echoWorker],
});

const { miniflare, url } = started;

/** Sends frames with at most `window` of them unanswered by the slowest reader; counts what all readers got. */
async function measure(sender, readers, makeFrame, messagesPerFrame) {
  let sent = 0;
  const got = readers.map(() => 0);
  let wake = () => {};
  for (const [i, reader] of readers.entries()) {
    reader.on("message", (data) => {
      if (data.length < 512) return;
      got[i] += 1;
      wake();
    });
  }
  const until = performance.now() + seconds * 1_000;
  const begun = performance.now();
  while (performance.now() < until) {
    while (sent - Math.min(...got) < window * (batch / messagesPerFrame))
      sender.send(makeFrame(sent++));
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
  while (Math.min(...got) < sent)
    await new Promise((resolve) => {
      wake = resolve;
    });
  const elapsed = (performance.now() - begun) / 1_000;
  return (sent * messagesPerFrame * readers.length) / elapsed;
}

const mid = (n, i) => `m${n}-${i}`;
const batchOf = (n) =>
  frameOf(
    Array.from({ length: batch }, (_, i) => ({ op: "send", id: i, mid: mid(n, i), say: body })),
  );

async function relayRate(token, round) {
  const all = [];
  for (let i = 0; i <= devices; i++)
    all.push((await connect(url, token, `bench${round}`, `d${i}`)).socket);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const rate = await measure(all[0], all.slice(1), batchOf, batch);
  for (const socket of all) socket.terminate();
  return rate;
}

async function echoRate() {
  const direct = (await miniflare.unsafeGetDirectURL("echo")).origin;
  const all = [];
  for (let i = 0; i <= devices; i++) all.push(await open(direct));
  const rate = await measure(all[0], all.slice(1), batchOf, batch);
  for (const socket of all) socket.terminate();
  return rate;
}

async function nodeRate() {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => {
      for (const other of server.clients)
        if (other !== socket) other.send(data, { binary: isBinary });
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const all = [];
  for (let i = 0; i <= devices; i++)
    all.push(await open(`http://127.0.0.1:${server.address().port}`));
  const one = (n) => frameOf([{ op: "send", id: n, mid: mid(n, 0), say: body }]);
  const rate = await measure(all[0], all.slice(1), one, 1);
  for (const socket of all) socket.terminate();
  server.close();
  return rate;
}

// Alternating rounds, so that whatever else the machine does hits all three; the first warms up and does not count.
const token = await login(started, "bench");
const rounds = [];
for (let round = 0; round <= 3; round++) {
  rounds.push({
    relay: await relayRate(token, round),
    "Durable Object that echoes": await echoRate(),
    "Node ws relay": await nodeRate(),
  });
}
const rate = (name) => median(rounds.slice(1).map((round) => round[name]));
const beside = (name, peerName, goal, lift) => ({
  what: `relay of 1 KiB messages, 16 to a frame, beside a ${name}`,
  ours: rate("relay"),
  peer: rate(name),
  peerName,
  unit: "deliveries/s",
  better: "higher",
  goal,
  lift,
});
await started.stop();
report(`Relay of 1 KiB messages to ${devices} devices (median of 3 rounds)`, [
  beside(
    "Durable Object that echoes",
    "16 to a frame",
    0.9,
    "the hub checks each message, remembers its `mid` and answers it; their bytes pass untouched.",
  ),
  beside("Node ws relay", "1 to a frame", 1),
]);
process.exit();
