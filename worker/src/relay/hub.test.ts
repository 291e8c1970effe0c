import { describe, expect, it } from "vitest";
import { noteHead, setPong, welcomed, type Hub } from "./hub.ts";

/** A hub of which only the storage and the pong are looked at. */
function hubAt(now: number, notedAt = 0) {
  const puts: unknown[] = [];
  const pongs: WebSocketRequestResponsePair[] = [];
  const hub = {
    world: { now: () => now },
    notedAt,
    published: 7,
    epoch: "0a0b0c0d",
    connections: new Map([
      [1, { attachment: { device: null } }],
      [2, { attachment: { device: "phone" } }],
    ]),
    ctx: {
      storage: {
        put: (...given: unknown[]) => {
          puts.push(given);
          return Promise.resolve();
        },
      },
      setWebSocketAutoResponse: (pair: WebSocketRequestResponsePair) => pongs.push(pair),
    },
  } as unknown as Hub;
  return { hub, puts, pongs };
}
const noted = [["head", 7, { allowUnconfirmed: true }]];

describe("a hub", () => {
  it("notes its head at most once a second, for it holds back what is sent", () => {
    const { hub, puts } = hubAt(10_000, 9_001);
    noteHead(hub);
    expect(puts).toEqual([]);
    const later = hubAt(10_001, 9_001);
    noteHead(later.hub);
    noteHead(later.hub);
    expect(later.puts).toEqual(noted);
  });

  it("notes it at once where that is asked for", () => {
    const { hub, puts } = hubAt(10_000, 10_000);
    noteHead(hub, true);
    expect(puts).toEqual(noted);
  });

  it("lets the runtime answer pings with epoch and head", () => {
    const { hub, pongs } = hubAt(0);
    setPong(hub);
    expect(pongs.map(({ request }) => request)).toEqual(["ping"]);
    expect(pongs[0]?.response).toBe("pong:0a0b0c0d:7");
  });

  it("counts who said hello, and nobody else", () => {
    expect(welcomed(hubAt(0).hub).map(({ party: [, device] }) => device)).toEqual(["phone"]);
  });
});
