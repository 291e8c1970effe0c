import { CLOSE, LIMITS, type ClientOp, type ServerOp } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { makeStore } from "../src/relay/hub-address.ts";
import { connect, dial, object, openSocket, startSession, startStory, saying } from "./device.ts";
import { ask } from "./people.ts";
import { replaceBindings } from "./hub-database.ts";
import { amendSockets, ring } from "./hub-inside.ts";

async function connected(name = "laptop") {
  const story = await startStory();
  const device = await connect(story.relay, story.person, story.store, name);
  await device.next("welcome");
  return { ...story, device };
}

describe("the upgrade", () => {
  it.each([
    ["without a token", {}, 401],
    ["with a forged token", { authorization: "Bearer a.b.c" }, 401],
    ["of a page from elsewhere", { origin: "https://evil.example" }, 403],
    ["with an unknown subprotocol", { "sec-websocket-protocol": "chat" }, 426],
  ] as const)("%s is refused with a real status", async (_, headers, status) => {
    const { relay, person, store } = await startStory();
    const token = { authorization: `Bearer ${person.access}` };
    const response = await openSocket(
      relay,
      store,
      status === 401 ? headers : { ...token, ...headers },
    );
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
  });

  it.each(["", "A", "../x", "a/b", "-a", "a".repeat(65), "%00", "a%27;--", "..%2f"])(
    "refuses the store name %j",
    async (store) => {
      const { relay, person } = await startStory();
      const response = await openSocket(relay, store, { authorization: `Bearer ${person.access}` });
      expect(response.status).toBe(400);
    },
  );

  it("with a ticket selects gbr.v1, and the ticket is good once", async () => {
    const { relay, person, store } = await startStory();
    const origin = "https://app.example.com";
    const given = await ask(relay, "POST", "/ws/ticket", {
      token: person.access,
      body: {},
      headers: { origin },
    });
    const ticket = String(given.body["ticket"]);
    const headers = { origin, "sec-websocket-protocol": `gbr.v1, ticket.${ticket}` };
    const response = await openSocket(relay, store, headers);
    expect([response.status, response.headers.get("sec-websocket-protocol")]).toEqual([
      101,
      "gbr.v1",
    ]);
    response.webSocket?.accept();
    response.webSocket?.close(1000);
    expect((await openSocket(relay, store, headers)).status).toBe(401);
  });

  it("beyond the user's sockets is refused, over all stores together", async () => {
    const { relay, person, store } = await startStory();
    const second = `${store.slice(0, 40)}.2`;
    for (const name of [store, second]) {
      const { id } = await makeStore(relay.env, relay.world, person.user.id, name);
      await replaceBindings(id, { QUOTA_SOCKETS: "3" });
    }
    const headers = { authorization: `Bearer ${person.access}` };
    // Many at once, so that none is counted before the next one asks.
    const answers = await Promise.all(
      [store, second, store, second, store, second].map((name) => openSocket(relay, name, headers)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([101, 101, 101, 429, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get("retry-after")).toBe("30");
    for (const { webSocket } of answers) {
      webSocket?.accept();
      webSocket?.close(1000);
    }
  });
});

describe("a hostile frame", () => {
  const hash = object("x").hash;

  it.each<[string, string | Uint8Array, string, number]>([
    ["that is not JSON", "{", "bad_json", CLOSE.protocol],
    ["of unknown kind", Uint8Array.of(1, 9, 0, 0, 0, 0, 0, 0), "bad_frame", CLOSE.protocol],
    [
      "whose lengths do not add up",
      Uint8Array.of(1, 1, 0, 0, 255, 255, 255, 255),
      "bad_frame",
      CLOSE.protocol,
    ],
  ])("%s gets an error and 4400", async (_, frame, code, close) => {
    const { device } = await connected();
    device.socket.send(frame);
    expect(await device.next("error")).toMatchObject({ code });
    expect(await device.closed).toBe(close);
  });

  it.each([1, 8, 32].map((times) => times * LIMITS.frameBytes + (times === 8 ? 0 : 1)))(
    "of %i bytes is closed with 1009",
    async (size) => {
      const { device } = await connected();
      device.socket.send(new Uint8Array(size));
      expect(await device.closed).toBe(CLOSE.tooBig);
    },
  );

  it("with an operation before hello gets 4400 and changes nothing", async () => {
    const { relay, person, store } = await startStory();
    const device = await dial(relay, person, store, "laptop");
    device.send({ op: "push", id: 1, mid: "m", ref: "main", old: null, new: hash });
    expect(await device.next("error")).toMatchObject({ code: "hello_first", id: 1 });
    expect(await device.closed).toBe(CLOSE.protocol);
    const after = await connect(relay, person, store, "laptop");
    expect(await after.next("welcome")).toMatchObject({ head: 0, refs: [] });
  });

  it("of another version gets 4406", async () => {
    const { relay, person, store } = await startStory();
    const device = await dial(relay, person, store, "laptop");
    device.send({ op: "hello", proto: 2, device: "laptop" });
    expect(await device.closed).toBe(CLOSE.version);
  });

  it.each<[string, ClientOp | { readonly op: string }, string]>([
    ["an unknown operation", { op: "drop" }, "unknown_op"],
    ["a bad field", { op: "pull", id: 5, after: 0, limit: 0 }, "bad_field"],
    ["a second hello", { op: "hello", proto: 1, device: "x" }, "hello_twice"],
  ])("with %s gets an error and the socket lives on", async (_, op, code) => {
    const { device } = await connected();
    device.socket.send(JSON.stringify([op]));
    expect(await device.next("error")).toMatchObject({ code });
    await device.settle();
  });

  it("with one byte flipped stores nothing, whichever byte it is", async () => {
    const { device } = await connected();
    const blob = object("some content to be damaged");
    for (let at = 0; at < blob.bytes.length; at++) {
      const bytes = blob.bytes.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      device.send({ ...blob.put(at), bytes });
      expect(await device.answer(at)).toMatchObject({ code: "hash_mismatch" });
    }
    device.send({ op: "get", id: 999, objects: [["blob", blob.hash]] });
    expect(await device.answer(999)).toMatchObject({ gone: [["blob", blob.hash]] });
  });

  it("sent one to five times has the effect of one", async () => {
    const { device } = await connected();
    const blob = object("again");
    const ops: ClientOp[] = [
      { op: "have", id: 1, mid: "m", objects: [blob.key] },
      blob.put(2),
      { op: "push", id: 3, mid: "m", ref: "main", old: null, new: blob.hash },
      { op: "send", id: 4, mid: "k", keep: true, ...saying("note") },
    ];
    const answers: ServerOp[] = [];
    for (let times = 0; times < 5; times++) {
      device.send(...ops);
      answers.push(await device.answer(3), await device.answer(4));
      await device.answer(1);
      await device.answer(2);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(2);
    device.send({ op: "pull", id: 9, after: 0, limit: 10 });
    expect(await device.answer(9)).toMatchObject({ items: [{ seq: 1 }, { seq: 2 }], more: false });
  });

  it("under a used mid with another content is refused", async () => {
    const { device } = await connected();
    device.send({ op: "push", id: 1, mid: "m", ref: "main", old: null, new: hash });
    await device.answer(1);
    device.send({ op: "push", id: 2, mid: "m", ref: "other", old: null, new: hash });
    expect(await device.answer(2)).toMatchObject({ code: "mid_reused" });
  });
});

describe("a socket", () => {
  it("of a device that connects again is replaced", async () => {
    const { relay, person, store, device } = await connected();
    const other = await startSession(relay, person.user, "elsewhere");
    const again = await connect(relay, other, store, "laptop");
    await again.next("welcome");
    expect(await device.closed).toBe(CLOSE.replaced);
  });

  it("without hello is closed after ten seconds", async () => {
    const { relay, person, store } = await startStory();
    const device = await dial(relay, person, store, "laptop");
    await amendSockets(person, store, { since: Date.now() - 10_000 });
    await ring(person, store);
    expect(await device.closed).toBe(CLOSE.noHello);
  });

  it("of a session that ended is closed, others stay", async () => {
    const { relay, person, store, device } = await connected();
    const other = await startSession(relay, person.user, "phone");
    const phone = await connect(relay, other, store, "phone");
    await phone.next("welcome");
    expect((await ask(relay, "POST", "/logout", { token: person.access, body: {} })).status).toBe(
      204,
    );
    expect(await device.closed).toBe(CLOSE.reauth);
    await phone.settle();
  });

  it("of a removed store is closed with 4404, and the data is gone", async () => {
    const { relay, person, store, device } = await connected();
    device.send(object("x").put(1));
    await device.answer(1);
    expect((await ask(relay, "DELETE", `/stores/${store}`, { token: person.access })).status).toBe(
      204,
    );
    expect(await device.closed).toBe(CLOSE.removed);
    const used = await relay.env.DB.prepare("SELECT bytes, objects FROM usage WHERE owner_id = ?1")
      .bind(person.user.id)
      .first();
    expect(used).toBeNull();
  });

  it("renews its authorisation in band, by the same user's token only", async () => {
    const { person, device } = await connected();
    device.send({ op: "auth", token: person.access });
    expect(await device.next("authed")).toMatchObject({ op: "authed" });
    device.send({ op: "auth", token: (await startStory()).person.access });
    expect(await device.next("error")).toMatchObject({ code: "forbidden" });
    device.send({ op: "auth", token: "a.b.c" });
    expect(await device.next("error")).toMatchObject({ code: "bad_token", retry: "reauth" });
  });

  it("that floods is told to wait, then closed; another device goes on", async () => {
    const { relay, person, store } = await startStory();
    const { id } = await makeStore(relay.env, relay.world, person.user.id, store);
    await replaceBindings(id, { FLOOD_FRAMES_PER_SECOND: "5" });
    const device = await connect(relay, person, store, "laptop");
    const phone = await connect(relay, person, store, "phone");
    await phone.next("welcome");
    for (let i = 0; i < 200; i++) device.socket.send('[{"op":"presence"}]');
    expect(await device.closed).toBe(CLOSE.flood);
    expect(device.inbox).toContainEqual(expect.objectContaining({ code: "flood", retry: "after" }));
    await phone.settle();
  });
});
