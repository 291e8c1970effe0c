/** Calls of Cloudflare's own client; what each answers is checked against the client's type. */
import type Cloudflare from "cloudflare";

export type Check = <T>(name: string, answer: PromiseLike<T>) => Promise<T>;

const source = `
  import { DurableObject } from "cloudflare:workers";
  export class Hub extends DurableObject {}
  export default { fetch: () => new Response("hi") };
`;

export async function calls(
  client: Cloudflare,
  check: Check,
  account_id: string,
  zone_id: string,
): Promise<void> {
  const { d1, workers } = client;
  const script = "conforming";

  const database = await check(
    "d1 create",
    d1.database.create({ account_id, name: "conforming", read_replication: { mode: "disabled" } }),
  );
  const id = database.uuid ?? "";
  await check("d1 get", d1.database.get(id, { account_id }));
  await check(
    "d1 update",
    d1.database.update(id, { account_id, read_replication: { mode: "auto" } }),
  );
  await check("d1 list", first(d1.database.list({ account_id })));
  await check("d1 query", first(d1.database.query(id, { account_id, sql: "SELECT 1 AS one" })));
  await check("d1 raw", first(d1.database.raw(id, { account_id, sql: "SELECT 1 AS one" })));
  await check("d1 bookmark", d1.database.timeTravel.getBookmark(id, { account_id }));

  await check("script put", upload(client, account_id, script, id));
  await check("script list", first(workers.scripts.list({ account_id })));
  await check(
    "script settings",
    workers.scripts.scriptAndVersionSettings.get(script, { account_id }),
  );
  await check("script own settings", workers.scripts.settings.get(script, { account_id }));
  const listed = await check(
    "versions list",
    first(workers.scripts.versions.list(script, { account_id })),
  );
  const version = listed.id ?? "";
  await check(
    "version get",
    workers.scripts.versions.get(version, { account_id, script_name: script }),
  );
  await check(
    "deployment create",
    workers.scripts.deployments.create(script, {
      account_id,
      strategy: "percentage",
      versions: [{ version_id: version, percentage: 100 }],
    }),
  );
  await check(
    "secret put",
    workers.scripts.secrets.update(script, {
      account_id,
      name: "S",
      text: "s",
      type: "secret_text",
    }),
  );
  await check("secrets list", first(workers.scripts.secrets.list(script, { account_id })));
  await check(
    "schedules put",
    workers.scripts.schedules.update(script, { account_id, body: [{ cron: "17 * * * *" }] }),
  );
  await check("schedules get", workers.scripts.schedules.get(script, { account_id }));
  await check(
    "subdomain post",
    workers.scripts.subdomain.create(script, {
      account_id,
      enabled: true,
      previews_enabled: false,
    }),
  );
  await check("subdomain get", workers.scripts.subdomain.get(script, { account_id }));
  await check("tail create", workers.scripts.tail.create(script, { account_id }));

  const route = await check(
    "route create",
    workers.routes.create({ zone_id, pattern: "conforming.relay.test/*", script }),
  );
  await check("route get", workers.routes.get(route.id, { zone_id }));
  await check("routes list", first(workers.routes.list({ zone_id })));
  await check("zone get", client.zones.get({ zone_id }));
  await check(
    "zone setting",
    client.zones.settings.edit("always_use_https", { zone_id, value: "on" }),
  );
}

/** The first of a page. */
async function first<T>(page: PromiseLike<{ getPaginatedItems: () => T[] }>): Promise<T> {
  const [item] = (await page).getPaginatedItems();
  if (item === undefined) throw new Error("the page is empty");
  return item;
}

/** The client flattens the metadata into form fields, which is not what the API documents. */
async function upload(
  client: Cloudflare,
  account_id: string,
  script: string,
  database_id: string,
): Promise<Cloudflare.Workers.ScriptUpdateResponse> {
  const metadata = {
    main_module: "worker.mjs",
    compatibility_date: "2026-11-01",
    bindings: [
      { type: "d1", name: "DB", database_id },
      { type: "plain_text", name: "PLAIN", text: "p" },
      { type: "durable_object_namespace", name: "HUB", class_name: "Hub" },
    ],
    migrations: { new_tag: "v1", new_sqlite_classes: ["Hub"] },
    observability: { enabled: true, head_sampling_rate: 1 },
  };
  const body = new FormData();
  const type = "application/javascript+module";
  body.append("worker.mjs", new File([source], "worker.mjs", { type }));
  body.append("metadata", new Blob([JSON.stringify(metadata)], { type: "application/json" }));
  const path = `/accounts/${account_id}/workers/scripts/${script}`;
  const { result } = await client.put<{ result: Cloudflare.Workers.ScriptUpdateResponse }>(path, {
    body,
  });
  return result;
}
