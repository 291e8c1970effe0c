import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { hubOf } from "../src/relay/hub-address.ts";
import { findStore } from "../src/sync/store-table.ts";
import type { Person } from "./device.ts";

/** The id of a person's store. */
export async function storeId(person: Person, store: string): Promise<number> {
  const row = await findStore(env.DB, person.user.id, store);
  if (row === null) throw new Error(`no store ${store}`);
  return row.id;
}

/** Puts the store's hub to sleep; its sockets stay open. */
export async function sleep(person: Person, store: string): Promise<void> {
  await evict(hubOf(env, await storeId(person, store)), "hibernate");
}

/** Lets go of the store's hub; its sockets are cut. */
export async function cut(person: Person, store: string): Promise<void> {
  await evict(hubOf(env, await storeId(person, store)), "close");
}

/** A hub that does not run, because it has just crashed, is already where it should be. */
async function evict(hub: DurableObjectStub, webSockets: "hibernate" | "close"): Promise<void> {
  await evictDurableObject(hub, { webSockets }).catch((error: unknown) => {
    if (!String(error).includes("not currently running")) throw error;
  });
}

/** Ends the store's hub as a crash does. */
export async function abort(person: Person, store: string): Promise<void> {
  const hub = hubOf(env, await storeId(person, store));
  await runInDurableObject(hub, (_, state) => {
    state.abort("as a crash does");
  }).catch(() => undefined);
}

/** Runs the hub's alarm now. */
export async function ring(person: Person, store: string): Promise<boolean> {
  return runDurableObjectAlarm(hubOf(env, await storeId(person, store)));
}

/** When the hub will wake by itself; null if it will not. */
export async function alarmAt(person: Person, store: string): Promise<number | null> {
  const hub = hubOf(env, await storeId(person, store));
  return runInDurableObject(hub, (_, state) => state.storage.getAlarm());
}

/** Changes what is kept with the store's sockets, as if time had passed, and lets the hub sleep over it. */
export async function amendSockets(
  person: Person,
  store: string,
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  const hub = hubOf(env, await storeId(person, store));
  await runInDurableObject(hub, (_, state) => {
    for (const socket of state.getWebSockets()) {
      const kept = socket.deserializeAttachment() as object;
      socket.serializeAttachment({ ...kept, ...change });
    }
  });
  await evict(hub, "hibernate");
}

/** Moves every time that a store knows into the past, as if so much time had gone by; its hub sleeps over it. */
export async function passTime(person: Person, store: string, ms: number): Promise<void> {
  const id = await storeId(person, store);
  await env.DB.batch([
    env.DB.prepare(
      "UPDATE sync_data SET created_at = created_at - ?2, expires_at = expires_at - ?2 WHERE store_id = ?1",
    ).bind(id, ms),
    env.DB.prepare(
      "UPDATE events SET at = at - ?2, expires_at = expires_at - ?2 WHERE store_id = ?1",
    ).bind(id, ms),
    env.DB.prepare(
      `UPDATE stores SET kept_until = kept_until - ?2, kept_since = kept_since - ?2, last_at = last_at - ?2,
         last_expires_at = last_expires_at - ?2, due_at = max(0, due_at - ?2) WHERE id = ?1`,
    ).bind(id, ms),
  ]);
  await evict(hubOf(env, id), "hibernate");
}

/**
 * Lets what a store holds expire, as if its time had come; the hub, which knows until when it holds what, starts anew.
 * Of `hashes` only those objects: as packs expire whole, they are made to be no longer in theirs.
 */
export async function expireObjects(
  person: Person,
  store: string,
  hashes?: readonly string[],
): Promise<void> {
  const id = await storeId(person, store);
  const run = (sql: string, ...values: readonly unknown[]) =>
    env.DB.prepare(sql)
      .bind(id, ...values)
      .run();
  if (hashes === undefined) {
    await run("UPDATE sync_data SET expires_at = 1 WHERE store_id = ?1");
    await run("UPDATE stores SET due_at = 0 WHERE id = ?1");
  }
  for (const hash of hashes ?? []) {
    await run(
      "UPDATE sync_data SET list = replace(list, ?2, ?3) WHERE store_id = ?1 AND instr(list, ?2) > 0",
      hash,
      "e".repeat(64),
    );
  }
  await sleep(person, store);
}

/** Lets the events of a store up to a seq expire. */
export async function expireEvents(person: Person, store: string, upto: number): Promise<void> {
  const id = await storeId(person, store);
  await env.DB.batch([
    env.DB.prepare("UPDATE events SET expires_at = 1 WHERE store_id = ?1 AND seq <= ?2").bind(
      id,
      upto,
    ),
    env.DB.prepare("UPDATE stores SET due_at = 0 WHERE id = ?1").bind(id),
  ]);
}
