/**
 * From now on every handler and method of the Worker is an invocation with `limit` queries; `onAsked` gets how many it
 * has asked so far, whenever it asks.
 */
export function limitQueries(
  worker: object,
  limit: number,
  onAsked?: (queries: number) => void,
): void;

/** Makes each handler or method an invocation: of objects with handlers, and of classes with events; others have none. */
export function enter(exported: object): void;
