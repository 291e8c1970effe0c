// R9, R10, R11: how long a message takes, alone, beside logins, and how many go through.
import { call, quantile } from "../bench/relay-client.mjs";
import { Device } from "./device.mjs";
import { onRelay } from "./relay.mjs";

const body = "x".repeat(1_000);

/** Sends one message every few milliseconds; how long each took to each peer. */
async function latencies(sender, peers, messages) {
  const times = [];
  let missing = messages * peers.length;
  const done = new Promise((resolve) => {
    for (const peer of peers) {
      peer.onMessage = (op) => {
        times.push(performance.now() - Number(op.bytes.toString().split(" ")[0]));
        missing -= 1;
        if (missing === 0) resolve();
      };
    }
  });
  for (let i = 0; i < messages; i++) {
    const mid = `m${Math.random().toString(36).slice(2)}`;
    void sender.ask([{ op: "send", mid, say: `${performance.now()} ${body}` }]);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await done;
  return times;
}

async function group(relay, name, size) {
  const at = { url: relay.url, token: await relay.logIn(name), store: "s" };
  const sender = await Device.connect({ ...at, name: "sender" });
  const peers = [];
  for (let i = 0; i < size; i++) {
    const peer = { onMessage: () => {} };
    const take = (op) => op.op === "message" && peer.onMessage(op);
    peer.device = await Device.connect({ ...at, name: `peer${i}`, take });
    peers.push(peer);
  }
  return { sender, peers };
}

const spread = (times) =>
  `${quantile(times, 0.5).toFixed(1)}/${quantile(times, 0.99).toFixed(1)} ms`;

/** Delivery to 1, 10 and 100 peers, one message every 5 ms. */
export function relayLatency(isLong) {
  const messages = isLong ? 1_000 : 100;
  return onRelay(async (relay) => {
    const parts = [];
    let worst = 0;
    for (const size of [1, 10, 100]) {
      const { sender, peers } = await group(relay, `of${size}`, size);
      await latencies(sender, peers, 50);
      const times = await latencies(sender, peers, messages);
      worst = Math.max(worst, quantile(times, 0.99));
      parts.push(`${size}: ${spread(times)}`);
    }
    return { R9: { figure: `p50/p99 by peers: ${parts.join(", ")}`, met: worst < 50 } };
  });
}

/** The same to 10 peers while twenty people a second log in. */
export function latencyUnderLogins(isLong) {
  const messages = isLong ? 2_000 : 400;
  return onRelay(async (relay) => {
    const { sender, peers } = await group(relay, "quiet", 10);
    const username = "visitor";
    const added = await call(relay.url, "POST", "/admin/users", relay.secrets.ADMIN_TOKEN, {
      username,
    });
    const password = added.body.one_time_password;
    await latencies(sender, peers, 50);
    const quiet = quantile(await latencies(sender, peers, messages), 0.99);
    let logins = 0;
    const visits = setInterval(() => {
      const visitor = { username, password, device: `d${logins++ % 8}` };
      void call(relay.url, "POST", "/login", undefined, visitor).catch(() => {});
    }, 50);
    const busy = quantile(await latencies(sender, peers, messages), 0.99);
    clearInterval(visits);
    const ratio = busy / quiet;
    const figure = `p99 ${busy.toFixed(1)} ms against ${quiet.toFixed(1)} ms quiet, ${ratio.toFixed(1)} x (${logins} logins)`;
    return { R10: { figure, met: ratio <= 3 } };
  });
}

/** Messages of 1 KB through one hub, 16 to a frame, to one reader. */
export function throughput(isLong) {
  const seconds = isLong ? 15 : 3;
  return onRelay(async (relay) => {
    const { sender, peers } = await group(relay, "fast", 1);
    let got = 0;
    peers[0].onMessage = () => {
      got += 1;
    };
    const until = performance.now() + seconds * 1_000;
    const lane = async (lane) => {
      for (let n = 0; performance.now() < until; n++) {
        await sender.ask(
          Array.from({ length: 16 }, (_, i) => ({
            op: "send",
            mid: `l${lane}-${n}-${i}`,
            say: body,
          })),
        );
      }
    };
    await Promise.all([1, 2, 3, 4].map(lane));
    const rate = got / seconds;
    const figure = `${Math.round(rate).toLocaleString("en")} messages a second over ${seconds} s`;
    return { R11: { figure, met: rate >= 5_000 } };
  });
}
