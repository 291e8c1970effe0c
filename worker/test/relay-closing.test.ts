import { CLOSE, LIMITS } from "@gitblobs/protocol";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import {
  connect,
  openSocket,
  provide,
  startSession,
  startStory,
  wrapSocket,
  type Device,
  saying,
} from "./device.ts";
import { alarmAt, amendSockets, ring, storeId } from "./hub-inside.ts";
import { ask } from "./people.ts";

let story: Awaited<ReturnType<typeof startStory>>;
let phone: Device;

beforeEach(async () => {
  story = await startStory();
  const { relay, person, store } = story;
  const own = await startSession(relay, person.user, "phone");
  phone = await connect(relay, own, store, "phone");
  await phone.next("welcome");
  await phone.next("presence");
});

/** A device that never answers a close, as a hostile or a dead one. */
async function deaf(name = "deaf"): Promise<Device> {
  const { relay, person, store } = story;
  const headers = { authorization: `Bearer ${person.access}` };
  const { webSocket } = await openSocket(relay, store, headers);
  if (webSocket === null) throw new Error("no socket");
  const device = wrapSocket(name, webSocket, { allowHalfOpen: true });
  device.send({ op: "hello", proto: 1, device: name });
  await device.next("welcome");
  expect((await phone.next("presence")).devices).toHaveLength(2);
  return device;
}

const logOut = () => ask(story.relay, "POST", "/logout", { token: story.person.access, body: {} });
const note = (id: number) =>
  ({ op: "send", id, mid: `m${id}`, keep: true, ...saying("x") }) as const;

describe("a closed device that goes on sending", () => {
  it("has no effect any more", async () => {
    const device = await deaf();
    await logOut();
    expect(await device.closed).toBe(CLOSE.reauth);
    device.send(note(1));
    phone.send(note(2));
    expect(await phone.answer(2)).toMatchObject({ op: "ack", seq: 1 });
    phone.send({ op: "pull", id: 3, after: 0, limit: 10 });
    expect(await phone.answer(3)).toMatchObject({ items: [{ device: "phone" }] });
  });

  it("is not among those present, and nothing can be sent to it", async () => {
    await deaf();
    await logOut();
    expect((await phone.next("presence")).devices.map(({ device }) => device)).toEqual(["phone"]);
    phone.send({ op: "send", id: 1, mid: "a", to: [story.person.user.id, "deaf"], ...saying("?") });
    expect(await phone.answer(1)).toMatchObject({ code: "no_device" });
  });

  it("keeps its place in the quota, and does not keep the hub awake", async () => {
    const { person, store } = story;
    await deaf();
    await logOut();
    await phone.next("presence");
    await ring(person, store);
    expect(await alarmAt(person, store)).toBeGreaterThan(Date.now() + 10_000);
    const row = env.DB.prepare("SELECT sockets FROM hub_sockets WHERE store_id = ?1");
    expect(await row.bind(await storeId(person, store)).first("sockets")).toBe(2);
  });
});

describe("a live socket", () => {
  /** Its user's sockets in two stores, timed from the request on. */
  async function ended(act: () => Promise<unknown>): Promise<[number, number, boolean]> {
    const { relay, person, store } = story;
    const here = await connect(relay, person, store, "here");
    const second = `${store.slice(0, 40)}.2`;
    await provide(relay, person, second);
    const there = await connect(relay, person, second, "there");
    await here.next("welcome");
    await there.next("welcome");
    const started = Date.now();
    await act();
    const codes = await Promise.all([here.closed, there.closed]);
    return [...codes, Date.now() - started < 1_000];
  }
  const admin = (method: string, path: string) =>
    ask(story.relay, method, `/admin/users/${story.person.user.id}${path}`, {
      token: story.relay.env.ADMIN_TOKEN,
      ...(method === "POST" ? { body: {} } : {}),
    });

  it("of a session that ended is closed with 4401 within a second, in all stores", async () => {
    expect(await ended(logOut)).toEqual([CLOSE.reauth, CLOSE.reauth, true]);
  });

  it("of a disabled user is closed with 4403 within a second, in all stores", async () => {
    const act = () => admin("POST", "/disable");
    expect(await ended(act)).toEqual([CLOSE.disabled, CLOSE.disabled, true]);
    expect(await phone.closed).toBe(CLOSE.disabled);
  });

  it("of a removed user is closed with 4403 within a second, and no row of the user is left", async () => {
    phone.send(note(1));
    await phone.answer(1);
    const act = () => admin("DELETE", "");
    expect(await ended(act)).toEqual([CLOSE.disabled, CLOSE.disabled, true]);
    const left = await env.DB.prepare(
      `SELECT (SELECT count(*) FROM stores WHERE owner_id = ?1) + (SELECT count(*) FROM events WHERE owner_id = ?1)
         + (SELECT count(*) FROM usage WHERE owner_id = ?1) + (SELECT count(*) FROM sessions WHERE user_id = ?1) AS n`,
    )
      .bind(story.person.user.id)
      .first("n");
    expect(left).toBe(0);
  });

  it("is warned a minute before its token ends, closed when it has, and lives on with a new one", async () => {
    const { relay, person, store } = story;
    await amendSockets(person, store, { until: Date.now() + 30_000 });
    await ring(person, store);
    expect((await phone.next("auth_soon")).expires_at).toBeGreaterThan(Date.now());
    const fresh = await startSession(relay, person.user, "phone");
    phone.send({ op: "auth", token: fresh.access });
    expect((await phone.next("authed")).expires_at).toBeGreaterThan(Date.now() + 600_000);
    await ring(person, store);
    await phone.settle();
    await amendSockets(person, store, { until: Date.now() - 1 });
    phone.send(note(1));
    expect(await phone.closed).toBe(CLOSE.reauth);
    expect(phone.inbox.filter((op) => op.op === "ack")).toEqual([]);
  });

  it("of a device that froze is closed when nothing was heard of it for five minutes", async () => {
    const { person, store } = story;
    const heard = Date.now() - 1_000 * LIMITS.silentSeconds;
    await amendSockets(person, store, { heard: heard + 60_000 });
    await ring(person, store);
    await phone.settle();
    await amendSockets(person, store, { heard });
    await ring(person, store);
    expect(await phone.closed).toBe(CLOSE.goingAway);
  });

  it("of a session that ended unseen by the hub is closed when the hub next looks", async () => {
    const { person, store } = story;
    await env.DB.prepare("UPDATE sessions SET revoked_at = 1 WHERE user_id = ?1")
      .bind(person.user.id)
      .run();
    await ring(person, store);
    expect(await phone.closed).toBe(CLOSE.reauth);
  });
});

describe("a hub", () => {
  it("without sockets sets no alarm", async () => {
    const { person, store } = story;
    phone.socket.close(1000);
    await phone.closed;
    await ring(person, store);
    expect(await alarmAt(person, store)).toBeNull();
  });
});
