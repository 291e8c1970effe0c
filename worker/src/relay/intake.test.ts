import { CLOSE, LIMITS } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { deviceOf, hubAlone } from "../../test/hub-alone.ts";
import { maxHeldBytes } from "./account.ts";
import { spend } from "./flood.ts";
import { userAccount } from "./hub.ts";
import { frameBytes, isSyncOp, noRoom, takeIn } from "./intake.ts";

describe("the size of a frame", () => {
  it("is that of its bytes", () => {
    expect(frameBytes(new ArrayBuffer(7))).toBe(7);
  });

  it("of a text near the limit is that of its UTF-8", () => {
    const third = Math.floor(LIMITS.frameBytes / 3);
    expect(frameBytes("€".repeat(third + 1))).toBe((third + 1) * 3);
    expect(frameBytes("x".repeat(LIMITS.frameBytes))).toBe(LIMITS.frameBytes);
  });

  it("of a text that is far from the limit, or beyond it, costs no measuring", () => {
    expect(frameBytes("€".repeat(10))).toBe(10);
    expect(frameBytes("€".repeat(LIMITS.frameBytes + 1))).toBe(LIMITS.frameBytes + 1);
  });
});

describe("an operation about the socket itself", () => {
  it("is none about the store", () => {
    expect(isSyncOp({ op: "hello", proto: 1, device: "a" })).toBe(false);
    expect(isSyncOp({ op: "presence" })).toBe(false);
    expect(isSyncOp({ op: "auth", token: "t" })).toBe(false);
    expect(isSyncOp({ op: "pull", id: 1, after: 0, limit: 1 })).toBe(true);
  });
});

describe("a frame that arrives", () => {
  const text = (...ops: object[]) => JSON.stringify(ops);
  const presence = text({ op: "presence", state: "here" });

  it("is heard, and handled when it is small, in time and not too much", async () => {
    const { hub } = hubAlone();
    const { connection, told, closes } = deviceOf(hub);
    connection.heardAt = 0;
    await takeIn(hub, connection, presence);
    expect(connection.heardAt).toBe(5_000);
    expect(connection.attachment.state).toBe("here");
    expect(told).toMatchObject([{ op: "presence", devices: [{ state: "here" }] }]);
    await takeIn(hub, connection, text({ op: "presence" }));
    expect(connection.attachment.state).toBeNull();
    expect(closes).toEqual([]);
  });

  it("ends its socket when it is too large, not when it is just as large as allowed", async () => {
    const { hub } = hubAlone();
    const { connection, closes } = deviceOf(hub);
    Object.assign(connection.allowance, {
      rates: { frames: 10, bytes: 1e9 },
      left: { frames: 40, bytes: 4e9 },
    });
    await takeIn(hub, connection, presence.padEnd(LIMITS.frameBytes));
    expect(closes).toEqual([]);
    await takeIn(hub, connection, presence.padEnd(LIMITS.frameBytes + 1));
    expect(closes).toEqual([CLOSE.tooBig]);
  });

  it("ends its socket in the very moment its token is over", async () => {
    const { hub } = hubAlone();
    const [late, just] = [deviceOf(hub, { until: 5_000 }), deviceOf(hub, { until: 5_001 })];
    await takeIn(hub, late.connection, presence);
    await takeIn(hub, just.connection, presence);
    expect([late.closes, just.closes]).toEqual([[CLOSE.reauth], []]);
    expect(late.connection.attachment.state).toBeNull();
  });

  it("has to wait when it is too much, and after many of them ends its socket", async () => {
    const { hub } = hubAlone();
    const { connection, told, closes } = deviceOf(hub, { live: false });
    connection.allowance.left.frames = 0;
    await takeIn(hub, connection, presence);
    expect(told).toMatchObject([{ op: "error", code: "flood", retry_after_ms: 100 }]);
    expect(told[0]).not.toHaveProperty("id");
    expect(connection.attachment.state).toBeNull();
    for (let n = 1; n < 100; n++) await takeIn(hub, connection, presence);
    expect([told.length, closes]).toEqual([100, []]);
    await takeIn(hub, connection, presence);
    expect([told.length, closes]).toEqual([100, [CLOSE.flood]]);
  });

  it("has to wait for what its user's work took, and nobody else has to", async () => {
    const { hub } = hubAlone();
    const [one, same] = [deviceOf(hub), deviceOf(hub, { device: "phone" })];
    const [other, fresh] = [deviceOf(hub, { user: "v" }), deviceOf(hub, { device: null })];
    const { rows } = hub.rates.user;
    spend(userAccount(hub, "u").allowance, { rows: 5 * rows }, 5_000);
    for (const { connection } of [one, same, other, fresh]) {
      await takeIn(hub, connection, text({ op: "need", id: 1, objects: [["blob", "x"]] }));
    }
    const slow = { code: "flood", retry_after_ms: 1_000 };
    expect([one.told, same.told]).toMatchObject([[slow], [slow]]);
    expect(other.told).toMatchObject([{ code: "bad_field" }]);
    expect(fresh.told).toMatchObject([{ code: "bad_field" }]);
  });

  it("has to wait while as much is held for its user as may be, and what is done is held no more", async () => {
    const { hub } = hubAlone();
    const { connection, told } = deviceOf(hub);
    const account = userAccount(hub, "u");
    account.heldBytes = maxHeldBytes - presence.length + 1;
    await takeIn(hub, connection, presence);
    expect(told).toMatchObject([{ code: "flood", retry_after_ms: 1_000 }]);
    account.heldBytes -= 1;
    await takeIn(hub, connection, presence);
    expect(connection.attachment.state).toBe("here");
    expect(account.heldBytes).toBe(maxHeldBytes - presence.length);
  });

  it.each([
    ["[", "bad_json", [CLOSE.protocol]],
    [new ArrayBuffer(3), "bad_frame", [CLOSE.protocol]],
    [text({ op: "what", id: 3 }), "unknown_op", []],
  ])(
    "%j is refused as %s, and ends its socket if it cannot be read",
    async (frame, code, codes) => {
      const { hub } = hubAlone();
      const { connection, told, closes } = deviceOf(hub);
      await takeIn(hub, connection, frame);
      expect(told).toMatchObject([{ op: "error", code }]);
      expect(closes).toEqual(codes);
    },
  );

  it("has no effect once its socket was closed by the one before", async () => {
    const { hub } = hubAlone();
    const { connection, told } = deviceOf(hub);
    await Promise.all([takeIn(hub, connection, "["), takeIn(hub, connection, presence)]);
    expect(told).toHaveLength(1);
    expect(connection.attachment.state).toBeNull();
  });

  it("that meets a fault of the relay ends its socket, and the log says why", async () => {
    const { hub, log } = hubAlone();
    const { connection, closes } = deviceOf(hub);
    Object.assign(hub, { verifyToken: () => Promise.reject(new Error("our fault")), needs: 5 });
    await takeIn(hub, connection, text({ op: "need", id: 1, objects: [["blob", "a".repeat(64)]] }));
    expect(closes).toEqual([CLOSE.internal]);
    expect(log).toMatchObject([
      {
        event: "unexpected_error",
        store: 42,
        outcome: "failed",
        error: expect.any(String) as string,
      },
    ]);
  });

  it("with hello after hello is told so, and the rest of it is done", async () => {
    const { hub } = hubAlone();
    const { connection, told, closes } = deviceOf(hub);
    const hello = { op: "hello", proto: 1, device: "laptop" };
    await takeIn(hub, connection, text(hello, { op: "pull", id: 4, after: 0, limit: 1 }));
    await connection.reading;
    expect(told).toMatchObject([
      { op: "error", code: "hello_twice" },
      { op: "events", id: 4 },
    ]);
    expect(closes).toEqual([]);
  });

  it("before hello that is none ends its socket, and nothing of it is done", async () => {
    const { hub } = hubAlone();
    const { connection, told, closes } = deviceOf(hub, { device: null, live: false });
    await takeIn(hub, connection, text({ op: "pull", id: 4, after: 0, limit: 1 }));
    expect(told).toMatchObject([{ op: "error", id: 4, code: "hello_first" }]);
    expect(closes).toEqual([CLOSE.protocol]);
  });

  it("with a token gets its answer in order", async () => {
    const { hub } = hubAlone();
    const { connection, told } = deviceOf(hub);
    const end = 9_000;
    const token = `a.${btoa(JSON.stringify({ exp: 60 }))}.c`;
    const session = { userId: "u", sessionId: "new", expiresAt: end, passwordMustChange: false };
    Object.assign(hub, { verifyToken: () => Promise.resolve(session) });
    await takeIn(hub, connection, text({ op: "auth", token }));
    expect(told).toMatchObject([{ op: "authed" }]);
    expect(connection.attachment.session).toBe("new");
  });
});

describe("a hub without room", () => {
  it("tells the client to send the same again in a second", () => {
    expect(noRoom).toMatchObject({ op: "error", code: "flood", retry_after_ms: 1_000 });
    expect(noRoom).not.toHaveProperty("id");
  });
});
