import type { Env } from "../env.ts";
import { RelayError } from "../http/problem.ts";
import { readSettings } from "../sync/settings.ts";
import { findStore, makeStore, type StoreRow } from "../sync/store-table.ts";
import type { World } from "../world.ts";
import { admissionHeader, type Admission } from "./admission.ts";
import { newEpoch } from "./epoch.ts";

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
  if (response.status === 404) throw new RelayError("not_found");
  return response;
}

/**
 * The user's store of that name; made if there is none.
 *
 * @throws RelayError `too_many_stores`
 */
export async function openStore(
  env: Env,
  world: World,
  userId: string,
  name: string,
): Promise<StoreRow> {
  const found = await findStore(env.DB, userId, name);
  if (found !== null) return found;
  const { quotaStores } = readSettings(env);
  const random = (bytes: number) => world.random(bytes);
  const store = { id: randomId(random), userId, name, epoch: newEpoch(random), now: world.now() };
  const made = await makeStore(env.DB, store, quotaStores);
  if (made === null) {
    throw new RelayError("too_many_stores", {
      detail: `At most ${quotaStores} stores; remove one.`,
    });
  }
  return made;
}

/** 52 random bits: exact in JavaScript and never used again. */
function randomId(random: (bytes: number) => Uint8Array): number {
  const bytes = random(7);
  return bytes.reduce((id, byte, i) => id * 256 + (i === 0 ? byte & 0x0f : byte), 0) + 1;
}
