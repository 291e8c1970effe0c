// R26: what others feel while one user does each operation at its allowed maximum, at the limits of a real deployment.
import { randomBytes } from "node:crypto";
import { call, hashOf, quantile } from "../bench/relay-client.mjs";
import { Device } from "./device.mjs";
import { onRelay } from "./relay.mjs";

const key = (n) => ["blob", hashOf(`nothing ${n}`), 1_000];
const unknown = Array.from({ length: 1_000 }, (_, n) => key(n));
const names = unknown.map(([type, hash]) => [type, hash]);
const message = "x".repeat(65_000);
const large = randomBytes(1_000_000);

/** What one user may ask, each at its maximum; `n` makes one differ from the others. Binary ones come as frames. */
const attacks = {
  have: (n) => [{ op: "have", mid: `h${n % 50}`, objects: unknown }],
  "have, 20 lists": (n) =>
    Array.from({ length: 20 }, (_, i) => ({
      op: "have",
      mid: `m${n}-${i}`,
      objects: unknown.slice(0, 500),
    })),
  get: () => [{ op: "get", objects: names }],
  "get of all": (_, known) => [{ op: "get", objects: known }],
  fetch: () => [{ op: "fetch", after: 0 }],
  pull: () => Array.from({ length: 20 }, () => ({ op: "pull", after: 0, limit: 500 })),
  need: (n) => [{ op: "need", objects: names.slice(n % 2) }],
  presence: (n) => [
    { op: "presence", state: Buffer.from(`${n} `.padEnd(256, "x")).toString("base64") },
  ],
  send: (n) =>
    Array.from({ length: 15 }, (_, i) => ({ op: "send", mid: `s${n}-${i}`, say: message })),
  "send, kept": (n) =>
    Array.from({ length: 15 }, (_, i) => ({
      op: "send",
      mid: `k${n}-${i}`,
      keep: true,
      ttl: 60,
      say: message,
    })),
  "push refused": (n) =>
    Array.from({ length: 1_000 }, (_, i) => ({
      op: "push",
      mid: `p${n}-${i}`,
      ref: "main",
      old: unknown[0][1],
      new: null,
    })),
  put: (n) => {
    const bytes = Buffer.concat([Buffer.from(`${n} `), large]);
    const put = { op: "put", type: "blob", hash: hashOf(bytes), len: bytes.length, ttl: 60 };
    return { ops: [put], bodies: [bytes] };
  },
  chunk: (n) => {
    const size = 33_000_000;
    const hash = hashOf(`never whole ${n}`);
    const chunk = { op: "chunk", type: "blob", hash, size, offset: 0, len: large.length };
    return { ops: [chunk], bodies: [large] };
  },
  renew: () => [{ op: "renew", ttl: 2_592_000 }],
};

/** The same over HTTP, where there is one. */
const requests = {
  "GET /stores": (url, token) => call(url, "GET", "/stores", token),
  "POST have": (url, token, n) =>
    call(url, "POST", "/sync/s/have", token, { mid: `w${n % 50}`, objects: unknown }, headers),
  "POST get": (url, token) =>
    call(url, "POST", "/sync/s/get", token, { objects: names }, headers).catch(() => undefined),
};
const headers = { "gbr-device": "attacker" };

/** Sends small kept messages one after the other; how long each took. */
async function watch(device, until) {
  const times = [];
  for (let n = 0; performance.now() < until; n++) {
    const started = performance.now();
    const mid = `v${randomBytes(8).toString("hex")}`;
    await device.ask([{ op: "send", mid, keep: true, ttl: 60, say: `${n}` }]);
    times.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return times;
}

/** Goes on asking, a few frames ahead, waiting as told where it is told to. */
async function attack(connect, frameOf, until) {
  const lane = async (lane) => {
    let device = await connect(lane);
    for (let n = 0; performance.now() < until; n++) {
      const frame = frameOf(lane * 1_000_000 + n);
      const asked = Array.isArray(frame) ? device.ask(frame) : device.askBinary(frame);
      asked.catch(() => undefined);
      // A frame that is refused whole is told once, and not for each of its operations.
      const late = pause(1_000).then(() => []);
      const answers = await Promise.race([asked, device.closed, late]).catch(() => 0);
      if (typeof answers === "number") {
        await pause(250);
        device = await connect(lane);
        continue;
      }
      const wait = Math.max(0, ...answers.map((op) => op.retry_after_ms ?? 0));
      if (wait > 0) {
        await pause(Math.min(wait, 1_000));
      }
    }
    device.close();
  };
  await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i)));
}

const lanes = 10;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A store that holds something worth asking for. */
async function fill(device) {
  const known = [];
  let old = null;
  for (let n = 0; n < 200; n++) {
    old = await device.pushOne(`f${n}`, old, randomBytes(16_384));
    known.push(["blob", old]);
  }
  return known;
}

/** The p99 of a neighbour's kept messages against quiet times. */
export function hostileNeighbour(isLong) {
  const seconds = isLong ? 20 : 2;
  return onRelay(
    async (relay) => {
      const hostile = { url: relay.url, token: await relay.logIn("hostile"), store: "s" };
      const neighbour = { url: relay.url, token: await relay.logIn("neighbour"), store: "s" };
      const other = await Device.connect({ ...neighbour, name: "neighbour" });
      const filler = await Device.connect({ ...hostile, name: "filler" });
      const known = await fill(filler);
      await watch(other, soon(1));
      const quiet = quantile(await watch(other, soon(seconds * 2)), 0.99);
      const rows = [];
      for (const [name, frameOf] of Object.entries(attacks)) {
        const until = soon(seconds);
        const connect = (lane) => Device.connect({ ...hostile, name: `attacker${lane}` });
        const [times] = await Promise.all([
          watch(other, until),
          attack(connect, (n) => frameOf(n, known), until),
        ]);
        rows.push({ name, ratio: quantile(times, 0.99) / quiet });
      }
      for (const [name, ask] of Object.entries(requests)) {
        const until = soon(seconds);
        const lane = async (lane) => {
          for (let n = 0; performance.now() < until; n++)
            await ask(relay.url, hostile.token, n * lanes + lane);
        };
        const [times] = await Promise.all([
          watch(other, until),
          ...Array.from({ length: lanes }, (_, i) => lane(i)),
        ]);
        rows.push({ name, ratio: quantile(times, 0.99) / quiet });
      }
      const worst = rows.toSorted((a, b) => b.ratio - a.ratio);
      const told = worst.slice(0, 5).map(({ name, ratio }) => `${name} ${ratio.toFixed(1)} x`);
      const figure = `worst of ${rows.length} attacks from ${lanes} sockets: ${told.join(", ")}; quiet p99 ${quiet.toFixed(1)} ms`;
      return { R26: { figure, met: worst[0].ratio <= 2 } };
    },
    { FLOOD_FRAMES_PER_SECOND: "", FLOOD_BYTES_PER_SECOND: "" },
  );
}

const soon = (seconds) => performance.now() + seconds * 1_000;
