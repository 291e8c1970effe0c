// Memory of workerd: for an idle socket whose hub sleeps, beside one of a bare Durable Object that echoes, and for a
// reader that stalls while others go on, beside the same traffic without it. Prints KiB and MiB beside their bounds;
// exits 1 if one is exceeded.
import { connect, frameOf, login, open } from "./relay-client.mjs";
import { report } from "./report.mjs";
import { echoWorker, fillHeaps, memoryOf, noFloodLimits, startRelay } from "./start-relay.mjs";

const sockets = Number(process.argv[2] ?? 500);
/** Devices of one store: about as many as a user has. */
const perStore = 10;
const floodBytes = 96 * 1_048_576;
const body = "x".repeat(60_000);

const relay = await startRelay({ overrides: noFloodLimits, workers: [echoWorker] });
const token = await login(relay, "bench");
const bare = (await relay.miniflare.unsafeGetDirectURL("echo")).origin;
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resident bytes that each of many idle sockets adds, once their object sleeps. */
async function idleBytes(openOne) {
  const openAndClose = async () => {
    for (let i = 0; i < sockets; i++) (await openOne(`w${i}`)).terminate();
  };
  await fillHeaps(openAndClose, 8_388_608, (times) => times < 20);
  // The first socket brings the object itself; the others are what is counted.
  const idle = [await openOne("first")];
  await rest(12_500);
  const empty = memoryOf(process.pid);
  for (let i = 0; i < sockets; i++) idle.push(await openOne(`d${i}`));
  await rest(12_500);
  const bytes = (memoryOf(process.pid) - empty) / sockets;
  for (const socket of idle) socket.terminate();
  return bytes;
}

/** The most resident bytes that a flood from one device to another adds, while a third one may stall. */
async function floodPeak(store, stalls) {
  const { socket: talker } = await connect(relay.url, token, store, "talker");
  const { socket: reader } = await connect(relay.url, token, store, "reader");
  const { socket: third } = await connect(relay.url, token, store, "third");
  let got = 0;
  reader.on("message", (data) => {
    got += data.length;
  });
  if (stalls) third.pause();
  const calm = memoryOf(process.pid);
  let most = 0;
  for (let sent = 0, n = 0; sent < floodBytes; n++) {
    const sends = Array.from({ length: 8 }, (_, i) => ({
      op: "send",
      id: i,
      mid: `${n}-${i}`,
      say: body,
    }));
    talker.send(frameOf(sends));
    sent += 8 * body.length;
    // The other reader keeps up, whatever the third one does.
    while (got < sent) await rest(1);
    most = Math.max(most, memoryOf(process.pid) - calm);
  }
  for (const socket of [talker, reader, third]) socket.terminate();
  return most;
}

const bareSocket = await idleBytes(() => open(bare));
let opened = 0;
const ourSocket = await idleBytes(async (device) => {
  const store = `idle${Math.floor(opened++ / perStore) % (sockets / perStore)}`;
  return (await connect(relay.url, token, store, device)).socket;
});
// The first flood warms up: the heap grows to what such traffic needs.
await floodPeak("warm", false);
const without = await floodPeak("flowing", false);
const stalled = await floodPeak("stalled", true);
await relay.stop();

report("Memory of workerd (resident)", [
  {
    what: `an idle socket of a sleeping hub, one of ${sockets} in stores of ${perStore}`,
    ours: ourSocket / 1_024,
    unit: "KiB",
    better: "lower",
    goal: 64,
  },
  {
    what: `an idle socket of a bare Durable Object, one of ${sockets}`,
    ours: bareSocket / 1_024,
    unit: "KiB",
    better: "lower",
  },
  {
    what: "a flood of 96 MiB with all readers at it",
    ours: without / 1_048_576,
    unit: "MiB",
    better: "lower",
  },
  {
    what: "the same flood while a third reader stalls",
    ours: stalled / 1_048_576,
    unit: "MiB",
    better: "lower",
    goal: 64,
  },
]);
process.exit();
