// Real hibernation: after more than ten idle seconds the runtime lets the hub go while its sockets stay open. Nothing
// is lost: order, place, presence and idempotence go on as if it had never slept. Pings do not wake it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, test } from "node:test";
import { connect, login, migrate, newSecrets, startRelay } from "../../bench/relay-local.mjs";

const secrets = newSecrets();
let running;
after(() => running?.miniflare.dispose());

const next = (socket, matches) =>
  new Promise((resolve) => {
    const look = (data) => {
      const text = data.toString();
      const found = text.startsWith("pong:")
        ? matches(text)
          ? text
          : undefined
        : JSON.parse(text).find(matches);
      if (found === undefined) return;
      socket.off("message", look);
      resolve(found);
    };
    socket.on("message", look);
  });

test("a hub that slept 12 s with open sockets loses nothing", { timeout: 60_000 }, async () => {
  running = await startRelay({ secrets });
  await migrate(running.miniflare);
  const token = await login(running.url, secrets.ADMIN_TOKEN, "sleeper");
  const { socket: laptop, welcome } = await connect(running.url, token, "store", "laptop");
  const { socket: phone } = await connect(running.url, token, "store", "phone");
  const hash = createHash("sha256").update("").digest("hex");
  const push = (id, mid, old) =>
    laptop.send(JSON.stringify([{ op: "push", id, mid, ref: "main", old, new: hash }]));
  const say = (id) => laptop.send(JSON.stringify([{ op: "send", id, mid: "said", body: "once" }]));

  const seen = next(phone, (op) => op.op === "event");
  push(1, "one", null);
  assert.equal((await seen).seq, 1);
  const heard = next(phone, (op) => op.op === "message");
  say(2);
  assert.equal((await heard).body, "once");

  await new Promise((resolve) => setTimeout(resolve, 12_500));

  const pong = next(laptop, (op) => typeof op === "string");
  laptop.send("ping");
  assert.equal(await pong, `pong:${welcome.epoch}:1`);

  let repeated = 0;
  phone.on("message", (data) => {
    if (data.toString().includes('"message"')) repeated += 1;
  });
  const answered = next(laptop, (op) => op.id === 3);
  say(3);
  assert.equal((await answered).op, "ok");
  const event = next(phone, (op) => op.op === "event");
  const ack = next(laptop, (op) => op.op === "ack");
  push(4, "two", hash);
  assert.equal((await ack).seq, 2);
  assert.equal((await event).seq, 2);
  assert.equal(repeated, 0, "a repeated mid was relayed again after the sleep");
  laptop.terminate();
  phone.terminate();
});
