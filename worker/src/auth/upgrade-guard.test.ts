import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { realWorld } from "../world.ts";
import { guardUpgrade } from "./upgrade-guard.ts";

/** Asks for a socket with these headers; nobody's token is good. */
const ask = (headers: Readonly<Record<string, string>>) =>
  guardUpgrade(new Request("https://relay.test/ws", { headers }), env, realWorld, () =>
    Promise.reject(new Error("the token was looked at")),
  );
const ticket = { "sec-websocket-protocol": `gbr.v1, ticket.${"A".repeat(43)}` };

describe("a request for a socket", () => {
  it("from a page of an unknown origin is refused before its token is looked at", async () => {
    const foreign = { origin: "https://evil.example", authorization: "Bearer a.b.c" };
    await expect(ask(foreign)).rejects.toMatchObject({ code: "origin_refused" });
  });

  it("with a token is judged by that alone", async () => {
    await expect(ask({ authorization: "Bearer a.b.c" })).rejects.toThrow("looked at");
  });

  it.each([
    ["nothing", {}],
    ["an origin alone", { origin: "https://relay.test" }],
    ["a ticket without its origin", ticket],
    ["a ticket that nobody gave", { ...ticket, origin: "https://relay.test" }],
    ["no whole ticket", { "sec-websocket-protocol": "ticket.A", origin: "https://relay.test" }],
  ])("with %s is nobody's", async (_, headers) => {
    await expect(ask(headers)).rejects.toMatchObject({ code: "not_authenticated" });
  });
});
