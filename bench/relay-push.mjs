// Durable push of 1 KiB objects, acknowledged after the commit: the relay (64 to a frame, D1) beside (a) a Worker that
// makes one D1 insert per message and (b) a Node `ws` server that inserts each message into SQLite (node:sqlite, WAL,
// synchronous=FULL: durable as an acknowledgement has to be; and NORMAL, which a power cut may undo). One run, one machine.
//
// node:sqlite and not better-sqlite3: that one compiles or downloads native code when it is installed, which this
// repository's `npm ci --ignore-scripts` does not let anybody do. Both bind the same SQLite synchronously.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WebSocketServer } from "ws";
import { binaryFrame, connect, hashOf, login, median, open } from "./relay-client.mjs";
import { report } from "./report.mjs";
import { noFloodLimits, startRelay } from "./start-relay.mjs";

const seconds = Number(process.argv[2] ?? 4);
const batch = 64;
const window = 8;

const folder = mkdtempSync(join(tmpdir(), "gitblobs-bench-"));
const single = `
export default {
  async fetch(request, env) {
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    await env.DB.prepare("CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, data TEXT)").run();
    server.addEventListener("message", async ({ data }) => {
      await env.DB.prepare("INSERT INTO messages (data) VALUES (?1)").bind(data).run();
      server.send("ok");
    });
    return new Response(null, { status: 101, webSocket: client });
  },
};`;
const started = await startRelay({
  overrides: noFloodLimits,
  folder,
  workers: [
    {
      name: "single",
      modules: true,
      script: single,
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["no_web_socket_compression"],
      d1Databases: { DB: "single" },
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    },
  ],
});
const { miniflare, url } = started;
const token = await login(started, "bench");

/** Keeps `ahead` messages unanswered and counts answers for some seconds. */
async function measure(socket, message, answersIn, ahead) {
  let asked = 0;
  let answered = 0;
  let wake = () => {};
  socket.on("message", (data) => {
    answered += answersIn(data);
    wake();
  });
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  while (performance.now() < until) {
    while (asked - answered < ahead) asked += message(socket);
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
  const rate = answered / ((performance.now() - begun) / 1_000);
  socket.terminate();
  return rate;
}

let id = 0;
/** One frame of 64 objects nobody has seen. */
function putFrame(socket) {
  const bodies = Array.from({ length: batch }, () => randomBytes(1_024));
  const ops = bodies.map((body) => {
    return { op: "put", id: ++id, type: "blob", hash: hashOf(body), len: body.length };
  });
  socket.send(binaryFrame(ops, bodies));
  return batch;
}

const stored = (data) => data.toString().split('"state":"stored"').length - 1;
const text = () => randomBytes(768).toString("base64");

async function relayRate(round) {
  const { socket } = await connect(url, token, `bench${round}`, "pusher");
  return measure(socket, putFrame, stored, batch * window);
}

async function singleRate() {
  const direct = (await miniflare.unsafeGetDirectURL("single")).origin;
  const one = (socket) => {
    socket.send(text());
    return 1;
  };
  return measure(await open(direct), one, () => 1, window);
}

async function nodeRate(synchronous) {
  const db = new DatabaseSync(join(folder, `peer-${synchronous}.db`));
  db.exec(`PRAGMA journal_mode = wal; PRAGMA synchronous = ${synchronous};
    CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, data BLOB)`);
  const insert = db.prepare("INSERT INTO messages (data) VALUES (?)");
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      if (!db.isOpen) return;
      insert.run(data);
      socket.send("ok");
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const one = (socket) => {
    socket.send(randomBytes(1_024));
    return 1;
  };
  const socket = await open(`http://127.0.0.1:${server.address().port}`);
  const rate = await measure(socket, one, () => 1, batch * window);
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
  db.close();
  return rate;
}

const rounds = [];
for (let round = 0; round <= 3; round++) {
  rounds.push({
    relay: await relayRate(round),
    single: await singleRate(),
    full: await nodeRate("FULL"),
    normal: await nodeRate("NORMAL"),
  });
}
const rate = (name) => median(rounds.slice(1).map((round) => round[name]));
const beside = (name, peerName, goal, lift) => ({
  what: `durable 1 KiB objects, 64 to a frame, beside ${peerName}`,
  ours: rate("relay"),
  peer: rate(name),
  peerName: "one to a message",
  unit: "objects/s",
  better: "higher",
  goal,
  lift,
});
await started.stop();
rmSync(folder, { recursive: true, force: true });
report("Durable 1 KiB objects per second, acknowledged after the commit (median of 3 rounds)", [
  beside(
    "single",
    "one D1 insert each",
    20,
    "hub and database share one thread here; what is left is SQLite's own time, hashing, and base64 in JSON, which D1 asks for as long as a list of blobs is no parameter.",
  ),
  beside("full", "Node ws with SQLite, synchronous=FULL", 2),
  beside("normal", "Node ws with SQLite, synchronous=NORMAL (a power cut may undo it)"),
]);
process.exit();
