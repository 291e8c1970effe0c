import { encodeBinary } from "@gitblobs/protocol";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { Route } from "../src/http/route.ts";
import { object, startStory } from "./device.ts";
import { addSession, password, startSession } from "./people.ts";
import { startRelay } from "./test-relay.ts";

const nameOf = (route: Route) => `${route.method} ${route.path}`;
const described = startRelay().routes.filter((route) => route.success.schema !== undefined);
const blob = object("answered");

/** Who is there when a route is asked. */
async function meet() {
  const { relay, person, store } = await startStory();
  const user = await addSession(relay);
  const other = await startSession(relay, person.user, "phone");
  return { relay, person, other, user: user.user, session: user.id, store };
}
type Scene = Awaited<ReturnType<typeof meet>>;

/** What makes each route do what it is there for: path, body, and who asks (the operator unless told). */
type Ask = (scene: Scene) => {
  readonly path?: string;
  readonly body?: unknown;
  readonly frame?: Uint8Array<ArrayBuffer>;
  readonly token?: string | undefined;
};

const asks: Readonly<Record<string, Ask>> = {
  "GET /health": () => ({ path: "/health?deep=1", token: undefined }),
  "POST /login": ({ person }) => ({
    body: { username: person.user.username, password, device: "new" },
    token: undefined,
  }),
  "POST /refresh": ({ person }) => ({
    body: { refresh_token: person.refresh },
    token: undefined,
  }),
  "GET /me": ({ person }) => ({ token: person.access }),
  "GET /sessions": ({ person }) => ({ token: person.access }),
  "POST /ws/ticket": ({ person }) => ({ token: person.access, body: {} }),
  "GET /stores": ({ person }) => ({ token: person.access }),
  "POST /stores": ({ person, store }) => ({ body: { name: store }, token: person.access }),
  "GET /admin/users": () => ({ path: "/admin/users?limit=1" }),
  "GET /admin/users/:id": ({ user }) => ({ path: `/admin/users/${user.id}` }),
  "POST /admin/users": ({ store }) => ({ body: { username: `u-${store}`, role: "user" } }),
  "POST /admin/users/:id/disable": ({ user }) => ({
    path: `/admin/users/${user.id}/disable`,
    body: {},
  }),
  "POST /admin/users/:id/enable": ({ user }) => ({
    path: `/admin/users/${user.id}/enable`,
    body: {},
  }),
  "PUT /admin/users/:id/role": ({ user }) => ({
    path: `/admin/users/${user.id}/role`,
    body: { role: "admin" },
  }),
  "POST /admin/users/:id/reset-password": ({ user }) => ({
    path: `/admin/users/${user.id}/reset-password`,
    body: {},
  }),
  "GET /admin/users/:id/sessions": ({ user }) => ({ path: `/admin/users/${user.id}/sessions` }),
  "DELETE /admin/users/:id/sessions": ({ user }) => ({
    path: `/admin/users/${user.id}/sessions`,
  }),
  "GET /admin/keys": () => ({}),
  "POST /admin/keys/rotate": () => ({ body: {} }),
  "POST /admin/keys/rewrap": () => ({ body: {} }),
  "POST /admin/cleanup": () => ({ body: {} }),
  "GET /admin/stats": () => ({}),
  "GET /admin/audit": () => ({ path: "/admin/audit?limit=2" }),
  "POST /sync/:store/have": ({ person, store }) => ({
    path: `/sync/${store}/have`,
    body: { mid: "m", objects: [blob.key] },
    token: person.access,
  }),
  "POST /sync/:store/objects": ({ person, store }) => ({
    path: `/sync/${store}/objects`,
    frame: encodeBinary([blob.put(1), { ...blob.put(2), hash: "0".repeat(64) }]),
    token: person.access,
  }),
  "POST /sync/:store/push": ({ person, store }) => ({
    path: `/sync/${store}/push`,
    body: { mid: "p", ref: "main", old: null, new: blob.hash },
    token: person.access,
  }),
  "POST /sync/:store/renew": ({ person, store }) => ({
    path: `/sync/${store}/renew`,
    body: {},
    token: person.access,
  }),
  "GET /sync/:store": ({ person, store }) => ({
    path: `/sync/${store}`,
    token: person.access,
  }),
  "GET /sync/:store/events": ({ person, store }) => ({
    path: `/sync/${store}/events?after=0&epoch=other`,
    token: person.access,
  }),
};

/** Something to read: a store with a push, and an audited action. */
async function fill({ relay, person, store }: Scene): Promise<void> {
  const headers = { "content-type": "application/json" };
  await relay.fetch(`/sync/${store}/push`, {
    method: "POST",
    headers: { ...headers, authorization: `Bearer ${person.access}` },
    body: JSON.stringify({ mid: "first", ref: "other", old: null, new: blob.hash }),
  });
  await relay.fetch("/admin/keys/rotate", {
    method: "POST",
    headers: { ...headers, authorization: `Bearer ${relay.env.ADMIN_TOKEN}` },
    body: "{}",
  });
}

describe("an answer", () => {
  it.each(described.map((route) => [nameOf(route), route] as const))(
    "of %s has exactly the fields of its schema (15.3.1)",
    async (name, route) => {
      const scene = await meet();
      await fill(scene);
      const given = asks[name]?.(scene) ?? {};
      const token = "token" in given ? given.token : scene.relay.env.ADMIN_TOKEN;
      const type = given.frame === undefined ? "application/json" : "application/octet-stream";
      const body = given.frame ?? (given.body === undefined ? null : JSON.stringify(given.body));
      const response = await scene.relay.fetch(given.path ?? route.path, {
        method: route.method,
        headers: {
          ...(body === null ? {} : { "content-type": type }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body,
      });
      const text = await response.text();
      expect([response.status, text]).toEqual([route.success.status, text]);
      const answered: unknown = JSON.parse(text);
      // Schemas of objects leave out what they do not name, so a field too many shows as a difference.
      expect(v.parse(route.success.schema ?? v.never(), answered)).toEqual(answered);
    },
  );
});
