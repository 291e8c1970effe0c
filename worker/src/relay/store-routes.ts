import { sessionRoute, type Route } from "../http/route.ts";
import { madeView, makeBody, storeList, storeParams, storeQuery } from "../schemas/stores.ts";
import { listStores } from "../sync/store-table.ts";
import { access } from "./access.ts";
import { eraseStore } from "./door.ts";
import { makeStore } from "./hub-address.ts";

/** How long the devices of a removed store are told so. */
const rememberedMs = 365 * 24 * 60 * 60 * 1000;

/** `GET /stores`, `POST /stores` and `DELETE /stores/:name`. */
export const storeRoutes: readonly Route[] = [
  sessionRoute(
    {
      method: "GET",
      path: "/stores",
      summary: "Your stores and what they hold",
      input: {},
      success: { status: 200, description: "Stores by name", schema: storeList },
    },
    async ({ env, session, world }) => {
      const rows = await listStores(env.DB, session.userId, world.now());
      const stores = rows.map(({ kept_until, ...store }) =>
        kept_until === null ? store : { ...store, kept_until },
      );
      return { status: 200, body: { stores } };
    },
  ),
  sessionRoute(
    {
      method: "POST",
      path: "/stores",
      summary: "Make a store, or learn that you have one of that name (PROTOCOL.md 2.1)",
      input: { body: makeBody },
      success: { status: 200, description: "The store", schema: madeView },
      problems: ["too_many_stores"],
    },
    async ({ env, world, session, body, note }) => {
      const { id, name, epoch, made } = await makeStore(env, world, session.userId, body.name);
      note({ store: id });
      return { status: 200, body: { id, name, epoch, made } };
    },
  ),
  sessionRoute(
    {
      method: "DELETE",
      path: "/stores/:name",
      summary: "Remove a store with all it holds; its sockets close",
      input: { params: storeParams, query: storeQuery },
      success: { status: 204, description: "Removed" },
      problems: ["no_store", "store_removed"],
    },
    async ({ env, world, session, params, query, note }) => {
      const named = { name: params.name, id: query.id };
      const { store } = await access(env, world, session.userId, named, "remove");
      note({ store: store.id });
      await eraseStore(env, store.id, world.now() + rememberedMs);
      return { status: 204 };
    },
  ),
];
