import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { RelayError } from "../http/problem.ts";
import type { Call } from "../http/route.ts";
import { closeEverySocket, closeSocketsOf, endOrClose, ownersOf } from "./end-sessions.ts";
import type { RelayDoor } from "./relay-door.ts";
import type { SocketOwner } from "./socket-owner.ts";

const owner = (sessionId: string): SocketOwner => ({ userId: "usr_x", sessionId, code: 4401 });

/** A call whose notes are kept, and a door behind which some sessions' hubs cannot be reached. */
function story(unreachable: readonly string[] = [], everySocket = () => Promise.resolve(0)) {
  const notes: unknown[] = [];
  const closed: SocketOwner[] = [];
  const call = {
    env,
    world: { now: () => 1 },
    note: (fields: unknown) => notes.push(fields),
  } as unknown as Call;
  const door: RelayDoor = {
    closeSockets: (_, one) => {
      if (unreachable.includes(one.sessionId ?? "")) return Promise.reject(new Error("gone"));
      closed.push(one);
      return Promise.resolve();
    },
    closeEverySocket: everySocket,
    eraseUserData: () => Promise.resolve(),
  };
  return { call, door, notes, closed };
}

describe("closing the sockets of ended sessions", () => {
  it("says nothing where all were closed", async () => {
    const { call, door, notes, closed } = story();
    await closeSocketsOf(call, door, [owner("a"), owner("b")]);
    expect(closed).toEqual([owner("a"), owner("b")]);
    expect(notes).toEqual([]);
  });

  it("closes the others where a hub cannot be reached, and notes how many were not", async () => {
    const { call, door, notes, closed } = story(["a"]);
    await closeSocketsOf(call, door, [owner("a"), owner("b")]);
    expect(closed).toEqual([owner("b")]);
    expect(notes).toEqual([{ sockets_not_closed: 1 }]);
  });

  it("of everybody notes how many were not closed, or that nobody knows", async () => {
    const all = story();
    await closeEverySocket(all.call, all.door);
    expect(all.notes).toEqual([]);
    const some = story([], () => Promise.resolve(3));
    await closeEverySocket(some.call, some.door);
    expect(some.notes).toEqual([{ sockets_not_closed: 3 }]);
    const none = story([], () => Promise.reject(new RelayError("database_unavailable")));
    await closeEverySocket(none.call, none.door);
    expect(none.notes).toEqual([
      { sockets_not_closed: true, sockets_error: "database_unavailable" },
    ]);
  });
});

describe("ending a session", () => {
  const mine = { userId: "usr_x", sessionId: "a" };

  it("closes no socket by itself where the database answered", async () => {
    const { call, door, closed } = story();
    expect(await endOrClose(call, door, mine, () => Promise.resolve("ended"))).toBe("ended");
    const refused = endOrClose(call, door, mine, () => Promise.reject(new RelayError("not_found")));
    await expect(refused).rejects.toMatchObject({ code: "not_found" });
    expect(closed).toEqual([]);
  });

  it("closes the sockets where the answer of the database was lost", async () => {
    const { call, door, closed } = story();
    const lost = () => Promise.reject(new RelayError("database_unavailable"));
    await expect(endOrClose(call, door, mine, lost)).rejects.toMatchObject({
      code: "database_unavailable",
    });
    expect(closed).toEqual([owner("a")]);
  });

  it("owns the sockets of every session that a statement gave back", () => {
    const revoked = { results: [{ id: "a" }, { id: "b" }] } as D1Result<{ id: string }>;
    expect(ownersOf("usr_x", revoked)).toEqual([owner("a"), owner("b")]);
    expect(ownersOf("usr_x", undefined)).toEqual([]);
  });
});
