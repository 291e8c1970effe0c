import { env } from "cloudflare:workers";
import { CLOSE, LIMITS, decodeServerFrame, encodeBinary } from "@gitblobs/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { connect, object, openSocket, startStory, saying } from "../../test/device.ts";
import { cut, alarmAt, amendSockets, ring, sleep, storeId } from "../../test/hub-inside.ts";
import type { Admission } from "./admission.ts";
import { askHub, hubOf, makeStore } from "./hub-address.ts";

let story: Awaited<ReturnType<typeof startStory>>;

beforeEach(async () => {
  story = await startStory();
  const { relay, person, store } = story;
  await makeStore(relay.env, relay.world, person.user.id, store);
});

const rest = { username: "ada", sessionId: "ses_x", until: 9_000_000 };

/** What a hub answers a frame sent over HTTP that may hold puts. */
async function exchange(frame: Uint8Array<ArrayBuffer>) {
  const id = await storeId(story.person, story.store);
  const admission: Admission = {
    kind: "exchange",
    storeId: id,
    userId: story.person.user.id,
    ...rest,
    device: "x",
    allows: ["put", "get"],
  };
  const response = await askHub(env, admission, { method: "POST", body: frame });
  const decoded = decodeServerFrame(new Uint8Array(await response.arrayBuffer()));
  return decoded.ok ? decoded.ops : [];
}
const dial = (headers: Readonly<Record<string, string>> = {}) =>
  openSocket(story.relay, story.store, {
    authorization: `Bearer ${story.person.access}`,
    ...headers,
  });

describe("a frame over HTTP", () => {
  it("that is none is refused with what is wrong and which operation it is", async () => {
    expect(await exchange(new Uint8Array([1]))).toMatchObject([{ op: "error", code: "bad_frame" }]);
    const unknown = encodeBinary([{ op: "pull", id: 6, after: -1, limit: 1 }]);
    expect(await exchange(unknown)).toMatchObject([{ op: "error", id: 6 }]);
  });

  it("that holds anything it may not is refused as a whole", async () => {
    const pull = { op: "pull", id: 2, after: 0, limit: 1 } as const;
    const [only, ...rest] = await exchange(encodeBinary([object("x").put(1), pull]));
    expect(only).toMatchObject({ op: "error", code: "unknown_op" });
    expect(only).not.toHaveProperty("id");
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ message: expect.stringContaining("put and get") as string });
    const presence = await exchange(encodeBinary([{ op: "presence" }]));
    expect(presence).toMatchObject([{ code: "unknown_op" }]);
  });

  it("is told that the store was removed where it is gone", async () => {
    const admission: Admission = {
      ...{ kind: "exchange", storeId: 1, userId: "usr_x", device: "x", allows: ["put"] },
      ...rest,
    };
    const asked = askHub(env, admission, { method: "POST", body: encodeBinary([]) });
    await expect(asked).rejects.toMatchObject({ code: "store_removed" });
  });
});

describe("a socket that is accepted", () => {
  it("speaks the subprotocol that was chosen, and none where none was offered", async () => {
    const offered = await dial({ "sec-websocket-protocol": "gbr.v1" });
    expect(offered.headers.get("sec-websocket-protocol")).toBe("gbr.v1");
    const plain = await dial();
    expect([plain.status, plain.headers.has("sec-websocket-protocol")]).toEqual([101, false]);
  });

  it("has the hub wake in time to miss its hello", async () => {
    const { webSocket } = await dial();
    webSocket?.accept();
    const at = await alarmAt(story.person, story.store);
    expect(at).toBeLessThanOrEqual(Date.now() + LIMITS.helloSeconds * 1_000);
    expect(at).toBeGreaterThan(Date.now());
  });

  it("answers pings with where the store stands, before and after the hub slept", async () => {
    const { relay, person, store } = story;
    const laptop = await connect(relay, person, store, "laptop");
    const { epoch } = await laptop.next("welcome");
    const pong = () =>
      new Promise((resolve) => {
        laptop.socket.addEventListener("message", ({ data }) => {
          if (typeof data === "string" && data.startsWith("pong")) resolve(data);
        });
        laptop.socket.send("ping");
      });
    expect(await pong()).toBe(`pong:${epoch}:0`);
    laptop.send({ op: "send", id: 1, mid: "m", keep: true, ...saying("x") });
    await laptop.answer(1);
    await sleep(person, store);
    expect(await pong()).toBe(`pong:${epoch}:1`);
  });
});

describe("a hub that wakes", () => {
  it("lets a socket that another version wrote start anew", async () => {
    const { relay, person, store } = story;
    const laptop = await connect(relay, person, store, "laptop");
    await laptop.next("welcome");
    await amendSockets(person, store, { v: 2 });
    laptop.send({ op: "presence" });
    expect(await laptop.closed).toBe(CLOSE.restart);
  });

  it("counts as published what a socket was given, even if that was not noted", async () => {
    const { relay, person, store } = story;
    const laptop = await connect(relay, person, store, "laptop");
    const { epoch } = await laptop.next("welcome");
    await amendSockets(person, store, { cursor: 5 });
    laptop.send({ op: "presence" });
    expect(await laptop.closed).toBe(CLOSE.restart);
    const again = await connect(relay, person, store, "laptop");
    expect((await again.next("welcome")).epoch).not.toBe(epoch);
  });

  it("asks nobody where there never was a store", async () => {
    const { person, store } = story;
    expect(await ring(person, store)).toBe(false);
    const hub = hubOf(env, await storeId(person, store));
    await hub.closeSockets({ code: 4401 });
    expect(await alarmAt(person, store)).toBeNull();
  });
});

describe("a hub that is told to close sockets", () => {
  it("closes those of the session alone, awake or asleep, and all where none is named", async () => {
    const { relay, person, store } = story;
    const laptop = await connect(relay, person, store, "laptop");
    await laptop.next("welcome");
    const hub = hubOf(env, await storeId(person, store));
    await hub.closeSockets({ code: 4401, sessionId: "another" });
    await laptop.settle();
    await sleep(person, store);
    await hub.closeSockets({ code: 4401, sessionId: "another" });
    await laptop.settle();
    await sleep(person, store);
    await hub.closeSockets({ code: 4403, sessionId: person.id });
    expect(await laptop.closed).toBe(4403);
    const again = await connect(relay, person, store, "laptop");
    await again.next("welcome");
    await hub.closeSockets({ code: 4401 });
    expect(await again.closed).toBe(4401);
  });

  it("to forget closes them all for good, and keeps nothing", async () => {
    const { relay, person, store } = story;
    const laptop = await connect(relay, person, store, "laptop");
    await laptop.next("welcome");
    await hubOf(env, await storeId(person, store)).forget();
    expect(await laptop.closed).toBe(CLOSE.removed);
    expect(await alarmAt(person, store)).toBeNull();
  });
});

describe("a device that closes its socket", () => {
  it("is answered, is not present any more, and gives its place back", async () => {
    const { relay, person, store } = story;
    const laptop = await connect(relay, person, store, "laptop");
    const phone = await connect(relay, person, store, "phone");
    await phone.next("welcome");
    await phone.next("presence");
    laptop.socket.close(1000);
    expect(await laptop.closed).toBe(1000);
    expect((await phone.next("presence")).devices.map(({ device }) => device)).toEqual(["phone"]);
    await phone.settle();
    const row = env.DB.prepare("SELECT sockets FROM hub_sockets WHERE store_id = ?1");
    const places = () => storeId(person, store).then((id) => row.bind(id).first("sockets"));
    await expect.poll(places).toBe(1);
    await cut(person, store);
  });
});
