import type { RelayDoor } from "../auth/relay-door.ts";
import type { Env } from "../env.ts";
import {
  listStoreIds,
  removeStore,
  staleSocketsMs,
  storesWithSockets,
} from "../sync/store-table.ts";
import { hubOf } from "./hub-address.ts";

/** Hubs asked for at a time: one query each time, of the thousand an invocation has. */
const hubsAtOnce = 250;

/** The relay's side of ending sessions and users: it asks every hub of the user's stores. */
export const relayDoor: RelayDoor = {
  async closeSockets(env, owner) {
    const ids = await listStoreIds(env.DB, owner.userId);
    await Promise.all(ids.map((id) => hubOf(env, id).closeSockets(owner)));
  },
  async closeEverySocket(env, now) {
    let failed = 0;
    let page: readonly number[] = [];
    do {
      page = await storesWithSockets(env.DB, page.at(-1) ?? 0, now - staleSocketsMs, hubsAtOnce);
      const closing = page.map((id) => hubOf(env, id).closeSockets({ code: 4401 }));
      const results = await Promise.allSettled(closing);
      failed += results.filter(({ status }) => status === "rejected").length;
    } while (page.length === hubsAtOnce);
    return failed;
  },
  async eraseUserData(env, userId) {
    for (const id of await listStoreIds(env.DB, userId)) await eraseStore(env, id);
  },
};

/**
 * Removes a store: first the sockets, then the data, then once more what a socket wrote in between. Its owner's devices
 * are told so until then.
 */
export async function eraseStore(env: Env, id: number, rememberedUntil?: number): Promise<void> {
  await hubOf(env, id).forget();
  await removeStore(env.DB, id, rememberedUntil);
  await hubOf(env, id).forget();
}
