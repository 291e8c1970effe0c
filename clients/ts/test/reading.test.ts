import { PING } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { MemoryRelay } from "./memory-relay.ts";
import { TestDevice } from "./test-device.ts";

describe("a device that receives much", () => {
  it("tells after every mebibyte that it reads", async () => {
    const relay = new MemoryRelay();
    const a = await new TestDevice(relay.world(), "a").start();
    for (const digit of ["1", "2", "3"]) await a.write(digit, digit.repeat(4 * 1024 * 1024));
    await a.at(relay, await a.write("last", "1"));
    await a.sync.stop();
    let pings = 0;
    const world = relay.world();
    const openSocket: typeof world.openSocket = (...address) => {
      const socket = world.openSocket(...address);
      const send = socket.send.bind(socket);
      socket.send = (data) => {
        if (data === PING) pings += 1;
        send(data);
      };
      return socket;
    };
    const b = await new TestDevice({ ...world, openSocket }, "b").start();
    await b.at(relay, relay.main ?? "");
    // Twelve mebibytes and a little in parts of at most a million bytes: after every second of the whole ones.
    expect(pings).toBe(7);
    await b.sync.stop();
  });
});
