import { RelayError } from "../http/problem.ts";
import { sessionRoute, type Route } from "../http/route.ts";
import { storeList, storeParams } from "../schemas/stores.ts";
import { findStore, listStores } from "../sync/store-table.ts";
import { eraseStore } from "./door.ts";

/** `GET /stores` and `DELETE /stores/:name`. */
export const storeRoutes: readonly Route[] = [
  sessionRoute(
    {
      method: "GET",
      path: "/stores",
      summary: "Your stores and what they hold",
      input: {},
      success: { status: 200, description: "Stores by name", schema: storeList },
    },
    async ({ env, session, world }) => ({
      status: 200,
      body: { stores: await listStores(env.DB, session.userId, world.now()) },
    }),
  ),
  sessionRoute(
    {
      method: "DELETE",
      path: "/stores/:name",
      summary: "Remove a store with all it holds; its sockets close",
      input: { params: storeParams },
      success: { status: 204, description: "Removed" },
    },
    async ({ env, session, params }) => {
      const store = await findStore(env.DB, session.userId, params.name);
      if (store === null) throw new RelayError("not_found");
      await eraseStore(env, store.id);
      return { status: 204 };
    },
  ),
];
