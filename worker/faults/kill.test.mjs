// kill -9 of workerd in the middle of pushes, with D1 on disk as the store: no acknowledged push is lost, none is
// doubled. 50 kills; KILLS=200 for the long run. SEED repeats when the blows fall.
import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { binaryFrame, connect, hashOf, login, opsOf, request } from "../../bench/relay-client.mjs";
import { noFloodLimits, runtimesOf, startRelay } from "../../bench/start-relay.mjs";

const kills = Number(process.env.KILLS ?? 50);
const folder = mkdtempSync(join(tmpdir(), "gitblobs-kill-"));
const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
let running;

after(async () => {
  await running?.stop().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

/** Numbers from 0 to 1 that only the seed decides (mulberry32). */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The operations of one push: its object, then the ref from where the push before left it. */
function makePush(n, old) {
  const body = randomBytes(64 + (n % 7) * 500);
  const hash = hashOf(body);
  const ops = [
    { op: "have", id: n * 3, mid: `m${n}`, objects: [["blob", hash, body.length]] },
    { op: "put", id: n * 3 + 1, type: "blob", hash, len: body.length },
    { op: "push", id: n * 3 + 2, mid: `m${n}`, ref: "main", old, new: hash },
  ];
  return { mid: `m${n}`, hash, frame: binaryFrame(ops, [body]) };
}

async function eventsOf(socket) {
  const all = [];
  for (;;) {
    const after = all.at(-1)?.seq ?? 0;
    const op = { op: "pull", id: 1_000_000 + after, after, limit: 500 };
    const page = await request(socket, op);
    all.push(...page.items);
    if (!page.more) return all;
  }
}

/** Sends what is not acknowledged, then new pushes, until it is told to stop; notes every acknowledgement. */
function pushUntil(socket, pushes, acked, stop) {
  return new Promise((resolve, reject) => {
    const next = () => {
      if (socket.readyState !== socket.OPEN) return;
      while (pushes.length - acked.size < 12) {
        const push = makePush(pushes.length + 1, pushes.at(-1)?.hash ?? null);
        pushes.push(push);
        socket.send(push.frame);
      }
    };
    socket.on("message", (data) => {
      for (const op of opsOf(data)) {
        if (op.op === "error") reject(new Error(JSON.stringify(op)));
        if (op.op !== "ack") continue;
        if (acked.has(op.mid)) assert.equal(acked.get(op.mid), op.seq);
        acked.set(op.mid, op.seq);
        if (stop()) resolve();
        else next();
      }
    });
    socket.once("close", resolve);
    socket.on("error", () => {});
    for (const push of pushes.filter(({ mid }) => !acked.has(mid))) socket.send(push.frame);
    next();
  });
}

test(
  `${kills} times kill -9 in the middle of pushes loses and doubles nothing`,
  { timeout: kills * 20_000 },
  async (t) => {
    t.diagnostic(`SEED=${seed}`);
    const random = seeded(seed);
    running = await startRelay({ folder, overrides: noFloodLimits });
    const { secrets } = running;
    const token = await login(running, "killed");
    const pushes = [];
    const acked = new Map();
    const restarts = [];
    for (let kill = 0; kill < kills; kill++) {
      const { socket } = await connect(running.url, token, "store", "pusher");
      const before = acked.size;
      const pushing = pushUntil(socket, pushes, acked, () => false);
      // The blow falls after a number of acknowledgements that is different each time.
      const wanted = before + 1 + Math.floor(random() * 30);
      while (acked.size < wanted && socket.readyState === socket.OPEN)
        await new Promise((next) => setTimeout(next, 0));
      for (const { pid } of runtimesOf(process.pid)) process.kill(pid, "SIGKILL");
      await pushing;
      const started = performance.now();
      await running.stop().catch(() => {});
      running = await startRelay({ secrets, folder, overrides: noFloodLimits });
      const again = await connect(running.url, token, "store", "checker");
      restarts.push(performance.now() - started);
      const events = await eventsOf(again.socket);
      for (const [mid, seq] of acked)
        assert.equal(events[seq - 1]?.mid, mid, `acknowledged push ${mid} is lost`);
      assert.equal(
        new Set(events.map((event) => event.mid)).size,
        events.length,
        "a push was doubled",
      );
      events.forEach((event, i) => {
        assert.equal(event.seq, i + 1, "there is a gap");
        assert.equal(event.old, events[i - 1]?.new ?? null, "the ref jumped");
      });
      again.socket.terminate();
    }
    const { socket } = await connect(running.url, token, "store", "reader");
    const hashes = pushes.filter(({ mid }) => acked.has(mid)).map(({ hash }) => ["blob", hash]);
    for (let at = 0; at < hashes.length; at += 1_000) {
      const op = { op: "get", id: 5_000_000 + at, objects: hashes.slice(at, at + 1_000) };
      const done = await request(socket, op);
      assert.deepEqual(done.gone, [], "an acknowledged object is lost");
    }
    socket.terminate();
    restarts.sort((a, b) => a - b);
    t.diagnostic(
      `${acked.size} pushes acknowledged, ${pushes.length - acked.size} never, restart ${Math.round(restarts[Math.floor(kills / 2)])} ms`,
    );
  },
);
