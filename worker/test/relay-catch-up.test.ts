import { objectsIn, type Key } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { connect, object } from "./device.ts";
import { connected, noise } from "./objects-story.ts";

describe("catching up", () => {
  it(
    "on 10,000 objects takes one fetch and at most 1.1 times their bytes",
    { timeout: 60_000 },
    async () => {
      const { device, relay, person, store } = await connected();
      const keys: Key[] = [];
      let n = 0;
      for (let part = 0; part < 10; part++) {
        const objects = Array.from({ length: 1_000 }, () => object(noise(1_024)));
        device.send({ op: "have", id: ++n, mid: "all", objects: objects.map((o) => o.key) });
        for (let at = 0; at < 1_000; at += 500)
          device.send(...objects.slice(at, at + 500).map((o) => o.put(++n)));
        keys.push(...objects.map((o): Key => ["blob", o.hash]));
      }
      const head = keys[0]?.[1] ?? "";
      device.send({ op: "push", id: 100_001, mid: "all", ref: "main", old: null, new: head });
      expect(await device.answer(100_001)).toMatchObject({ op: "ack", seq: 1 });
      const phone = await connect(relay, person, store, "phone", { after: 0 });
      await phone.next("events");
      const before = phone.received;
      phone.send({ op: "fetch", id: 1, after: 0 });
      expect(await phone.answer(1)).toEqual({ op: "done", id: 1, seq: 1, gone: [] });
      const got = phone.inbox.flatMap((op) => (op.op === "objects" ? objectsIn(op) : []));
      expect(new Set(got.map((o) => o.hash))).toEqual(new Set(keys.map(([, hash]) => hash)));
      expect(phone.received - before).toBeLessThan(1.1 * 10_000 * 1_024);
    },
  );

  it(
    "beyond a page goes on with next until every object came once",
    { timeout: 60_000 },
    async () => {
      const { device } = await connected();
      const objects = Array.from({ length: 40 }, () => object(noise(900_000)));
      for (const [n, one] of objects.entries()) {
        device.send(one.put(n));
        await device.answer(n);
      }
      device.send({ op: "have", id: 100, mid: "m", objects: objects.map((o) => o.key) });
      device.send({
        op: "push",
        id: 101,
        mid: "m",
        ref: "main",
        old: null,
        new: objects[0]?.hash ?? null,
      });
      await device.answer(101);
      const got: string[] = [];
      let next: string | undefined;
      let pages = 0;
      do {
        device.send({ op: "fetch", id: 200, after: 0, ...(next === undefined ? {} : { next }) });
        const done = await device.answer(200);
        if (done.op !== "done") throw new Error(JSON.stringify(done));
        for (const op of device.inbox.splice(0)) {
          if (op.op === "objects") got.push(...objectsIn(op).map((o) => o.hash));
        }
        next = done.next;
        pages += 1;
      } while (next !== undefined);
      expect(pages).toBeGreaterThan(1);
      expect(got.toSorted()).toEqual(objects.map((o) => o.hash).toSorted());
    },
  );
});
