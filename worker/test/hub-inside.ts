import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../src/env.ts";
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
  await evictDurableObject(hubOf(env, await storeId(person, store)), { webSockets: "hibernate" });
}

/** Runs the hub's alarm now. */
export async function ring(person: Person, store: string): Promise<boolean> {
  return runDurableObjectAlarm(hubOf(env, await storeId(person, store)));
}

/** How a faulty database behaves at its next batches. */
export interface Faults {
  /** Batches that fail before anything is done. */
  before: number;
  /** Batches that are committed and then fail. */
  after: number;
}

/** Gives a hub, before its first socket, a database that fails as told. */
export async function breakDatabase(id: number): Promise<Faults> {
  const faults: Faults = { before: 0, after: 0 };
  const DB: D1Database = new Proxy(env.DB, {
    get(target, name): unknown {
      if (name === "batch")
        return (statements: D1PreparedStatement[]) => failing(faults, statements);
      return name === "prepare" ? (sql: string) => target.prepare(sql) : undefined;
    },
  });
  await replaceBindings(id, { DB });
  return faults;
}

/** Gives a hub, before its first socket, other bindings. */
export async function replaceBindings(id: number, bindings: Partial<Env>): Promise<void> {
  await runInDurableObject(hubOf(env, id), (instance) => {
    Object.defineProperty(instance, "env", { value: { ...env, ...bindings } });
  });
}

async function failing(faults: Faults, statements: D1PreparedStatement[]): Promise<D1Result[]> {
  if (faults.before > 0) {
    faults.before -= 1;
    throw new Error("D1_ERROR: Network connection lost.");
  }
  const results = await env.DB.batch(statements);
  if (faults.after > 0) {
    faults.after -= 1;
    throw new Error("D1_ERROR: Network connection lost.");
  }
  return results;
}
