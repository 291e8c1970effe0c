import { LIMITS, type Key, type ServerOp } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../sync/piece.ts";
import { connectionOn } from "../../test/hub-alone.ts";
import type { Hub, NeedEntry } from "./hub.ts";
import { askForObjects, recallNeeds, tellAvailable } from "./needs.ts";
import type { Peer } from "./peer.ts";
import type { Settled } from "./write-queue.ts";

const hour = 3_600_000;
const keyOf = (n: number, type: Key[0] = "blob"): Key => [type, String(n).padStart(64, "0")];
const nameOf = ([type, hash]: Key) => `need:${type} ${hash}`;
const manyKeys = (count: number) => Array.from({ length: count }, (_, n) => keyOf(n));

/** A hub with these devices, at a time that a test moves, and what its storage was told. */
function hubWith(...names: readonly string[]) {
  const clock = { now: 10 * hour };
  const stored: string[][] = [];
  const deleted: string[][] = [];
  const told = new Map<string, ServerOp[]>(names.map((name) => [name, []]));
  const connections = names.map((device) => {
    const socket = {
      bufferedAmount: 0,
      serializeAttachment: () => undefined,
      send: (frame: string) => told.get(device)?.push(...(JSON.parse(frame) as ServerOp[])),
    } as unknown as WebSocket;
    return connectionOn(socket, { device });
  });
  const hub = {
    world: { now: () => clock.now },
    needs: new Map<string, NeedEntry>(),
    connections: new Map(connections.map((one) => [one.socket, one])),
    ctx: {
      storage: {
        put: (entries: object) => stored.push(Object.keys(entries)),
        delete: (keys: string[]) => deleted.push([...keys]),
      },
    },
  } as unknown as Hub;
  const need = (device: string, ...objects: Key[]) =>
    askForObjects(hub, { party: ["u", device] } as unknown as Peer, { op: "need", id: 1, objects });
  return { hub, clock, stored, deleted, need, told: (device: string) => told.get(device) };
}

const ok: Outcome = { kind: "answer", op: { op: "ok", id: 1, state: "stored", expires_at: 1 } };
/** What came of a put of the object, or of the last piece of it. */
const put = ([type, hash]: Key, outcome: Outcome = ok) =>
  ({ write: { object: [type, hash] }, outcome }) as unknown as Settled;
const piece = (object: Key | undefined, outcome: Outcome = ok) =>
  ({ write: { object }, outcome }) as unknown as Settled;

describe("asking for objects that are gone", () => {
  it("asks everybody but the device itself, and tells how many that were", () => {
    const { need, told } = hubWith("phone", "laptop", "tablet");
    expect(need("phone", keyOf(1), keyOf(2))).toBe(2);
    const asked = [{ op: "need", by: "u", from: "phone", objects: [keyOf(1), keyOf(2)] }];
    expect(told("laptop")).toEqual(asked);
    expect(told("tablet")).toEqual(asked);
    expect(told("phone")).toEqual([]);
  });

  it("is remembered by the hub and its storage, for all who asked", () => {
    const { hub, need, stored, clock } = hubWith("phone", "laptop");
    need("phone", keyOf(1));
    clock.now += 5;
    need("laptop", keyOf(1));
    need("laptop", keyOf(1));
    expect([...hub.needs]).toEqual([
      [nameOf(keyOf(1)), { devices: ["u phone", "u laptop"], at: clock.now }],
    ]);
    // Asked for a second time by the same device, it is not written again until half of its hour has passed.
    expect(stored).toEqual([[nameOf(keyOf(1))], [nameOf(keyOf(1))]]);
    clock.now += hour / 2;
    need("laptop", keyOf(1));
    expect(stored).toHaveLength(3);
    expect(hub.needs.get(nameOf(keyOf(1)))?.at).toBe(clock.now);
  });

  it("is stored and forgotten in calls of at most 128 entries", () => {
    const { need, stored, deleted, clock } = hubWith("phone");
    need("phone", ...manyKeys(300));
    expect(stored.map((keys) => keys.length)).toEqual([128, 128, 44]);
    expect(new Set(stored.flat()).size).toBe(300);
    clock.now += hour + 1;
    need("phone", keyOf(999));
    expect(deleted.map((keys) => keys.length)).toEqual([128, 128, 44]);
    expect(new Set(deleted.flat()).size).toBe(300);
  });

  it("is forgotten after an hour, and not before", () => {
    const { hub, need, deleted, clock } = hubWith("phone");
    need("phone", keyOf(1));
    clock.now += hour;
    need("phone", keyOf(2));
    expect(hub.needs.size).toBe(2);
    expect(deleted).toEqual([]);
    clock.now += 1;
    need("phone", keyOf(3));
    expect([...hub.needs.keys()]).toEqual([keyOf(2), keyOf(3)].map(nameOf));
    expect(deleted).toEqual([[nameOf(keyOf(1))]]);
  });

  it("is forgotten, the oldest first, beyond ten full requests; what is asked again is young", () => {
    const { hub, need } = hubWith("phone");
    const all = manyKeys(10 * LIMITS.objectsPerOp);
    need("phone", ...all);
    expect(hub.needs.size).toBe(all.length);
    need("phone", keyOf(0));
    need("phone", keyOf(1, "commit"));
    expect(hub.needs.size).toBe(all.length);
    expect(hub.needs.has(nameOf(keyOf(0)))).toBe(true);
    expect(hub.needs.has(nameOf(keyOf(1)))).toBe(false);
  });

  it("comes back from the storage, where nothing else is taken for it", async () => {
    const asked: unknown[] = [];
    const kept = new Map<string, NeedEntry>();
    const list = (options: unknown) => {
      asked.push(options);
      return Promise.resolve(kept);
    };
    expect(await recallNeeds({ list } as unknown as DurableObjectStorage)).toBe(kept);
    expect(asked).toEqual([{ prefix: "need:" }]);
  });
});

describe("an object that is there again", () => {
  it("is told to those who asked for it, once", () => {
    const { hub, need, told, deleted } = hubWith("phone", "laptop", "tablet");
    need("phone", keyOf(1), keyOf(2));
    need("tablet", keyOf(1));
    tellAvailable(hub, [put(keyOf(1))]);
    tellAvailable(hub, [put(keyOf(1))]);
    const available = (device: string) =>
      told(device)?.filter(({ op }) => op === "available") ?? [];
    expect(available("phone")).toEqual([{ op: "available", objects: [keyOf(1)] }]);
    expect(available("tablet")).toEqual([{ op: "available", objects: [keyOf(1)] }]);
    expect(available("laptop")).toEqual([]);
    expect(deleted).toEqual([[nameOf(keyOf(1))]]);
    expect([...hub.needs.keys()]).toEqual([nameOf(keyOf(2))]);
  });

  it("is told whether it came whole or in pieces, together with others of the batch", () => {
    const { hub, need, told } = hubWith("phone");
    need("phone", keyOf(1), keyOf(2));
    tellAvailable(hub, [put(keyOf(1)), piece(keyOf(2)), piece(undefined)]);
    expect(told("phone")).toEqual([{ op: "available", objects: [keyOf(1), keyOf(2)] }]);
  });

  it("is not told of while it was not stored, or not all of it", () => {
    const { hub, need, told } = hubWith("phone");
    need("phone", keyOf(1));
    const refused: Outcome = {
      kind: "answer",
      op: { op: "error", id: 1, code: "quota", retry: "no", message: "full" },
    };
    const begun: Outcome = { kind: "answer", op: { op: "ok", id: 1, upto: 5 } };
    const event: Outcome = { kind: "event", id: 1, mid: "m", seq: 1 };
    tellAvailable(hub, [
      put(keyOf(1), refused),
      piece(keyOf(1), begun),
      piece(keyOf(1), event),
      put(keyOf(1, "commit")),
    ]);
    expect(told("phone")).toEqual([]);
    expect(hub.needs.size).toBe(1);
  });

  it("is told within the hour in which it was asked for", () => {
    const { hub, need, told, clock } = hubWith("phone");
    need("phone", keyOf(1), keyOf(2));
    clock.now += hour;
    tellAvailable(hub, [put(keyOf(1))]);
    clock.now += 1;
    tellAvailable(hub, [put(keyOf(2))]);
    expect(told("phone")).toEqual([{ op: "available", objects: [keyOf(1)] }]);
    expect(hub.needs.size).toBe(0);
  });

  it("is told of in operations of as many objects as one may name", () => {
    const { hub, need, told } = hubWith("phone");
    const all = manyKeys(LIMITS.objectsPerOp + 1);
    need("phone", ...all);
    tellAvailable(
      hub,
      all.map((key) => put(key)),
    );
    const sizes = told("phone")?.map((op) => (op.op === "available" ? op.objects.length : 0));
    expect(sizes).toEqual([LIMITS.objectsPerOp, 1]);
  });
});
