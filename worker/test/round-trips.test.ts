import type { ClientOp } from "@gitblobs/protocol";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { connect, dial, object, startStory } from "./device.ts";
import { replaceBindings } from "./hub-database.ts";
import { storeId } from "./hub-inside.ts";
import { ask } from "./people.ts";

/** How many calls of the database had to be awaited one after the other: what latency multiplies. */
interface Trips {
  inSequence: number;
}

/** A database of which each call comes after all that were done when it began, and beside all that were not. */
function tripping(db: D1Database, trips: Trips): D1Database {
  const call = async <T>(asked: () => Promise<T>): Promise<T> => {
    const depth = trips.inSequence + 1;
    const answer = await asked();
    trips.inSequence = Math.max(trips.inSequence, depth);
    return answer;
  };
  const real = new WeakMap<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const mine = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      all: () => call(() => statement.all()),
      run: () => call(() => statement.run()),
      first: () => call(() => statement.first()),
    } as unknown as D1PreparedStatement;
    real.set(mine, statement);
    return mine;
  };
  return {
    prepare: (sql: string) => wrap(db.prepare(sql)),
    batch: (statements: D1PreparedStatement[]) =>
      call(() => db.batch(statements.map((one) => real.get(one) ?? one))),
  } as unknown as D1Database;
}

async function measured() {
  const trips: Trips = { inSequence: 0 };
  const DB = tripping(env.DB, trips);
  const story = await startStory({ DB });
  const { relay, person, store } = story;
  await replaceBindings(await storeId(person, store), { DB });
  // The keys that verify are in memory from the first request on.
  await ask(relay, "GET", "/me", { token: person.access });
  return { ...story, trips };
}

/** What a device sends to push a version behind another one. */
function versions(
  n: number,
  old: string | null,
): { readonly ops: readonly ClientOp[]; readonly id: number; readonly hash: string } {
  const blob = object(`version ${n}`);
  const push: ClientOp = { op: "push", id: n + 20, mid: `m${n}`, ref: "main", old, new: blob.hash };
  const have: ClientOp = { op: "have", id: n, mid: `m${n}`, objects: [blob.key] };
  return { ops: [have, blob.put(n + 10), push], id: n + 20, hash: blob.hash };
}

describe("round trips of the database, one after the other", () => {
  it("are two until a device is welcomed, whether its hub slept or not", async () => {
    const { relay, person, store, trips } = await measured();
    for (const name of ["laptop", "phone"]) {
      trips.inSequence = 0;
      const device = await connect(relay, person, store, name);
      await device.next("welcome");
      expect(trips.inSequence).toBeLessThanOrEqual(2);
    }
  });

  it("are one for a push", async () => {
    const { relay, person, store, trips } = await measured();
    const laptop = await connect(relay, person, store, "laptop");
    await laptop.next("welcome");
    const [first, second] = [versions(1, null), versions(2, object("version 1").hash)];
    laptop.send(...first.ops);
    await laptop.answer(first.id);
    trips.inSequence = 0;
    laptop.send(...second.ops);
    expect(await laptop.answer(second.id)).toMatchObject({ op: "ack", seq: 2 });
    expect(trips.inSequence).toBe(1);
  });
});

describe("what was looked at when a socket was admitted", () => {
  it("hides nothing that was pushed or renewed before its hello", async () => {
    const { relay, person, store } = await measured();
    const laptop = await connect(relay, person, store, "laptop");
    await laptop.next("welcome");
    const phone = await dial(relay, person, store, "phone");
    const { ops, id, hash } = versions(1, null);
    laptop.send(...ops);
    expect(await laptop.answer(id)).toMatchObject({ seq: 1 });
    phone.send({ op: "hello", proto: 1, device: "phone" });
    expect(await phone.next("welcome")).toMatchObject({ head: 1, refs: [["main", hash]] });
    const tablet = await dial(relay, person, store, "tablet");
    laptop.send({ op: "renew", id: 40, ttl: 2_000_000 });
    const renewed = await laptop.answer(40);
    tablet.send({ op: "hello", proto: 1, device: "tablet" });
    const { kept_until } = await tablet.next("welcome");
    expect(renewed).toMatchObject({ op: "ok", expires_at: kept_until });
  });

  it("welcomes no session that was ended before its hello", async () => {
    const { relay, person, store } = await measured();
    const phone = await dial(relay, person, store, "phone");
    await env.DB.prepare("UPDATE sessions SET revoked_at = 1 WHERE user_id = ?1")
      .bind(person.user.id)
      .run();
    const door = env.HUB.get(env.HUB.idFromName(`store:${await storeId(person, store)}`));
    await door.closeSockets({ sessionId: "ses_another", code: 4401 });
    phone.send({ op: "hello", proto: 1, device: "phone" });
    expect(await phone.closed).toBe(4401);
    expect(phone.inbox).toEqual([]);
  });
});
