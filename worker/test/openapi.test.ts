import { describe, expect, it } from "vitest";
import { describeApi } from "../src/http/openapi.ts";
import { ask } from "./people.ts";
import { startRelay } from "./test-relay.ts";

interface Operation {
  readonly security: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: unknown }>>;
  };
  readonly responses: Readonly<Record<string, object>>;
}

async function read() {
  const relay = startRelay();
  const answer = await ask(relay, "GET", "/openapi.json");
  const paths = answer.body["paths"] as Readonly<
    Record<string, Readonly<Record<string, Operation>>>
  >;
  return { relay, answer, paths };
}

describe("GET /openapi.json", () => {
  it("describes every route of the table, and no other", async () => {
    const { relay, answer, paths } = await read();
    expect(answer.status).toBe(200);
    expect(answer.body["openapi"]).toBe("3.1.0");
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const table = relay.routes.map(
      ({ method, path }) => `${method} ${path.replace(/:(\w+)/gu, "{$1}")}`,
    );
    expect(described.sort()).toEqual(table.sort());
  });

  it("says of each route who may use it and how it refuses", async () => {
    const { relay, paths } = await read();
    for (const route of relay.routes) {
      const path = route.path.replace(/:(\w+)/gu, "{$1}");
      const operation = paths[path]?.[route.method.toLowerCase()];
      const statuses = Object.keys(operation?.responses ?? {});
      expect(operation?.security).toHaveLength({ public: 0, session: 1, admin: 2 }[route.access]);
      expect(statuses).toEqual(
        expect.arrayContaining([String(route.success.status), "400", "403", "429", "503"]),
      );
      expect(statuses.includes("401")).toBe(
        route.access !== "public" || ["/login", "/refresh", "/ws"].includes(path),
      );
    }
  });

  it("gives bodies the very schema that refuses unknown fields", async () => {
    const { paths } = await read();
    const schema = paths["/login"]?.["post"]?.requestBody?.content["application/json"]?.schema;
    expect(schema).toMatchObject({
      additionalProperties: false,
      required: ["username", "password", "device"],
    });
  });

  it.each([
    ["/", "/"],
    ["/sw.js", "/sw.js"],
    ["/assets/index-abc.js", "/assets/{name}"],
  ])("says of which type %s is, and that it may be known already", async (file, path) => {
    const { relay, paths } = await read();
    const responses = paths[path]?.["get"]?.responses ?? {};
    const [type = ""] = ((await relay.fetch(file)).headers.get("content-type") ?? "").split(";");
    expect(responses["200"]).toMatchObject({ content: { [type]: {} } });
    expect(Object.keys(responses)).toContain("304");
  });

  it("has an operation id of its own for each operation", () => {
    const document = JSON.stringify(describeApi(startRelay().routes, "0"));
    const ids = [...document.matchAll(/"operationId":"(\w+)"/gu)].map(([, id]) => id);
    expect(ids.length).toBe(startRelay().routes.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("tells of bodies of bytes and of the header that names the device", async () => {
    const { relay, paths } = await read();
    const objects = paths["/sync/{store}/objects"]?.["post"];
    expect(objects?.requestBody?.content).toEqual({
      "application/octet-stream": { schema: { type: "string", format: "binary" } },
    });
    for (const [path, operations] of Object.entries(paths)) {
      if (!path.startsWith("/sync/")) continue;
      for (const { parameters } of Object.values(operations)) {
        expect(parameters).toContainEqual(
          expect.objectContaining({ name: "Gbr-Device", in: "header" }),
        );
      }
    }
    const preflight = await relay.fetch("/sync/a/events?after=0", {
      method: "OPTIONS",
      headers: { origin: "https://app.example.com", "access-control-request-method": "GET" },
    });
    expect(preflight.headers.get("access-control-allow-headers")).toContain("Gbr-Device");
  });
});
