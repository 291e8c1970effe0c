import type { Env } from "../env.ts";
import { RelayError } from "../http/problem.ts";
import { readSettings } from "../sync/settings.ts";
import { insertStore, type StoreRow } from "../sync/store-table.ts";
import type { World } from "../world.ts";
import { storeRemoved } from "./access.ts";
import { admissionHeader, type Admission } from "./admission.ts";
import { newEpoch } from "./epoch.ts";
import { randomId } from "./hub.ts";

/** The hub of a store, named by the store's id alone: a name a user chose never reaches it. */
export function hubOf(env: Env, storeId: number) {
  return env.HUB.get(env.HUB.idFromName(`store:${storeId}`));
}

/** Hands something the Worker has checked to the store's hub. */
export async function askHub(
  env: Env,
  admission: Admission,
  init: RequestInit = {},
): Promise<Response> {
  const headers = {
    ...Object.fromEntries(new Headers(init.headers)),
    [admissionHeader]: encodeURIComponent(JSON.stringify(admission)),
  };
  const response = await hubOf(env, admission.storeId).fetch("https://hub/", { ...init, headers });
  // It was there a moment ago, when it was looked up.
  if (response.status === 404) throw storeRemoved();
  return response;
}

/**
 * Makes a store of that name for the user; where there is one, that is the answer, with `made: false`.
 *
 * @throws RelayError `too_many_stores`
 */
export async function makeStore(
  env: Env,
  world: World,
  userId: string,
  name: string,
): Promise<StoreRow & { readonly made: boolean }> {
  const { quotaStores } = readSettings(env);
  const random = (bytes: number) => world.random(bytes);
  const store = { id: randomId(random), userId, name, epoch: newEpoch(random), now: world.now() };
  const there = await insertStore(env.DB, store, quotaStores);
  if (there !== null) return { ...there, made: there.id === store.id };
  throw new RelayError("too_many_stores", { detail: `At most ${quotaStores} stores; remove one.` });
}
