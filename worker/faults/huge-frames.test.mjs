// Frames far beyond the limit, over a real socket: the sender is closed, everybody else goes on.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { connect, login, next, request } from "../../bench/relay-client.mjs";
import { startRelay } from "../../bench/start-relay.mjs";

const platformLimit = 33_554_432;

let running;
after(() => running?.stop());

for (const [name, size] of [
  ["32 MiB", platformLimit],
  ["32 MiB and one byte", platformLimit + 1],
]) {
  test(`a frame of ${name} ends its socket and no other`, { timeout: 60_000 }, async () => {
    running ??= await startRelay();
    const token = await login(running, `huge${size}`);
    const { socket: phone } = await connect(running.url, token, "store", "phone");
    const joined = next(phone, (op) => op.op === "presence" && op.devices.length === 2);
    const { socket: huge } = await connect(running.url, token, "store", "huge");
    await joined;
    huge.on("error", () => {});
    const left = next(phone, (op) => op.op === "presence" && op.devices.length === 1);
    huge.send(Buffer.alloc(size));
    await left;
    const page = await request(phone, { op: "pull", id: 1, after: 0, limit: 1 });
    assert.deepEqual(page.items, []);
    for (const socket of [phone, huge]) socket.terminate();
  });
}
