import type { Env } from "../env.ts";
import { RelayError } from "../http/problem.ts";
import { findStore, wasRemoved, type StoreRow } from "../sync/store-table.ts";
import type { World } from "../world.ts";

/** What somebody wants to do with a store. */
export type Right = "read" | "write" | "remove";

/** What somebody is to a store. */
type Role = "owner";

const rights: Readonly<Record<Role, readonly Right[]>> = { owner: ["read", "write", "remove"] };

/** The store that is meant: its name, and its id where the client knows it. */
export interface NamedStore {
  readonly name: string;
  readonly id?: number | undefined;
}

/** A store that somebody may use: whose it is, and what they are to it. */
export interface Access {
  readonly store: StoreRow;
  readonly ownerId: string;
  readonly role: Role;
}

/**
 * The only door to stores. A name leads to the user's own store of that name; with an id, to that very store or to none.
 * What is somebody else's looks like what is not there.
 *
 * @throws RelayError `no_store`, `store_removed`, or `forbidden` where the role does not have the right
 */
export async function access(
  env: Env,
  world: World,
  userId: string,
  { name, id }: NamedStore,
  right: Right,
): Promise<Access> {
  const store = await findStore(env.DB, userId, name);
  if (store === null || (id !== undefined && store.id !== id)) {
    if (id !== undefined && (await wasRemoved(env.DB, userId, id, world.now()))) {
      throw storeRemoved();
    }
    throw new RelayError("no_store", { detail: "Make it with POST /stores." });
  }
  const role: Role = "owner";
  if (!rights[role].includes(right)) throw new RelayError("forbidden");
  return { store, ownerId: store.owner_id, role };
}

/** What is answered about a store that is no more. */
export const storeRemoved = (): RelayError =>
  new RelayError("store_removed", {
    detail: "Keep the copy without a relay, or make a store anew with POST /stores.",
  });
