import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../src/env.ts";
import { hubOf } from "../src/relay/hub-address.ts";

/** A call of the database whose answer a test holds back. */
export interface Held {
  /** Settles when the call was made and done; its answer waits. */
  reached(): Promise<void>;
  /** Lets the answer go. */
  release(): void;
}

/** The database as one hub sees it: it fails and lingers as a test wants. */
export interface HubDatabase {
  /** Calls that fail before anything is done. */
  before: number;
  /** Calls that are done and then fail. */
  after: number;
  /** Holds back the answer to the next call one of whose statements contains the text, or the call itself. */
  hold(text: string, what?: "answer" | "call"): Held;
  /** So many calls one of whose statements contains the text fail before anything is done. */
  fail(text: string, times: number): void;
  /** Every statement that was run. */
  readonly statements: string[];
}

interface Hold {
  readonly text: string;
  readonly what: "answer" | "call";
  isReached: boolean;
  isReleased: boolean;
}

/** The hub and the test are different requests, which cannot wait for each other's promises: they look. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await scheduler.wait(1);
}

/** Gives a hub, before its first socket, a database that does what the test wants: `batch`, `all`, `run` and `first`. */
export async function replaceDatabase(id: number): Promise<HubDatabase> {
  const holds = new Set<Hold>();
  const failures: string[] = [];
  const control: HubDatabase = {
    before: 0,
    after: 0,
    statements: [],
    fail(text, times) {
      for (let n = 0; n < times; n++) failures.push(text);
    },
    hold(text, what = "answer") {
      const hold: Hold = { text, what, isReached: false, isReleased: false };
      holds.add(hold);
      return {
        reached: () => until(() => hold.isReached),
        release: () => {
          hold.isReleased = true;
        },
      };
    },
  };
  const lingerOn = async (sql: readonly string[], what: Hold["what"]) => {
    const held = [...holds].find((one) => one.what === what && mentions(sql, one.text));
    if (held === undefined) return;
    holds.delete(held);
    held.isReached = true;
    await until(() => held.isReleased);
  };
  const around = async <T>(sql: readonly string[], work: () => Promise<T>): Promise<T> => {
    control.statements.push(...sql);
    await lingerOn(sql, "call");
    const failure = failures.findIndex((text) => mentions(sql, text));
    if (failure >= 0) {
      failures.splice(failure, 1);
      throw new Error("D1_ERROR: Network connection lost.");
    }
    if (control.before > 0) {
      control.before -= 1;
      throw new Error("D1_ERROR: Network connection lost.");
    }
    const result = await work();
    if (control.after > 0) {
      control.after -= 1;
      throw new Error("D1_ERROR: Network connection lost.");
    }
    await lingerOn(sql, "answer");
    return result;
  };
  await replaceBindings(id, { DB: interposed(env.DB, around) });
  return control;
}

const mentions = (sql: readonly string[], text: string): boolean =>
  sql.some((one) => one.includes(text));

/** Gives a hub, before its first socket, other bindings. */
export async function replaceBindings(id: number, bindings: Partial<Env>): Promise<void> {
  await runInDurableObject(hubOf(env, id), (instance) => {
    Object.defineProperty(instance, "env", { value: { ...env, ...bindings } });
  });
}

type Around = <T>(sql: readonly string[], work: () => Promise<T>) => Promise<T>;

/** A database each call of which goes through `around`. */
function interposed(db: D1Database, around: Around): D1Database {
  const real = new WeakMap<
    object,
    { readonly sql: string; readonly statement: D1PreparedStatement }
  >();
  const wrap = (sql: string, statement: D1PreparedStatement): D1PreparedStatement => {
    const proxy = new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => wrap(sql, target.bind(...values));
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...values: unknown[]) =>
          around([sql], () => Promise.resolve(Reflect.apply(value, target, values) as unknown));
      },
    });
    real.set(proxy, { sql, statement });
    return proxy;
  };
  return new Proxy(db, {
    get(target, name): unknown {
      if (name === "prepare") return (sql: string) => wrap(sql, target.prepare(sql));
      if (name !== "batch") return undefined;
      return (statements: D1PreparedStatement[]) => {
        const all = statements.map((one) => real.get(one) ?? { sql: "", statement: one });
        return around(
          all.map(({ sql }) => sql),
          () => target.batch(all.map(({ statement }) => statement)),
        );
      };
    },
  });
}
