// R36: what many devices saw of each store, under cuts, stalls and kill -9, held against one history.
import { randomBytes } from "node:crypto";
import { createServer, connect as connectTcp } from "node:net";
import { hashOf } from "../bench/relay-client.mjs";
import { runtimesOf } from "../bench/start-relay.mjs";
import { Device } from "./device.mjs";
import { onRelay } from "./relay.mjs";

const users = 2;
const devices = 3;
const between = (low, high) => low + Math.random() * (high - low);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A proxy in front of the relay that cuts connections, some in the middle of what is on the way, and stalls others. */
async function cuttingProxy(target) {
  const pairs = new Set();
  const faults = { cuts: 0, stalls: 0, kills: 0 };
  const server = createServer((near) => {
    const { hostname, port } = new URL(target());
    const far = connectTcp(Number(port), hostname);
    const pair = { near, far };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      let left = Math.random() < 0.15 ? between(500, 200_000) : Infinity;
      from.on("data", (data) => {
        left -= data.length;
        if (left > 0) to.write(data);
        else to.write(data.subarray(0, data.length >> 1), end);
      });
      from.on("error", end);
      from.on("close", end);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const harm = async () => {
    const all = [...pairs];
    const pair = all[Math.floor(Math.random() * all.length)];
    if (pair === undefined) return;
    const kind = Math.random();
    if (kind < 0.3) {
      faults.stalls += 1;
      pair.near.pause();
      pair.far.pause();
      await pause(between(200, 2_000));
      pair.near.resume();
      pair.far.resume();
      return;
    }
    for (const one of kind < 0.8 ? [pair] : all) {
      faults.cuts += 1;
      one.near.destroy();
      one.far.destroy();
    }
  };
  const close = () => {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, faults, harm, close };
}

/** What all devices saw of one user's store, and what was acknowledged. */
class Seen {
  events = new Map();
  acked = new Map();
  faults = { lost: 0, doubled: 0, gaps: 0, foreign: 0, differing: 0 };

  constructor(user) {
    this.user = user;
  }

  event(e) {
    const essence = JSON.stringify([e.kind, e.by, e.device, e.mid, e.ref, e.old, e.new, e.body]);
    if (!e.mid.startsWith(`${this.user}-`)) this.faults.foreign += 1;
    if ((this.events.get(e.seq) ?? essence) !== essence) this.faults.differing += 1;
    this.events.set(e.seq, essence);
  }

  /** Against the whole history, read at the end. */
  judge(items) {
    const mids = new Map(items.map((e) => [`${e.device} ${e.mid}`, e.seq]));
    this.faults.doubled += items.length - mids.size;
    for (const [i, e] of items.entries()) {
      if (e.seq !== i + 1) this.faults.gaps += 1;
      this.event(e);
    }
    for (const [name, seq] of this.acked) if (mids.get(name) !== seq) this.faults.lost += 1;
  }
}

/** One device that writes, is cut off, comes back, sends again what was not answered, and reads all the while. */
class Writer {
  last = 0;
  heads = new Map();
  count = 0;
  pending;

  constructor(at, seen, name) {
    Object.assign(this, { at, seen, name });
  }

  see(op) {
    if (op.op === "event") this.step(op);
    else if (op.op === "events" && op.id === undefined) op.items.forEach((e) => this.step(e));
    else if (op.op === "ack") {
      this.seen.acked.set(`${this.name} ${op.mid}`, op.seq);
      // An acknowledgement stands in the place of its own event.
      if (op.seq === this.last + 1) this.last = op.seq;
      else if (op.seq > this.last) this.seen.faults.gaps += 1;
    }
  }

  step(e) {
    this.seen.event(e);
    if (e.seq !== this.last + 1) this.seen.faults.gaps += 1;
    this.last = e.seq;
    if (e.kind === "push") this.heads.set(e.ref, e.new);
  }

  async connect() {
    const from = this.epoch === undefined ? {} : { after: this.last, epoch: this.epoch };
    const see = (op) => this.see(op);
    const { url, store, tokenOf } = this.at;
    const token = await tokenOf();
    const device = await Device.connect({ url, store, token, name: this.name, from, see });
    const { welcome } = device;
    this.epoch = welcome.epoch;
    if (from.after === undefined) this.last = welcome.head;
    else if (!welcome.resumed) this.seen.faults.lost += 1;
    this.heads = new Map(welcome.refs);
    for (let more = welcome.head > this.last; more;) {
      const [page] = await device.ask([{ op: "pull", after: this.last, limit: 100 }]);
      for (const e of page.items) if (e.seq > this.last) this.step(e);
      ({ more } = page);
    }
    return device;
  }

  next() {
    const mid = `${this.seen.user}-${this.name}-${this.count++}-${randomBytes(3).toString("hex")}`;
    if (Math.random() < 0.3) {
      const op = { op: "send", mid, keep: true, say: `${mid} ${"x".repeat(between(0, 2_000))}` };
      return { ops: [op], bodies: [] };
    }
    const ref = Math.random() < 0.7 ? "main" : `of-${this.name}`;
    const bodies = Array.from({ length: 1 + Math.floor(between(0, 3)) }, () =>
      Buffer.concat([Buffer.from(mid), randomBytes(Math.floor(between(0, 20_000)))]),
    );
    const puts = bodies.map((bytes) => {
      return { op: "put", type: "blob", hash: hashOf(bytes), len: bytes.length };
    });
    const objects = puts.map(({ hash, len }) => ["blob", hash, len]);
    const old = this.heads.get(ref) ?? null;
    const push = { op: "push", mid, ref, old, new: puts[0].hash };
    return { ops: [{ op: "have", mid, objects }, ...puts, push], bodies };
  }

  async run(until) {
    while (performance.now() < until) {
      let device;
      try {
        device = await this.connect();
        while (performance.now() < until) {
          this.pending ??= this.next();
          const again = Math.random() < 0.2 ? 2 : 1;
          let answers;
          for (let i = 0; i < again; i++) {
            answers = await Promise.race([
              device.askBinary(this.pending),
              device.closed.then(() => undefined),
            ]);
          }
          if (answers === undefined) break;
          const last = answers.at(-1);
          if (last.op === "error" && last.retry === "later") await pause(300);
          else this.pending = undefined;
        }
      } catch {
        // Cut off; it comes back.
      }
      device?.close();
      await pause(between(50, 500));
    }
  }
}

/** Every event of a store, from the first. */
async function wholeHistory(at) {
  const device = await Device.connect({ ...at, name: "checker" });
  const items = [];
  for (let more = true; more;) {
    const [page] = await device.ask([{ op: "pull", after: items.length, limit: 500 }]);
    items.push(...page.items);
    ({ more } = page);
  }
  device.close();
  return items;
}

/** Writers of several users for a while, under faults; then all that was acknowledged is there, once, in order. */
export function history(isLong) {
  const seconds = Number(process.env.HISTORY_SECONDS ?? (isLong ? 1_800 : 15));
  return onRelay(async (relay) => {
    const proxy = await cuttingProxy(() => relay.url);
    const until = performance.now() + seconds * 1_000;
    const stores = [];
    for (let user = 0; user < users; user++) {
      const tokenOf = await relay.register(`user${user}`);
      stores.push({ tokenOf, store: "s", seen: new Seen(`user${user}`) });
    }
    const harm = async () => {
      while (performance.now() < until) {
        await pause(between(200, 2_000));
        await proxy.harm();
      }
    };
    const kill = async () => {
      for (;;) {
        await pause(Math.max(0, Math.min(between(8_000, 40_000), until - performance.now())));
        if (performance.now() >= until) return;
        proxy.faults.kills += 1;
        for (const { pid } of runtimesOf(process.pid)) process.kill(pid, "SIGKILL");
        await relay.restart();
      }
    };
    const writers = stores.flatMap(({ tokenOf, store, seen }) =>
      Array.from({ length: devices }, (_, i) =>
        new Writer({ url: proxy.url, tokenOf, store }, seen, `d${i}`).run(until),
      ),
    );
    await Promise.all([...writers, harm(), kill()]);
    proxy.close();
    const total = {};
    let acked = 0;
    for (const { tokenOf, store, seen } of stores) {
      seen.judge(await wholeHistory({ url: relay.url, token: await tokenOf(), store }));
      acked += seen.acked.size;
      for (const [fault, n] of Object.entries(seen.faults)) total[fault] = (total[fault] ?? 0) + n;
    }
    const { cuts, stalls, kills } = proxy.faults;
    const found = Object.entries(total).map(([fault, n]) => `${n} ${fault}`);
    const figure = `${found.join(", ")} of ${acked} acknowledged in ${seconds} s, ${cuts} cuts, ${stalls} stalls, ${kills} times kill -9`;
    const isWhole = Object.values(total).every((n) => n === 0) && acked > 0;
    return { R36: { figure, met: isWhole } };
  });
}
