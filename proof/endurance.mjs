// R6, R12, R13, R19, R23, R25: restarts, slow readers, nonsense, sweeps, long runs, sleep.
import { randomBytes } from "node:crypto";
import { Device } from "./device.mjs";
import { call, quantile } from "../bench/relay-client.mjs";
import { fillHeaps, memoryOf, runtimesOf } from "../bench/start-relay.mjs";
import { onRelay } from "./relay.mjs";

/** Resident memory of workerd in MiB. */
const residentMiB = () => memoryOf(process.pid) / 1_048_576;

const text = (n) => ({ op: "send", mid: `m${n}`, keep: true, say: `event ${n}` });

/** kill -9, start again, and a hundred clients that want what they missed. */
export function restart(isLong) {
  const rounds = isLong ? 10 : 1;
  const users = 5;
  const perUser = 20;
  return onRelay(async (relay) => {
    const tokens = [];
    for (let i = 0; i < users; i++) tokens.push(await relay.logIn(`user${i}`));
    const times = [];
    for (let round = 0; round < rounds; round++) {
      const clients = [];
      for (const token of tokens) {
        const at = { url: relay.url, token, store: "s" };
        const all = [];
        for (let i = 0; i < perUser; i++) {
          const name = `d${i}`;
          const { welcome, socket } = await Device.connect({ ...at, name });
          all.push({ token, name, socket, from: { after: welcome.head, epoch: welcome.epoch } });
        }
        const sender = await Device.connect({ ...at, name: "sender" });
        await sender.ask(Array.from({ length: 20 }, (_, i) => text(`${round}-${i}`)));
        clients.push(...all);
      }
      for (const { pid } of runtimesOf(process.pid)) process.kill(pid, "SIGKILL");
      await relay.restart();
      const started = performance.now();
      await Promise.all(
        clients.map(async ({ token, name, from, socket }) => {
          socket.terminate();
          const at = { url: relay.url, token, store: "s", name };
          const device = await Device.connect({ ...at, from });
          if (device.welcome.head !== from.after + 20) throw new Error("an event is lost");
          await device.ask([{ op: "pull", after: from.after, limit: 20 }]);
          times.push(performance.now() - started);
          device.close();
        }),
      );
    }
    const p99 = quantile(times, 0.99);
    const figure = `p99 ${p99.toFixed(0)} ms until ${users * perUser} clients have all, ${rounds} times kill -9`;
    return { R6: { figure, met: p99 < 2_000 } };
  });
}

/** Memory of the runtime while one of many readers does not read. */
export function stalledReader(isLong) {
  const megabytes = isLong ? 200 : 50;
  return onRelay(async (relay) => {
    const at = { url: relay.url, token: await relay.logIn("user"), store: "s" };
    const peers = [];
    for (let i = 0; i < 50; i++) peers.push(await Device.connect({ ...at, name: `p${i}` }));
    const stalled = await Device.connect({ ...at, name: "stalled" });
    const sender = await Device.connect({ ...at, name: "sender" });
    const body = "x".repeat(60_000);
    const send = (n) =>
      sender.ask(
        Array.from({ length: 10 }, (_, i) => ({ op: "send", mid: `m${n}-${i}`, say: body })),
      );
    for (let n = 0; n < 10; n++) await send(`warm${n}`);
    const before = residentMiB();
    stalled.socket._socket.pause();
    let peak = before;
    for (let sent = 0; sent < megabytes; sent += 0.6) {
      await send(`n${Math.round(sent * 10)}`);
      peak = Math.max(peak, residentMiB());
    }
    const more = peak - before;
    const figure = `${more.toFixed(0)} MiB over ${before.toFixed(0)} MiB while ${megabytes} MB went past (whole process)`;
    return { R12: { figure, met: more < 64 } };
  });
}

const nonsense = [
  () => JSON.stringify([{ op: "fly", id: 1 }]),
  () => JSON.stringify([{ op: "push", id: 1, mid: "m", ref: "main", old: 7, new: null }]),
  () => JSON.stringify([{ op: "pull", id: -1, after: 0, limit: 9_999 }]),
  () => JSON.stringify([{ op: "get", id: 1, objects: [["blob", "zz"]] }]),
  () => JSON.stringify([{ op: "hello", proto: 1, device: "again" }]),
];
const broken = [
  () => randomBytes(64),
  () => JSON.stringify([{ op: "put", id: 1, type: "blob", hash: "0".repeat(64), len: 3 }]),
  () => "[{",
  () => Buffer.from([1, 1, 0, 0, 255, 255, 255, 255]),
];

/** Frames that mean nothing: each is answered, or closes the socket with a code; the relay lives on. */
export function invalidFrames(isLong) {
  const frames = isLong ? 1_000_000 : 5_000;
  return onRelay(
    async (relay) => {
      const token = await relay.logIn("user");
      let silent = 0;
      let done = 0;
      const lane = async (lane) => {
        while (done < frames) {
          const device = await openDevice(relay, token, lane);
          silent += await device.flood(Math.min(500, frames - done), nonsense);
          silent += await device.end(broken[done % broken.length]());
          done += 501;
        }
      };
      await Promise.all([1, 2, 3, 4].map(lane));
      const { status } = await call(relay.url, "GET", "/me", token);
      const figure = `${silent} silent, the relay answers ${status} after ${done.toLocaleString("en")} frames`;
      return { R13: { figure, met: silent === 0 && status === 200 } };
    },
    { FLOOD_FRAMES_PER_SECOND: "100000000" },
  );
}

async function openDevice(relay, token, lane) {
  let errors = 0;
  let wake = () => {};
  const take = (op) => {
    if (op.op !== "error") return;
    errors += 1;
    wake();
  };
  const { url } = relay;
  const device = await Device.connect({ url, token, store: "s", name: `d${lane}`, take });
  const until = (count) =>
    new Promise((resolve) => {
      wake = () => {
        if (errors >= count) resolve(0);
      };
      void device.closed.then(() => {
        resolve(Math.max(0, count - errors));
      });
      wake();
    });
  return {
    flood(count, kinds) {
      for (let i = 0; i < count; i++) device.socket.send(kinds[i % kinds.length]());
      return until(count);
    },
    async end(frame) {
      device.socket.send(frame);
      return (await device.closed) === 4400 ? 0 : 1;
    },
  };
}

/** A hundred thousand expired packs, swept slice by slice. */
export function sweep(isLong) {
  const rows = isLong ? 100_000 : 5_000;
  return onRelay(async (relay) => {
    const token = await relay.logIn("user");
    (await Device.connect({ url: relay.url, token, store: "s", name: "d" })).close();
    await relay.database
      .prepare(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        INSERT INTO sync_data (owner_id, store_id, data_type, objects, bytes, created_at, expires_at, list, data)
        SELECT s.owner_id, s.id, 'pack', 1, 3, 1, 2, json_array(json_array('blob', printf('%064x', n.i), json_array(3))),
          'YWJj' FROM n, stores AS s`,
      )
      .bind(rows)
      .run();
    const started = performance.now();
    let calls = 0;
    let more = true;
    while (more) {
      const { body } = await call(relay.url, "POST", "/admin/cleanup", relay.secrets.ADMIN_TOKEN, {
        dry_run: false,
      });
      ({ more } = body);
      calls += 1;
    }
    const elapsed = performance.now() - started;
    const left = await relay.database.prepare("SELECT count(*) AS n FROM sync_data").first("n");
    const figure = `${left} of ${rows.toLocaleString("en")} rows left after ${calls} calls in ${elapsed.toFixed(0)} ms`;
    return { R19: { figure, met: left === 0 } };
  });
}

/** Memory of the runtime under a steady load; its slope once the heaps have filled. */
export function soak(isLong) {
  const minutes = Number(process.env.SOAK_MINUTES ?? (isLong ? 60 : 0.5));
  return onRelay(async (relay) => {
    const at = { url: relay.url, token: await relay.logIn("user"), store: "s" };
    const sender = await Device.connect({ ...at, name: "sender" });
    const reader = await Device.connect({ ...at, name: "reader" });
    let n = 0;
    const load = async (rounds) => {
      for (const end = n + rounds; n < end; n++) {
        await sender.ask(Array.from({ length: 16 }, (_, i) => ({ ...text(`${n}-${i}`), ttl: 60 })));
      }
    };
    const filled = performance.now() + (minutes * 60_000) / 2;
    await fillHeaps(
      () => load(1_000),
      1_048_576,
      () => performance.now() < filled,
    );
    const samples = [];
    const started = performance.now();
    const age = () => (performance.now() - started) / 60_000;
    while (age() < minutes) {
      await load(50);
      samples.push([age(), residentMiB()]);
    }
    reader.close();
    const perHour = slope(samples) * 60;
    const figure = `${perHour.toFixed(1)} MiB an hour at ${samples.at(-1)[1].toFixed(0)} MiB, over ${minutes} min, after at most ${minutes / 2} min to fill the heaps`;
    return { R23: { figure, met: perHour < 1 } };
  });
}

/** Of a straight line through the points, by least squares. */
function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)];
  const above = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return above / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

/** The hub is put to sleep again and again under open sockets. */
export function evictions(isLong) {
  const times = isLong ? 1_000 : 30;
  return onRelay(async (relay) => {
    const at = { url: relay.url, token: await relay.logIn("user"), store: "s" };
    let events = 0;
    const take = (op) => {
      if (op.op === "event") events += 1;
    };
    const reader = await Device.connect({ ...at, name: "reader", take });
    const sender = await Device.connect({ ...at, name: "sender" });
    const id = await relay.database.prepare("SELECT id FROM stores").first("id");
    for (let n = 0; n < times; n++) {
      await relay.miniflare.unsafeEvictDurableObject("relay", "StoreHub", {
        name: `store:${id}`,
        webSockets: "hibernate",
      });
      await sender.ask([text(n)]);
    }
    await reader.ask([{ op: "pull", after: times, limit: 1 }]);
    const figure = `${events} of ${times} events seen, both sockets open, after ${times} evictions`;
    const isOpen = [reader, sender].every(({ socket }) => socket.readyState === socket.OPEN);
    return { R25: { figure, met: events === times && isOpen } };
  });
}
