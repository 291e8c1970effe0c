// R7, R8, R15: keys that change, sessions that end, things that can be used once.
import WebSocket from "ws";
import { call, makeStore, quantile } from "../bench/relay-client.mjs";
import { Device } from "./device.mjs";
import { onRelay } from "./relay.mjs";

/** Sessions ask for themselves all the time while keys are rotated twice and wrapped anew. */
export function rotation(isLong) {
  const sessions = 50;
  const rotations = isLong ? 20 : 2;
  return onRelay(async (relay) => {
    const tokens = [];
    for (let i = 0; i < 4; i++) tokens.push(await relay.logIn(`user${i}`));
    let refused = 0;
    let asked = 0;
    let isOver = false;
    const work = Array.from({ length: sessions }, async (_, i) => {
      while (!isOver) {
        const { status } = await call(relay.url, "GET", "/me", tokens[i % tokens.length]);
        asked += 1;
        if (status !== 200) refused += 1;
      }
    });
    for (let i = 0; i < rotations; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await call(relay.url, "POST", "/admin/keys/rotate", relay.secrets.ADMIN_TOKEN, {});
      await call(relay.url, "POST", "/admin/keys/rewrap", relay.secrets.ADMIN_TOKEN, {});
    }
    isOver = true;
    await Promise.all(work);
    const figure = `${refused} of ${asked.toLocaleString("en")} requests refused in ${rotations} rotations`;
    return { R7: { figure, met: refused === 0 && asked > sessions } };
  });
}

/** How long a socket outlives its session. */
export function revocation(isLong) {
  const tries = isLong ? 200 : 20;
  return onRelay(async (relay) => {
    const times = [];
    for (let i = 0; i < tries; i++) {
      const token = await relay.logIn(`user${i}`);
      const device = await Device.connect({ url: relay.url, token, store: "s", name: "d" });
      const started = performance.now();
      const ended = call(relay.url, "POST", "/logout", token, {});
      await device.closed;
      times.push(performance.now() - started);
      await ended;
    }
    const p99 = quantile(times, 0.99);
    return { R8: { figure: `p99 ${p99.toFixed(0)} ms in ${tries} logouts`, met: p99 < 1_000 } };
  });
}

/** One ticket is offered by many sockets at once, again and again. */
export function singleUse(isLong) {
  const rounds = isLong ? 100 : 5;
  const atOnce = 100;
  return onRelay(async (relay) => {
    const token = await relay.logIn("user");
    await makeStore(relay.url, token, "s");
    let wrong = 0;
    for (let round = 0; round < rounds; round++) {
      const { body } = await call(
        relay.url,
        "POST",
        "/ws/ticket",
        token,
        {},
        {
          origin: relay.url,
        },
      );
      const tries = Array.from({ length: atOnce }, () => offer(relay.url, body.ticket));
      const won = (await Promise.all(tries)).reduce((sum, one) => sum + one, 0);
      if (won !== 1) wrong += 1;
    }
    const figure = `${wrong} of ${rounds} tickets not won exactly once by ${atOnce} at once`;
    return { R15: { figure, met: wrong === 0 } };
  });
}

/** 1 when a socket opens with that ticket, 0 when it is refused. */
function offer(url, ticket) {
  const address = `${url.replace("http", "ws")}/ws?store=s`;
  const socket = new WebSocket(address, ["gbr.v1", `ticket.${ticket}`], {
    perMessageDeflate: false,
    origin: url,
  });
  return new Promise((resolve) => {
    socket.once("error", () => {
      resolve(0);
    });
    socket.once("open", () => {
      socket.terminate();
      resolve(1);
    });
  });
}
