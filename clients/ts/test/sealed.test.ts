import { createHash } from "node:crypto";
import { encodeBinary, type ClientOp } from "@gitblobs/protocol";
import { expect, it } from "vitest";
import { MemoryRelay } from "./memory-relay.ts";
import { TestDevice } from "./test-device.ts";

/** A push of something sealed, as a later version makes it. */
function sealedPush(): ClientOp[] {
  const bytes = new TextEncoder().encode("for others");
  const hash = createHash("sha256").update(bytes).digest("hex");
  const [type, len] = ["sealed" as const, bytes.length];
  return [
    { op: "hello", proto: 1, device: "later" },
    { op: "have", id: 1, mid: "m", objects: [[type, hash, len]] },
    { op: "put", id: 2, type, hash, len, bytes },
    { op: "push", id: 3, mid: "m", ref: "parcels", old: null, new: hash },
    { op: "need", id: 4, objects: [[type, hash]] },
  ];
}

it("what is sealed passes a device by, be it fetched or asked for", async () => {
  const relay = new MemoryRelay();
  const a = await new TestDevice(relay.world(), "a").start();
  const b = await new TestDevice(relay.world(), "b").start();
  await Promise.all([a.phase("up-to-date"), b.phase("up-to-date")]);
  await b.sync.stop();
  const later = relay.world().openSocket("ws://relay/ws", ["gbr.v1"], {});
  await new Promise<void>((resolve) => {
    later.addEventListener("open", () => {
      resolve();
    });
  });
  later.send(encodeBinary(sealedPush()));
  await a.until(() => relay.head === 1);
  const commit = await a.write("f", "open");
  await a.at(relay, commit);
  b.sync.start();
  await b.at(relay, commit);
  expect(await b.files()).toEqual({ f: "open" });
  expect(b.statuses.map(({ phase }) => phase.kind)).not.toContain("waiting");
  await Promise.all([a.sync.stop(), b.sync.stop()]);
});
