// Memory of workerd: for an idle socket whose hub sleeps, and for a reader that stalls while others go on. Prints KiB and
// MiB beside their bounds; exits 1 if one is exceeded.
import { connect, login } from "./relay-client.mjs";
import { report } from "./report.mjs";
import { memoryOf, noFloodLimits, startRelay } from "./start-relay.mjs";

const sockets = Number(process.argv[2] ?? 500);
const floodBytes = 96 * 1_048_576;
const body = "x".repeat(60_000);

const relay = await startRelay({ overrides: noFloodLimits });
const token = await login(relay, "bench");
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// The first socket brings the hub itself; the others are what is counted.
const idle = [(await connect(relay.url, token, "idle", "first")).socket];
await rest(12_500);
const empty = memoryOf(process.pid);
for (let i = 0; i < sockets; i++) {
  idle.push((await connect(relay.url, token, "idle", `d${i}`)).socket);
}
await rest(12_500);
const perSocket = (memoryOf(process.pid) - empty) / sockets;
for (const socket of idle) socket.terminate();

const { socket: talker } = await connect(relay.url, token, "stalled", "talker");
const { socket: stalled } = await connect(relay.url, token, "stalled", "stalled");
const { socket: reader } = await connect(relay.url, token, "stalled", "reader");
let got = 0;
reader.on("message", (data) => {
  got += data.length;
});
stalled.pause();
const calm = memoryOf(process.pid);
let most = 0;
for (let sent = 0, n = 0; sent < floodBytes; n++) {
  const sends = Array.from({ length: 8 }, (_, i) => ({
    op: "send",
    id: i,
    mid: `${n}-${i}`,
    body,
  }));
  talker.send(JSON.stringify(sends));
  sent += 8 * body.length;
  // The other reader keeps up, whatever the stalled one does.
  while (got < sent) await rest(1);
  most = Math.max(most, memoryOf(process.pid) - calm);
}
for (const socket of [talker, stalled, reader]) socket.terminate();
await relay.stop();

report("Memory of workerd (resident)", [
  {
    what: `an idle socket of a sleeping hub, one of ${sockets}`,
    ours: perSocket / 1_024,
    unit: "KiB",
    better: "lower",
    goal: 64,
  },
  {
    what: "a reader that stalls while 96 MiB pass to another",
    ours: most / 1_048_576,
    unit: "MiB",
    better: "lower",
    goal: 64,
  },
]);
process.exit();
