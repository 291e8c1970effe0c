import { AsyncLocalStorage } from "node:async_hooks";
import { env } from "cloudflare:workers";

/**
 * Counts the D1 queries of each invocation of a Worker, and refuses those beyond production's limit. It lies beside an
 * uploaded script, whose main module is loaded by one that calls this first.
 */
const invocation = new AsyncLocalStorage();
const lifecycle = new Set(["constructor", "__proto__"]);
/** The most queries that one invocation asked since the script was started. */
let most = 0;

/**
 * From now on every handler and method of the Worker is an invocation with `limit` queries; `onAsked` gets how many it
 * has asked so far, whenever it asks.
 */
export function limitQueries(worker, limit, onAsked = () => undefined) {
  const database = Object.values(env).find(
    (binding) => binding?.constructor?.name === "D1Database",
  );
  if (database === undefined) return;
  const statement = Object.getPrototypeOf(database.prepare("SELECT 1"));
  for (const name of ["run", "all", "raw", "first"])
    count(statement, name, limit, () => 1, onAsked);
  for (const target of [database, database.withSession()].map(Object.getPrototypeOf)) {
    count(target, "batch", limit, (statements) => statements.length, onAsked);
    count(target, "exec", limit, () => 1, onAsked);
  }
  for (const exported of Object.values(worker)) enter(exported);
}

/** Answers requests that carry the secret of cloudflare-local with the most queries seen; the script gets all others. */
export function tellMost(worker, secret) {
  const target = typeof worker.default === "function" ? worker.default.prototype : worker.default;
  const original = target?.fetch;
  if (typeof original !== "function") return;
  const fetch = function (request, ...rest) {
    return request.headers.get("x-runtime-secret") === secret
      ? Response.json({ most })
      : original.call(this, request, ...rest);
  };
  const { value, ...rest } = Object.getOwnPropertyDescriptor(target, "fetch") ?? {};
  if (value !== undefined) Reflect.defineProperty(target, "fetch", { ...rest, value: fetch });
}

// A method that is made of another one counts once.
let isInside = false;

function count(target, name, limit, queriesOf, onAsked) {
  const original = target[name];
  if (original === undefined) return;
  target[name] = function (...args) {
    const asked = isInside ? undefined : invocation.getStore();
    if (asked !== undefined) {
      asked.queries += queriesOf(...args);
      most = Math.max(most, asked.queries);
      onAsked(asked.queries);
      if (asked.queries > limit)
        return Promise.reject(
          new Error("D1_ERROR: Too many API requests by single Worker invocation."),
        );
    }
    const before = isInside;
    isInside = true;
    try {
      return original.apply(this, args);
    } finally {
      isInside = before;
    }
  };
}

/** Makes each handler or method an invocation: of objects with handlers, and of classes with events; others have none. */
export function enter(exported) {
  const isClass = typeof exported === "function";
  if (!isClass && (typeof exported !== "object" || exported === null)) return;
  let target = isClass ? exported.prototype : exported;
  while (target && target !== Object.prototype && !isBuiltIn(target)) {
    for (const name of Object.getOwnPropertyNames(target)) wrap(target, name);
    target = Object.getPrototypeOf(target);
  }
}

const isBuiltIn = ({ constructor }) =>
  /\[native code\]/.test(Function.prototype.toString.call(constructor)) && constructor !== Object;

function wrap(target, name) {
  const { value, ...rest } = Object.getOwnPropertyDescriptor(target, name);
  if (typeof value !== "function" || lifecycle.has(name)) return;
  const wrapped = function (...args) {
    return invocation.getStore() === undefined
      ? invocation.run({ queries: 0 }, () => value.apply(this, args))
      : value.apply(this, args);
  };
  Reflect.defineProperty(target, name, { ...rest, value: wrapped });
}
