// Real hibernation: after more than ten idle seconds the runtime lets the hub go while its sockets stay open. Nothing
// is lost: order, place, presence and idempotence go on as if it had never slept. Pings do not wake it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { connect, frameOf, hashOf, login, next, opsOf } from "../../bench/relay-client.mjs";
import { startRelay } from "../../bench/start-relay.mjs";

let running;
after(() => running?.stop());

test("a hub that slept 12 s with open sockets loses nothing", { timeout: 90_000 }, async () => {
  let starts = 0;
  running = await startRelay({
    onLog: (line) => {
      if (line.includes('"hub_started"')) starts += 1;
    },
  });
  const token = await login(running, "sleeper");
  const { socket: laptop, welcome } = await connect(running.url, token, "store", "laptop");
  const { socket: phone } = await connect(running.url, token, "store", "phone");
  const hash = hashOf("");
  const push = (id, mid, old) =>
    laptop.send(JSON.stringify([{ op: "push", id, mid, ref: "main", old, new: hash }]));
  const say = (id) => laptop.send(frameOf([{ op: "send", id, mid: "said", say: "once" }]));

  const seen = next(phone, (op) => op.op === "event");
  push(1, "one", null);
  assert.equal((await seen).seq, 1);
  const heard = next(phone, (op) => op.op === "message");
  say(2);
  assert.equal(String((await heard).bytes), "once");
  assert.equal(starts, 1);

  await new Promise((resolve) => setTimeout(resolve, 12_500));

  for (let pings = 0; pings < 3; pings++) {
    const pong = next(laptop, (op) => typeof op === "string");
    laptop.send("ping");
    assert.equal(await pong, `pong:${welcome.epoch}:1`);
  }
  assert.equal(starts, 1, "a ping woke the hub");

  let repeated = 0;
  phone.on("message", (data) => {
    if (opsOf(data).some((op) => op.op === "message")) repeated += 1;
  });
  const answered = next(laptop, (op) => op.id === 3);
  say(3);
  assert.equal((await answered).op, "ok");
  assert.equal(starts, 2, "the hub did not sleep");
  const event = next(phone, (op) => op.op === "event");
  const ack = next(laptop, (op) => op.op === "ack");
  push(4, "two", hash);
  assert.equal((await ack).seq, 2);
  assert.equal((await event).seq, 2);
  assert.equal(repeated, 0, "a repeated mid was relayed again after the sleep");
  laptop.terminate();
  phone.terminate();
});
