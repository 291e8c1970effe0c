import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { relayDoor } from "../src/relay/door.ts";
import {
  connect,
  object,
  provide,
  startSession,
  startStory,
  type Person,
  saying,
} from "./device.ts";
import { addSession, ask, logIn, password } from "./people.ts";
import type { TestRelay } from "./test-relay.ts";

const operate = (relay: TestRelay, method: string, path: string, body?: unknown) =>
  ask(relay, method, path, {
    token: relay.env.ADMIN_TOKEN,
    ...(body === undefined ? {} : { body }),
  });

interface Scene {
  readonly relay: TestRelay;
  readonly person: Person;
  /** Another session of the same user. */
  readonly other: Person;
  readonly store: string;
}

type Act = (scene: Scene) => Promise<{ readonly status: number }>;

/** Everything that ends a session, and the code its sockets are closed with. */
const endings: readonly (readonly [string, number, Act])[] = [
  [
    "logging out",
    4401,
    ({ relay, person }) => ask(relay, "POST", "/logout", { token: person.access, body: {} }),
  ],
  [
    "ending it from another device",
    4401,
    ({ relay, person, other }) =>
      ask(relay, "DELETE", `/sessions/${person.id}`, { token: other.access }),
  ],
  [
    "logging the device in again",
    4401,
    ({ relay, person }) => logIn(relay, person.user.username, password, "laptop"),
  ],
  [
    "changing the password elsewhere",
    4401,
    ({ relay, other: { access: token } }) =>
      ask(relay, "PUT", "/password", {
        token,
        body: { current_password: password, new_password: "another sentence to remember" },
      }),
  ],
  [
    "an admin ending it",
    4401,
    ({ relay, person: { user, id } }) =>
      operate(relay, "DELETE", `/admin/users/${user.id}/sessions/${id}`),
  ],
  [
    "an admin ending all of the user's",
    4401,
    ({ relay, person: { user } }) => operate(relay, "DELETE", `/admin/users/${user.id}/sessions`),
  ],
  [
    "a reset of the password",
    4401,
    ({ relay, person: { user } }) =>
      operate(relay, "POST", `/admin/users/${user.id}/reset-password`, {}),
  ],
  [
    "disabling the user",
    4403,
    ({ relay, person: { user } }) => operate(relay, "POST", `/admin/users/${user.id}/disable`, {}),
  ],
  [
    "removing the user",
    4403,
    ({ relay, person: { user } }) => operate(relay, "DELETE", `/admin/users/${user.id}`),
  ],
  [
    "removing the store",
    4404,
    ({ relay, person, store }) =>
      ask(relay, "DELETE", `/stores/${store}`, { token: person.access }),
  ],
];

/** Somebody else with a store of that name. */
async function ownerOf(relay: TestRelay, store: string): Promise<Person> {
  const person = await addSession(relay);
  await provide(relay, person, store);
  return person;
}

describe("an open socket", () => {
  it.each(endings)("is closed by %s (%i), and nobody else's is", async (_, code, act) => {
    const { relay, person, store } = await startStory();
    const other = await startSession(relay, person.user, "phone");
    const device = await connect(relay, person, store, "laptop");
    await device.next("welcome");
    const stranger = await connect(relay, await ownerOf(relay, store), store, "stranger");
    await stranger.next("welcome");
    expect((await act({ relay, person, other, store })).status).toBeLessThan(300);
    // No clock moves: the hub was told, it did not find out by itself.
    expect(await device.closed).toBe(code);
    await stranger.settle();
  });

  it("of anybody is closed by an emergency, whatever session it is said to be of", async () => {
    const { relay, person, store } = await startStory();
    const mine = await connect(relay, person, store, "laptop");
    const theirs = await connect(relay, await ownerOf(relay, store), store, "laptop");
    await Promise.all([mine.next("welcome"), theirs.next("welcome")]);
    const rotated = await operate(relay, "POST", "/admin/keys/rotate", { emergency: true });
    expect(rotated.status).toBe(200);
    expect(await Promise.all([mine.closed, theirs.closed])).toEqual([4401, 4401]);
    expect(relay.log.some((line) => "sockets_not_closed" in line)).toBe(false);
  });
});

describe("an emergency", () => {
  it("asks every hub that told of sockets, page by page, and counts those it cannot reach", async () => {
    const { relay, person } = await startStory();
    const userId = person.user.id;
    const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)";
    await env.DB.batch([
      env.DB.prepare("DELETE FROM hub_sockets"),
      env.DB.prepare(
        `${numbers} INSERT INTO stores (id, owner_id, name, epoch, created_at) SELECT i, ?1, 's' || i, '0', 1 FROM n`,
      ).bind(userId),
      env.DB.prepare(
        `${numbers} INSERT INTO hub_sockets (store_id, user_id, sockets, updated_at) SELECT i, ?1, 1, ?2 FROM n`,
      ).bind(userId, relay.now()),
    ]);
    const asked: string[] = [];
    const HUB = {
      idFromName: (name: string) => name,
      get: (name: string) => ({
        closeSockets: () => {
          asked.push(name);
          return name.endsWith("7") ? Promise.reject(new Error("overloaded")) : Promise.resolve();
        },
      }),
    } as unknown as typeof env.HUB;
    const failed = await relayDoor.closeEverySocket({ ...env, HUB }, relay.now());
    expect(failed).toBe(60);
    expect([asked.length, new Set(asked).size]).toEqual([600, 600]);
  });
});

describe("the removal of a user", () => {
  it("leaves no row of the user in any table but the audit log", async () => {
    const { relay, person, store } = await startStory();
    const { user, access: token } = person;
    const device = await connect(relay, person, store, "laptop");
    await device.next("welcome");
    const [small, large] = [object("small"), object("large".repeat(50))];
    const half = large.bytes.subarray(0, 100);
    device.send(
      { op: "have", id: 1, mid: "m", objects: [small.key] },
      small.put(2),
      {
        op: "chunk",
        id: 3,
        type: "blob",
        hash: large.hash,
        size: 250,
        offset: 0,
        len: 100,
        bytes: half,
      },
      { op: "push", id: 4, mid: "m", ref: "main", old: null, new: small.hash },
      { op: "have", id: 5, mid: "n", objects: [large.key] },
      { op: "send", id: 6, mid: "k", keep: true, ...saying("kept") },
    );
    for (const id of [1, 2, 3, 4, 5, 6]) {
      expect(await device.answer(id)).not.toMatchObject({ op: "error" });
    }
    await ask(relay, "POST", "/ws/ticket", { token, body: {} });
    const storeId = await env.DB.prepare("SELECT id FROM stores WHERE owner_id = ?1")
      .bind(user.id)
      .first<number>("id");
    const before = await tablesWith([user.id, person.id, String(storeId)]);
    expect(before).toEqual([
      "events",
      "hub_sockets",
      "refs",
      "sessions",
      "stores",
      "sync_data",
      "users",
      "ws_tickets",
    ]);
    expect((await operate(relay, "DELETE", `/admin/users/${user.id}`)).status).toBe(204);
    expect(await device.closed).toBe(4403);
    expect(await tablesWith([user.id, person.id, String(storeId)])).toEqual(["audit_log"]);
  });
});

/** Names of the tables that mention one of these ids. */
async function tablesWith(ids: readonly string[]): Promise<readonly string[]> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' ORDER BY name",
  ).all<{ name: string }>();
  const found: string[] = [];
  for (const { name } of results) {
    const rows = await env.DB.prepare(`SELECT * FROM "${name}"`).all();
    const text = JSON.stringify(rows.results);
    if (ids.some((id) => text.includes(id))) found.push(name);
  }
  return found;
}
