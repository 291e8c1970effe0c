// kill -9 of workerd in the middle of pushes, with D1 on disk as the store: no acknowledged push is lost, none is
// doubled. 50 kills; KILLS=200 for the long run.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { connect, login, migrate, newSecrets, startRelay } from "../../bench/relay-local.mjs";

const kills = Number(process.env.KILLS ?? 50);
const folder = mkdtempSync(join(tmpdir(), "gitblobs-kill-"));
const secrets = newSecrets();
let running;

after(async () => {
  await running?.miniflare.dispose().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

/** The workerd processes this very process started. */
function children() {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" })
    .trim()
    .split("\n");
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === process.pid && name.startsWith("workerd"))
    .map(([pid]) => Number(pid));
}

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The operations of one push: its object, then the ref from where the push before left it. */
function makePush(n, old) {
  const body = randomBytes(64 + (n % 7) * 500);
  const hash = hashOf(body);
  const ops = [
    { op: "have", id: n * 3, mid: `m${n}`, objects: [["blob", hash, body.length]] },
    { op: "put", id: n * 3 + 1, type: "blob", hash, len: body.length },
    { op: "push", id: n * 3 + 2, mid: `m${n}`, ref: "main", old, new: hash },
  ];
  const header = Buffer.from(JSON.stringify(ops));
  const prefix = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]);
  prefix.writeUInt32BE(header.length, 4);
  return { mid: `m${n}`, hash, frame: Buffer.concat([prefix, header, body]) };
}

/** Asks for something and waits for the operation that answers. */
function request(socket, op, isAnswer) {
  return new Promise((resolve, reject) => {
    socket.on("message", (data, isBinary) => {
      if (isBinary) return;
      const answer = JSON.parse(data.toString()).find(isAnswer);
      if (answer !== undefined) resolve(answer);
    });
    socket.once("close", () => reject(new Error(`closed before an answer to ${op.op}`)));
    socket.send(JSON.stringify([op]));
  });
}

async function eventsOf(socket) {
  const all = [];
  for (;;) {
    const after = all.at(-1)?.seq ?? 0;
    const op = { op: "pull", id: 1_000_000 + after, after, limit: 500 };
    const page = await request(socket, op, (one) => one.op === "events" && one.id === op.id);
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
      for (const op of JSON.parse(data.toString())) {
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
    running = await startRelay({ secrets, folder });
    await migrate(running.miniflare);
    const token = await login(running.url, secrets.ADMIN_TOKEN, "killed");
    const pushes = [];
    const acked = new Map();
    const restarts = [];
    for (let kill = 0; kill < kills; kill++) {
      const { socket } = await connect(running.url, token, "store", "pusher");
      const before = acked.size;
      const pushing = pushUntil(socket, pushes, acked, () => false);
      // The blow falls after a number of acknowledgements that is different each time.
      const wanted = before + 1 + Math.floor(Math.random() * 30);
      while (acked.size < wanted && socket.readyState === socket.OPEN)
        await new Promise((next) => setTimeout(next, 0));
      for (const pid of children()) process.kill(pid, "SIGKILL");
      await pushing;
      const started = performance.now();
      await running.miniflare.dispose().catch(() => {});
      running = await startRelay({ secrets, folder });
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
      const isDone = (one) => one.op === "done" && one.id === op.id;
      const done = await new Promise((resolve) => {
        socket.on("message", (data) => {
          const header = data[0] === 1 ? data.subarray(8, 8 + data.readUInt32BE(4)) : data;
          const answer = JSON.parse(header.toString()).find(isDone);
          if (answer !== undefined) resolve(answer);
        });
        socket.send(JSON.stringify([op]));
      });
      assert.deepEqual(done.gone, [], "an acknowledged object is lost");
    }
    socket.terminate();
    restarts.sort((a, b) => a - b);
    t.diagnostic(
      `${acked.size} pushes acknowledged, ${pushes.length - acked.size} never, restart ${Math.round(restarts[Math.floor(kills / 2)])} ms`,
    );
  },
);
