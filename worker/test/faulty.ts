export type When = "before" | "after";

/** Messages as D1 sends them. */
export const messages = [
  "D1_ERROR: Network connection lost.",
  "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
  "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
  "Network connection lost.",
  "D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.",
];

/**
 * The database, failing at the call number `at` (from 0): before it takes effect, or after, so that the answer is lost.
 * Every way to run a statement counts as a call.
 */
export function faulty(
  db: D1Database,
  at: number,
  when: When,
  message = messages[0],
): FaultyDatabase {
  let calls = 0;
  let hit = false;
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    const fails = calls++ === at;
    hit ||= fails;
    if (fails && when === "before") {
      throw new Error(message);
    }
    const result = await work();
    if (fails) {
      throw new Error(message);
    }
    return result;
  };
  const real = new WeakMap<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const proxy = new Proxy(statement, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") {
          return value;
        }
        const call = (...values: unknown[]): unknown => Reflect.apply(value, target, values);
        if (name === "bind") {
          return (...values: unknown[]) => wrap(target.bind(...values));
        }
        return (...values: unknown[]) => run(() => Promise.resolve(call(...values)));
      },
    });
    real.set(proxy, statement);
    return proxy;
  };
  const database = new Proxy(db, {
    get(target, name) {
      if (name === "prepare") {
        return (sql: string) => wrap(target.prepare(sql));
      }
      if (name === "batch") {
        return (statements: D1PreparedStatement[]) =>
          run(() => target.batch(statements.map((one) => real.get(one) ?? one)));
      }
      return Reflect.get(target, name) as unknown;
    },
  });
  return { database, wasHit: () => hit };
}

export interface FaultyDatabase {
  readonly database: D1Database;
  readonly wasHit: () => boolean;
}

/** The database, doing `first` before the first batch with a statement that begins with `sql`. */
export function beforeBatch(
  db: D1Database,
  sql: string,
  first: () => Promise<unknown>,
): D1Database {
  let done = false;
  const prepared = new WeakSet<object>();
  const note = (statement: D1PreparedStatement): D1PreparedStatement => {
    prepared.add(statement);
    const bind = statement.bind.bind(statement);
    statement.bind = (...values: unknown[]) => note(bind(...values));
    return statement;
  };
  return new Proxy(db, {
    get(target, name) {
      if (name === "prepare") {
        return (text: string) => {
          const statement = target.prepare(text);
          return text.trimStart().startsWith(sql) ? note(statement) : statement;
        };
      }
      if (name === "batch") {
        return async (statements: D1PreparedStatement[]) => {
          if (!done && statements.some((one) => prepared.has(one))) {
            done = true;
            await first();
          }
          return target.batch(statements);
        };
      }
      return Reflect.get(target, name) as unknown;
    },
  });
}
