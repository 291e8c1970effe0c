import { fields } from "@gitblobs/protocol";
import * as v from "valibot";
import { RelayError } from "../http/problem.ts";
import { sessionRoute, type Route } from "../http/route.ts";
import { findStore, listStores } from "../sync/store-table.ts";
import { eraseStore } from "./door.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Answer of `GET /stores`. */
const storeList = v.object({
  stores: v.array(
    v.object({
      name: fields.store,
      head: count,
      objects: count,
      bytes: count,
      created_at: count,
    }),
  ),
});

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
      input: { params: v.strictObject({ name: fields.store }) },
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
