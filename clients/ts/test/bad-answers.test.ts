import { createServer, type Server, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { Login, memoryVault, realSurroundings, type Surroundings } from "../src/sync/index.ts";
import { FakeClock } from "./fake-clock.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A login at a server that answers so. */
async function loginAt(
  answer: (response: ServerResponse) => void,
  own: Partial<Surroundings> = {},
): Promise<Login> {
  const listening = createServer((_, response) => {
    answer(response);
  });
  server = listening;
  await new Promise<void>((ready) => listening.listen(0, "127.0.0.1", ready));
  const address = listening.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const world = { ...realSurroundings, ...own };
  return new Login(`http://127.0.0.1:${port}`, world, memoryVault());
}

const grant = JSON.stringify({
  ...{ access_token: "a", refresh_token: "r", expires_in: 900 },
  user: { id: "usr_1", username: "ada", role: "user", password_must_change: false },
});

describe("an answer that is not the relay's", () => {
  it("is not read to its end where it is larger than any", async () => {
    let sent = 0;
    const login = await loginAt((response) => {
      response.setHeader("content-type", "application/json");
      const more = () => {
        while (sent < 50 * 1024 * 1024 && !response.destroyed) {
          sent += 65_536;
          if (!response.write(" ".repeat(65_536))) {
            response.once("drain", more);
            return;
          }
        }
        response.end(grant);
      };
      more();
    });
    const answer = await login.logIn("ada", "secret", "tab");
    expect(answer).toMatchObject({ problem: { code: "foreign_answer", then: "wait" } });
    expect(sent).toBeLessThan(50 * 1024 * 1024);
  });

  it("is given up where it accepts and says nothing", async () => {
    const clock = new FakeClock();
    const { promise: asked, resolve } = Promise.withResolvers<undefined>();
    const login = await loginAt(
      () => {
        resolve(undefined);
      },
      { now: clock.now, wait: clock.wait },
    );
    const answer = login.logIn("ada", "secret", "tab");
    await asked;
    await clock.advance(20_000);
    expect(await answer).toMatchObject({ problem: { code: "silent", then: "wait" } });
  });

  it("is given up where it begins and does not end", async () => {
    const clock = new FakeClock();
    const { promise: asked, resolve } = Promise.withResolvers<undefined>();
    const login = await loginAt(
      (response) => {
        response.write("{");
        resolve(undefined);
      },
      { now: clock.now, wait: clock.wait },
    );
    const answer = login.logIn("ada", "secret", "tab");
    await asked;
    await clock.advance(20_000);
    expect(await answer).toMatchObject({ problem: { code: "silent", then: "wait" } });
  });

  it("leads nowhere", async () => {
    const login = await loginAt((response) => {
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(await login.logIn("ada", "secret", "tab")).toMatchObject({
      problem: { status: 307, code: "foreign_answer" },
    });
  });

  it("is cut off in the middle", async () => {
    const login = await loginAt((response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("{");
      response.socket?.destroySoon();
    });
    expect(await login.logIn("ada", "secret", "tab")).toMatchObject({
      problem: { status: 0, code: "unreachable", then: "wait" },
    });
  });
});

describe("an answer that a gateway has packed unasked", () => {
  it("is read all the same", async () => {
    const login = await loginAt((response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-type": "application/json" });
      response.end(gzipSync(grant));
    });
    expect(await login.logIn("ada", "secret", "tab")).toMatchObject({ ok: true });
  });
});
