// What no WebSocket library sends: a text frame whose bytes are not UTF-8; and what one would negotiate by itself.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { call, login } from "../../bench/relay-client.mjs";
import { startRelay } from "../../bench/start-relay.mjs";

let relay, token;
before(async () => {
  relay = await startRelay();
  token = await login(relay, "bare");
  await call(relay.url, "POST", "/stores", token, { name: "bare" });
});
after(() => relay.stop());

/** A socket of which a test sees and sends the bytes; `head` is how the relay answered the upgrade. */
async function upgraded(headers = {}) {
  const { hostname, port, host } = new URL(relay.url);
  const socket = connect(Number(port), hostname);
  let received = Buffer.alloc(0);
  socket.on("data", (bytes) => (received = Buffer.concat([received, bytes])));
  const until = async (isThere) => {
    while (!isThere()) {
      assert(!socket.closed, `closed after ${String(received)}`);
      await Promise.race([once(socket, "data"), once(socket, "close")]);
    }
  };
  const lines = Object.entries({
    host,
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
    authorization: `Bearer ${token}`,
    ...headers,
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`GET /ws?store=bare HTTP/1.1\r\n${head}\r\n`);
  await until(() => received.includes("\r\n\r\n"));
  const text = (payload) => {
    const length =
      payload.length < 126
        ? [0x80 | payload.length]
        : [0xfe, payload.length >> 8, payload.length & 255];
    // A mask of zeros leaves the bytes as they are.
    socket.write(Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), payload]));
  };
  return { head: String(received), text, until, received: () => received, socket };
}

test("a text frame whose bytes are not UTF-8 is refused, and nothing of it is kept", async () => {
  const { text, until, received, socket } = await upgraded();
  text(Buffer.from('[{"op":"hello","proto":1,"device":"latin"}]'));
  await until(() => received().includes('"welcome"'));
  const push = '{"op":"push","id":1,"mid":"m","ref":"main","old":null,"new":null}';
  text(Buffer.from(`[${push},{"op":"auth","token":"caf\xe9 \xff"}]`, "latin1"));
  // The close of 4400 comes behind the error.
  await until(() => received().includes(Buffer.from([0x11, 0x30])));
  assert.match(String(received()), /"code":"bad_frame"/u);
  socket.destroy();
  const events = await call(relay.url, "GET", "/stores", token);
  assert.equal(events.body.stores.find(({ name }) => name === "bare").head, 0);
});

test("compression that is offered is not taken", async () => {
  const { head, socket } = await upgraded({
    "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
  });
  assert.match(head, /^HTTP\/1.1 101/u);
  assert.doesNotMatch(head, /sec-websocket-extensions/iu);
  socket.destroy();
  const { headers } = await fetch(`${relay.url}/openapi.json`, {
    headers: { "accept-encoding": "gzip, br, zstd" },
  });
  assert.equal(headers.get("content-encoding"), null);
});
