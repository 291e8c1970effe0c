import { encodeBinary } from "@gitblobs/protocol";
import { describe, expect, it } from "vitest";
import type { Route } from "../src/http/route.ts";
import { addSession } from "./people.ts";
import { connect, epochOf, object, startStory } from "./device.ts";
import { startRelay } from "./test-relay.ts";

const routes = startRelay().routes.filter(
  (route) => route.access === "session" && route.path.includes(":"),
);

const blob = object("what the other user has stored");

/** A request that the route would serve for the owner of what the path names. */
function requestTo(route: Route, name: string, token: string) {
  const bodies: Readonly<Record<string, unknown>> = {
    "/sync/:store/have": { mid: "m", objects: [blob.key] },
    "/sync/:store/push": { mid: "m", ref: "main", old: null, new: blob.hash },
    "/sync/:store/get": { objects: [["blob", blob.hash]] },
  };
  const binary = route.path === "/sync/:store/objects";
  const body = binary ? encodeBinary([blob.put(1)]) : JSON.stringify(bodies[route.path] ?? {});
  const query = /events|fetch/u.test(route.path) ? "?after=0" : "";
  return {
    path: route.path.replace(/:\w+/u, name) + query,
    init: {
      method: route.method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(route.method === "POST"
          ? { "content-type": binary ? "application/octet-stream" : "application/json" }
          : {}),
      },
      ...(route.method === "POST" ? { body } : {}),
    },
  };
}

/** Everything of an answer that may not differ: ids of the request and times of the clock aside. */
async function read(response: Response, name: string): Promise<string> {
  const headers = [...response.headers].filter(([key]) => key !== "x-request-id");
  const text = (await response.text())
    .replace(/"request_id":"[^"]*"/gu, "")
    .replace(/"(?:expires_at|at|kept_until)":\d+/gu, "")
    // Chance: each store has its own.
    .replace(/"epoch":"[^"]*"/gu, "")
    .replaceAll(name, "NAME");
  return JSON.stringify([response.status, headers, text]);
}

describe("what belongs to somebody else (8.2.2, 8.4.1)", () => {
  it("is named by these routes", () => {
    expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      "DELETE /sessions/:id",
      "DELETE /stores/:name",
      "GET /sync/:store",
      "GET /sync/:store/events",
      "GET /sync/:store/fetch",
      "POST /sync/:store/get",
      "POST /sync/:store/have",
      "POST /sync/:store/objects",
      "POST /sync/:store/push",
      "POST /sync/:store/renew",
    ]);
  });

  it("answers byte for byte like what does not exist, on every route", async () => {
    const { relay, person: owner, store } = await startStory();
    const device = await connect(relay, owner, store, "laptop");
    await device.next("welcome");
    device.send(blob.put(1), {
      op: "push",
      id: 2,
      mid: "x",
      ref: "main",
      old: null,
      new: blob.hash,
    });
    await device.answer(2);
    const attacker = await addSession(relay);
    for (const route of routes) {
      const isSession = route.path.startsWith("/sessions");
      const foreign = isSession ? owner.id : store;
      const random = isSession
        ? `ses_${"Ab1".repeat(7)}x`
        : store.replace(/[0-9a-f]{12}$/u, "0123456789ab");
      const answers = [];
      for (const name of [foreign, random]) {
        const { path, init } = requestTo(route, name, attacker.access);
        answers.push(await read(await relay.fetch(path, init), name));
      }
      expect(answers[0], `${route.method} ${route.path}`).toBe(answers[1]);
    }
    // And it is still there, whole, and nobody heard of the attempts.
    await device.settle();
    const epoch = await epochOf(owner, store);
    const mine = await relay.fetch(`/sync/${store}/events?after=0&epoch=${epoch}`, {
      headers: { authorization: `Bearer ${owner.access}` },
    });
    expect(await mine.json()).toMatchObject({ items: [{ seq: 1, mid: "x" }], more: false });
    expect(device.inbox.filter(({ op }) => op === "event")).toEqual([]);
  });
});
