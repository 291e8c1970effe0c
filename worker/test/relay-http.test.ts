import { decodeServerFrame, encodeBinary, type ClientOp, type ServerOp } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import { frameStream } from "../src/relay/frame-stream.ts";
import { epochOf, object, startStory } from "./device.ts";
import { chunksOf, connected, noise } from "./objects-story.ts";
import { ask } from "./people.ts";

/** The operations of a body of frames, delivered in pieces of some size as a network may do. */
async function opsOf(response: Response, pieceBytes = 65_536): Promise<ServerOp[]> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        controller.enqueue(bytes.subarray(at, at + pieceBytes));
      }
      controller.close();
    },
  });
  const ops: ServerOp[] = [];
  for await (const frame of frameStream(body)) {
    const decoded = decodeServerFrame(frame);
    if (!decoded.ok) throw new Error(decoded.error.message);
    ops.push(...decoded.ops);
  }
  return ops;
}

describe("the HTTP twins", () => {
  it("push, list and get like the socket does", async () => {
    const { relay, person, store, device } = await connected();
    const token = person.access;
    const blob = object("over http");
    const have = await ask(relay, "POST", `/sync/${store}/have`, {
      token,
      body: { mid: "h", objects: [blob.key] },
    });
    expect(have).toMatchObject({ status: 200, body: { need: [0], over: [] } });
    const put = await relay.fetch(`/sync/${store}/objects`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
      body: encodeBinary([blob.put(5)]),
    });
    expect(await put.json()).toMatchObject({ items: [{ op: "ok", id: 5, state: "stored" }] });
    const request = { mid: "h", ref: "main", old: null, new: blob.hash };
    const push = await ask(relay, "POST", `/sync/${store}/push`, { token, body: request });
    expect(push).toMatchObject({ status: 200, body: { mid: "h", seq: 1 } });
    expect(await device.next("event")).toMatchObject({ seq: 1, mid: "h" });
    const conflict = await ask(relay, "POST", `/sync/${store}/push`, {
      token,
      body: { ...request, mid: "i" },
    });
    expect(conflict).toMatchObject({
      status: 409,
      body: { code: "ref_conflict", current: blob.hash },
    });
    const place = `after=0&epoch=${await epochOf(person, store)}`;
    const events = await ask(relay, "GET", `/sync/${store}/events?${place}`, { token });
    expect(events).toMatchObject({ status: 200, body: { items: [{ seq: 1 }], more: false } });
    const fetched = await relay.fetch(`/sync/${store}/fetch?${place}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const ops = await opsOf(fetched, 7);
    expect(ops.map((op) => op.op)).toEqual(["welcome", "objects", "done"]);
  });

  it("take an object in pieces, and give objects by name", async () => {
    const { relay, person, store } = await connected();
    const large = object(noise(1_500_000));
    const headers = {
      authorization: `Bearer ${person.access}`,
      "content-type": "application/octet-stream",
    };
    const states = [];
    for (const chunk of chunksOf(large, 900_000)) {
      const body = encodeBinary([chunk]);
      const sent = await relay.fetch(`/sync/${store}/objects`, { method: "POST", headers, body });
      states.push(await sent.json());
    }
    expect(states).toMatchObject([
      { items: [{ upto: 900_000 }] },
      { items: [{ upto: 1_500_000, state: "stored" }] },
    ]);
    const got = await relay.fetch(`/sync/${store}/get`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({
        objects: [
          ["blob", large.hash],
          ["blob", object("?").hash],
        ],
      }),
    });
    const ops = await opsOf(got);
    expect(ops.map((op) => op.op)).toEqual(["part", "part", "done"]);
    expect(ops.at(-1)).toMatchObject({ gone: [["blob", object("?").hash]] });
  });

  it.each<[string, ClientOp]>([
    ["hello", { op: "hello", proto: 1, device: "x" }],
    ["auth", { op: "auth", token: "x" }],
    ["presence", { op: "presence" }],
    ["push", { op: "push", id: 1, mid: "m", ref: "main", old: null, new: null }],
  ])("take no %s among objects", async (_, op) => {
    const { relay, person, store } = await connected();
    const answer = await relay.fetch(`/sync/${store}/objects`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${person.access}`,
        "content-type": "application/octet-stream",
      },
      body: encodeBinary([object("x").put(1), op]),
    });
    expect(answer.status).toBe(400);
    const place = `after=0&epoch=${await epochOf(person, store)}`;
    const events = await ask(relay, "GET", `/sync/${store}/events?${place}`, {
      token: person.access,
    });
    expect(events.body).toMatchObject({ items: [] });
  });

  it("say by a status what went wrong, for frames of objects as well", async () => {
    const { relay, person, store } = await connected({ QUOTA_BYTES: "100" });
    const given = { token: person.access };
    const place = `after=0&epoch=${await epochOf(person, store)}`;
    const next = await ask(relay, "GET", `/sync/${store}/fetch?${place}&next=1.2`, given);
    expect(next).toMatchObject({ status: 400, body: { code: "bad_next" } });
    const body = { mid: "m", objects: [object("x").key] };
    const have = await ask(relay, "POST", `/sync/${store}/have`, { ...given, body });
    expect(have.status).toBe(200);
    const push = { mid: "p", ref: "main", old: null, new: null };
    const over = await ask(relay, "POST", `/sync/${store}/push`, { ...given, body: push });
    expect(over).toMatchObject({ status: 507, body: { code: "quota" } });
  });

  it("refuse what is not theirs to read", async () => {
    const { relay, store } = await connected();
    const stranger = (await startStory()).person;
    const answer = await ask(relay, "GET", `/sync/${store}/events?after=0&epoch=x`, {
      token: stranger.access,
    });
    expect(answer).toMatchObject({ status: 404, body: { code: "no_store" } });
    expect((await ask(relay, "GET", `/sync/${store}/events?after=0&epoch=x`)).status).toBe(401);
  });
});
