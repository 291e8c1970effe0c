import { env } from "cloudflare:workers";
import { LIMITS, encodeBinary, type ServerOp, type Welcome } from "@gitblobs/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { object, startStory } from "../../test/device.ts";
import { ask } from "../../test/people.ts";
import type { Env } from "../env.ts";
import { admissionHeader } from "./admission.ts";
import { makeStore } from "./hub-address.ts";

/** What the hub answers next, and what it was last asked. */
let answers: (Uint8Array<ArrayBuffer> | undefined)[];
let asked: unknown;
const HUB = {
  idFromName: (name: string) => name,
  get: () => ({
    fetch: (_: string, { headers }: { readonly headers: Readonly<Record<string, string>> }) => {
      asked = JSON.parse(decodeURIComponent(headers[admissionHeader] ?? ""));
      const [first] = answers;
      if (first === undefined) return Promise.resolve(new Response(null));
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const next = answers.shift();
          if (next === undefined) controller.close();
          else controller.enqueue(next);
        },
      });
      return Promise.resolve(new Response(body));
    },
  }),
} as unknown as Env["HUB"];

let story: Awaited<ReturnType<typeof startStory>>;

beforeEach(async () => {
  answers = [];
  asked = undefined;
  story = await startStory({ HUB });
  await makeStore(env, story.relay.world, story.person.user.id, story.store);
});

const frame = (...ops: ServerOp[]) => encodeBinary(ops);
const welcome: Welcome = {
  ...{ op: "welcome", proto: 1, epoch: "e", head: 7, oldest: 3, refs: [], by: "u", user: "ada" },
  ...{ expires_at: 9, resumed: true, store: 5 },
  limits: {
    ...{ frame_bytes: 1, object_bytes: 1, message_bytes: 1, ttl_seconds: 1, ttl_max_seconds: 1 },
    ...{ quota_bytes: 1, quota_objects: 1, used_bytes: 0, used_objects: 0, held_bytes: 1 },
    ...{ statements_per_second: 1, rows_per_second: 1, answered_bytes_per_second: 1 },
  },
};
const error = (more: object): ServerOp => ({
  op: "error",
  id: 0,
  code: "quota",
  retry: "no",
  message: "no",
  ...more,
});

/** Asks for a change of a ref, which the hub answers with these frames. */
async function push(given: readonly Uint8Array<ArrayBuffer>[], headers = {}) {
  answers = [...given];
  const body = { mid: "m", ref: "main", old: null, new: null };
  const token = story.person.access;
  return ask(story.relay, "POST", `/sync/${story.store}/push`, { token, body, headers });
}

describe("an operation over HTTP", () => {
  it("is the device's of the header, or else of the login", async () => {
    await push([frame({ op: "ack", id: 0, mid: "m", seq: 1 })], { "Gbr-Device": "phone" });
    expect(asked).toMatchObject({ kind: "exchange", device: "phone", allows: ["push"] });
    await push([frame({ op: "ack", id: 0, mid: "m", seq: 1 })]);
    expect(asked).toMatchObject({ device: "laptop" });
  });

  it("is refused under a header that names no device", async () => {
    const answer = await push([], { "Gbr-Device": "x".repeat(65) });
    expect(answer).toMatchObject({ status: 400, body: { code: "bad_request_frame" } });
    expect(asked).toBeUndefined();
  });

  it("is answered without what only a socket needs", async () => {
    const { status, body } = await push([frame({ op: "ack", id: 0, mid: "m", seq: 4 })]);
    expect([status, body]).toEqual([200, { mid: "m", seq: 4 }]);
  });

  it.each([
    ["ref_conflict", 409, "ref_conflict"],
    ["missing", 409, "missing"],
    ["mid_reused", 409, "mid_reused"],
    ["quota", 507, "quota"],
    ["too_many", 422, "too_many"],
    ["bad_next", 400, "bad_next"],
    ["flood", 429, "too_many_requests"],
    ["unavailable", 503, "database_unavailable"],
    ["internal", 500, "internal"],
    ["hash_mismatch", 400, "bad_request_frame"],
  ])("that is refused with %s gets the status %i", async (code, status, problem) => {
    const answer = await push([frame(error({ code }))]);
    expect(answer).toMatchObject({ status, body: { code: problem, detail: "no" } });
    expect(answer.body).not.toHaveProperty("current");
    expect(answer.body).not.toHaveProperty("need");
  });

  it("that is refused is told what a client acts on", async () => {
    const { hash } = object("x");
    const conflict = await push([frame(error({ code: "ref_conflict", current: hash }))]);
    expect(conflict.body).toMatchObject({ current: hash });
    const none = await push([frame(error({ code: "ref_conflict", current: null }))]);
    expect(none.body).toMatchObject({ current: null });
    const missing = await push([frame(error({ code: "missing", need: [["blob", hash]] }))]);
    expect(missing.body).toMatchObject({ need: [["blob", hash]] });
  });

  it("that has to wait is told for how many seconds, rounded up", async () => {
    const wait = async (more: object) =>
      (await push([frame(error({ code: "flood", retry: "after", ...more }))])).headers.get(
        "retry-after",
      );
    expect(await wait({ retry_after_ms: 1_001 })).toBe("2");
    expect(await wait({ retry_after_ms: 3_000 })).toBe("3");
    expect(await wait({})).toBe("10");
  });

  it("that the hub does not answer, or not in frames, is a fault of the relay", async () => {
    expect((await push([])).body).toMatchObject({ status: 500, code: "internal" });
    expect((await push([new Uint8Array()])).body).toMatchObject({ status: 500 });
    const nonsense = new Uint8Array([9, 9, 0, 0, 0, 0, 0, 2, 91, 93]);
    expect((await push([nonsense])).body).toMatchObject({ status: 500, code: "internal" });
  });
});

describe("objects sent over HTTP", () => {
  const put = async (given: readonly ServerOp[], type = "application/octet-stream") => {
    answers = [frame(...given)];
    const response = await story.relay.fetch(`/sync/${story.store}/objects`, {
      method: "POST",
      headers: { authorization: `Bearer ${story.person.access}`, "content-type": type },
      body: encodeBinary([object("x").put(1)]),
    });
    const body: unknown = await response.json();
    return { status: response.status, body };
  };

  it("are answered one by one, also where all of them are refused", async () => {
    const refused = error({ id: 1 });
    expect(await put([refused])).toMatchObject({ status: 200, body: { items: [refused] } });
    expect(asked).toMatchObject({ allows: ["put", "chunk"] });
  });

  it("are refused together where the frame was", async () => {
    const whole = error({ id: undefined, code: "flood", retry: "after" });
    expect(await put([whole])).toMatchObject({ status: 429 });
    expect(await put([whole, error({ id: 1 })])).toMatchObject({ status: 200 });
  });

  it("are of one media type", async () => {
    expect(await put([], "application/json")).toMatchObject({ status: 415 });
    expect(asked).toBeUndefined();
  });
});

describe("events over HTTP", () => {
  it("are asked for in pages of 1 to the most", async () => {
    const status = async (limit: number) => {
      answers = [frame(welcome), frame({ op: "events", id: 0, items: [], more: false })];
      const path = `/sync/${story.store}/events?after=0&epoch=e&limit=${limit}`;
      return ask(story.relay, "GET", path, { token: story.person.access });
    };
    const most = LIMITS.eventsPerPage;
    expect(await status(0)).toMatchObject({ status: 400, body: { errors: [{ path: "limit" }] } });
    expect(await status(most + 1)).toMatchObject({ status: 400, body: { code: "invalid_query" } });
    const place = { epoch: "e", head: 7, oldest: 3, resumed: true };
    expect((await status(1)).body).toEqual({ items: [], more: false, ...place });
    expect(asked).toMatchObject({ allows: ["hello", "pull"] });
    expect((await status(most)).status).toBe(200);
  });
});

describe("objects read over HTTP", () => {
  const get = () =>
    story.relay.fetch(`/sync/${story.store}/get`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${story.person.access}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ objects: [["blob", object("x").hash]] }),
    });
  const done = frame({ op: "done", id: 0, gone: [] });

  it("come in the very frames of the hub, to the last", async () => {
    const part: ServerOp = {
      ...{ op: "part", id: 0, type: "blob", hash: object("x").hash, size: 2, offset: 0, len: 2 },
      bytes: new Uint8Array(2),
    };
    answers = [frame(part), done];
    const response = await get();
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect((await response.arrayBuffer()).byteLength).toBe(frame(part).length + done.length);
    expect(asked).toMatchObject({ allows: ["get"] });
  });

  it("are passed on unread behind the first frame", async () => {
    const rest = new Uint8Array([9, 9, 9]);
    answers = [done, rest];
    const bytes = new Uint8Array(await (await get()).arrayBuffer());
    expect(bytes).toEqual(new Uint8Array([...done, ...rest]));
  });

  it("that are refused before the first of them are a problem like any other", async () => {
    answers = [frame(error({ code: "bad_next" }))];
    expect(await (await get()).json()).toMatchObject({ status: 400, code: "bad_next" });
    answers = [new Uint8Array()];
    expect((await get()).status).toBe(500);
  });
});
