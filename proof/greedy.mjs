// R28: memory of the runtime while many do not read, do not finish, or ask for all there is.
import { randomBytes } from "node:crypto";
import { connect as connectTcp } from "node:net";
import { fillHeaps, memoryOf } from "../bench/start-relay.mjs";
import { Device } from "./device.mjs";
import { onRelay } from "./relay.mjs";

const mebibyte = 1_048_576;
const sockets = 20;

/** Objects of 900 KB behind one ref: what a `get` of all of them would like to have. */
async function fill(device, count) {
  const keys = [];
  let old = null;
  for (let n = 0; n < count; n++) {
    old = await device.pushOne(`f${n}`, old, randomBytes(900_000));
    keys.push(["blob", old]);
  }
  return keys;
}

/** Sends the beginning of a request and never the rest. */
function unfinished(relay, token, head) {
  const { hostname, port } = new URL(relay.url);
  return new Promise((resolve) => {
    const socket = connectTcp(Number(port), hostname, () => {
      socket.write(
        `POST /sync/s/objects HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${token}\r\n` +
          `gbr-device: slow\r\ncontent-type: application/octet-stream\r\ncontent-length: 1048000\r\n\r\n`,
      );
      socket.write(head, () => resolve(socket));
    });
    socket.on("error", () => {});
  });
}

/** Asks over HTTP for all of it and never reads the answer. */
function unread(relay, token, keys) {
  const { hostname, port } = new URL(relay.url);
  const body = JSON.stringify({ objects: keys });
  return new Promise((resolve) => {
    const socket = connectTcp(Number(port), hostname, () => {
      socket.pause();
      socket.write(
        `POST /sync/s/get HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${token}\r\n` +
          `gbr-device: slow\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        () => resolve(socket),
      );
    });
    socket.on("error", () => {});
  });
}

/** Memory while many stalled readers ask for all objects, over the socket and over HTTP, and bodies are not finished. */
export function greedyReaders(isLong) {
  const seconds = isLong ? 120 : 6;
  return onRelay(async (relay) => {
    const at = { url: relay.url, token: await relay.logIn("user"), store: "s" };
    const writer = await Device.connect({ ...at, name: "writer" });
    const keys = await fill(writer, 40);
    const ask = () => writer.ask([{ op: "get", objects: keys.slice(0, 15) }]);
    await fillHeaps(
      () => ask().then(ask).then(ask),
      mebibyte,
      (times) => times < 20,
    );
    const before = memoryOf(process.pid);
    const held = [];
    for (let i = 0; i < sockets; i++) {
      const device = await Device.connect({ ...at, name: `stalled${i}` });
      device.socket._socket.pause();
      for (let n = 0; n < 4; n++) device.ask([{ op: "get", objects: keys }]).catch(() => {});
      held.push(await unfinished(relay, at.token, randomBytes(1_000_000)));
      held.push(await unread(relay, at.token, keys));
    }
    let peak = before;
    for (let second = 0; second < seconds; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      peak = Math.max(peak, memoryOf(process.pid));
    }
    for (const socket of held) socket.destroy();
    const more = (peak - before) / mebibyte;
    const what = `${sockets} stalled sockets, ${sockets} unread answers, ${sockets} unfinished bodies`;
    const figure = `${more.toFixed(0)} MiB over ${(before / mebibyte).toFixed(0)} MiB with ${what} (whole process)`;
    return { R28: { figure, met: more < 64 } };
  });
}
