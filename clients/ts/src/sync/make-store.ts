import * as v from "valibot";
import type { Answer } from "./http.ts";
import type { Login } from "./login.ts";

const madeSchema = v.object({ id: v.number(), epoch: v.string(), made: v.boolean() });

/** A store of the relay, as {@link makeStore} tells of it. */
export interface MadeStore {
  /** Names this store for good; its name may be another's once it was removed. */
  readonly id: number;
  readonly epoch: string;
  /** False: there was a store of that name already. */
  readonly made: boolean;
}

/**
 * Makes a store of that name, or tells of the one that is there. Nothing else makes one: a sync with a name that is not
 * there stops with `no_store`.
 *
 * @example
 * ```ts
 * const answer = await makeStore(login, "notes");
 * if (!answer.ok) throw new Error(answer.problem.message); // too_many_stores, ...
 * ```
 */
export function makeStore(login: Login, name: string): Promise<Answer<MadeStore>> {
  return login.request({ method: "POST", path: "/stores", body: { name }, schema: madeSchema });
}
