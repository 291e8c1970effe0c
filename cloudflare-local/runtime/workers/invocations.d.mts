/**
 * From now on every handler and method of the Worker is an invocation with `limit` queries; `onAsked` gets how many it
 * has asked so far, whenever it asks.
 */
export function limitQueries(
  worker: object,
  limit: number,
  onAsked?: (queries: number) => void,
): void;

/** Answers requests that carry the secret with `{most}`, the most queries of an invocation; the script gets all others. */
export function tellMost(worker: object, secret: string): void;

/** Makes each handler or method an invocation: of objects with handlers, and of classes with events; others have none. */
export function enter(exported: object): void;
