/** Calls of Cloudflare's own client; what each answers is checked against the client's type. */
import { createHash } from "node:crypto";
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
  const script = "conforming";
  const database = await databases(client, check, account_id);
  await check("script put", upload(client, account_id, script, database));
  await scripts(client, check, account_id, script);
  await versions(client, check, account_id, script);
  await secretsAndTriggers(client, check, account_id, script);
  await zone(client, check, account_id, zone_id, script);
  await documents(client, check, account_id, zone_id);
  await access(client, check, account_id);
  await check("script delete", client.workers.scripts.delete(script, { account_id }));
  await check("d1 delete", client.d1.database.delete(database, { account_id }));
}

async function databases(client: Cloudflare, check: Check, account_id: string): Promise<string> {
  const { d1 } = client;
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
  await check("d1 export", d1.database.export(id, { account_id, output_format: "polling" }));
  const sql = "CREATE TABLE t (a);";
  const etag = createHash("md5").update(sql).digest("hex");
  const begun = await check(
    "d1 import init",
    d1.database.import(id, { account_id, action: "init", etag }),
  );
  await fetch(begun.upload_url ?? "", { method: "PUT", body: sql });
  const filename = begun.filename ?? "";
  await check(
    "d1 import ingest",
    d1.database.import(id, { account_id, action: "ingest", etag, filename }),
  );
  const { bookmark = "" } = await check(
    "d1 bookmark",
    d1.database.timeTravel.getBookmark(id, { account_id }),
  );
  await check("d1 restore", d1.database.timeTravel.restore(id, { account_id, bookmark }));
  return id;
}

async function scripts(
  { workers }: Cloudflare,
  check: Check,
  account_id: string,
  script: string,
): Promise<void> {
  await check("script list", first(workers.scripts.list({ account_id })));
  await check(
    "script settings",
    workers.scripts.scriptAndVersionSettings.get(script, { account_id }),
  );
  await check("script own settings", workers.scripts.settings.get(script, { account_id }));
  const content = await workers.scripts.content.get(script, { account_id });
  if (!(await content.text()).includes("class Hub")) throw new Error("the content is another");
}

async function versions(
  { workers }: Cloudflare,
  check: Check,
  account_id: string,
  script: string,
): Promise<void> {
  const listed = await check(
    "versions list",
    first(workers.scripts.versions.list(script, { account_id })),
  );
  const version = listed.id ?? "";
  await check(
    "version get",
    workers.scripts.versions.get(version, { account_id, script_name: script }),
  );
  const deployment = await check(
    "deployment create",
    workers.scripts.deployments.create(script, {
      account_id,
      strategy: "percentage",
      versions: [{ version_id: version, percentage: 100 }],
    }),
  );
  await check(
    "deployment get",
    workers.scripts.deployments.get(deployment.id, { account_id, script_name: script }),
  );
}

async function secretsAndTriggers(
  { workers }: Cloudflare,
  check: Check,
  account_id: string,
  script: string,
): Promise<void> {
  const { scripts } = workers;
  const secret = { name: "S", text: "s", type: "secret_text" } as const;
  await check("secret put", scripts.secrets.update(script, { account_id, ...secret }));
  await check("secrets list", first(scripts.secrets.list(script, { account_id })));
  await check(
    "secrets bulk",
    scripts.secrets.bulkUpdate(script, {
      account_id,
      secrets: { S: null, T: { ...secret, name: "T" } },
    }),
  );
  await check(
    "schedules put",
    scripts.schedules.update(script, { account_id, body: [{ cron: "17 * * * *" }] }),
  );
  await check("schedules get", scripts.schedules.get(script, { account_id }));
  await check(
    "subdomain post",
    scripts.subdomain.create(script, { account_id, enabled: true, previews_enabled: false }),
  );
  await check("subdomain get", scripts.subdomain.get(script, { account_id }));
  await check("tail create", scripts.tail.create(script, { account_id }));
}

async function zone(
  { workers, zones }: Cloudflare,
  check: Check,
  account_id: string,
  zone_id: string,
  script: string,
): Promise<void> {
  const route = await check(
    "route create",
    workers.routes.create({ zone_id, pattern: "conforming.relay.test/*", script }),
  );
  await check("route get", workers.routes.get(route.id, { zone_id }));
  await check("routes list", first(workers.routes.list({ zone_id })));
  await check("route delete", workers.routes.delete(route.id, { zone_id }));
  const hostname = "conforming.relay.test";
  const domain = await check(
    "domain put",
    workers.domains.update({ account_id, hostname, service: script, zone_id }),
  );
  const { id } = domain;
  await check("domain get", workers.domains.get(id, { account_id }));
  await check("domains list", first(workers.domains.list({ account_id })));
  await workers.domains.delete(id, { account_id });
  await check("zone get", zones.get({ zone_id }));
  await check("zones list", first(zones.list({ name: "relay.test" })));
  await check("zone setting", zones.settings.edit("always_use_https", { zone_id, value: "on" }));
  await check("zone setting get", zones.settings.get("min_tls_version", { zone_id }));
}

/** What is kept and told, and has no effect here. */
async function documents(
  { rulesets, logpush, alerting }: Cloudflare,
  check: Check,
  account_id: string,
  zone_id: string,
): Promise<void> {
  // The client's own type of what is created says nothing, unlike that of what is listed.
  await rulesets.create({ zone_id, kind: "zone", name: "c", phase: "http_ratelimit", rules: [] });
  const ruleset = await check("rulesets list", first(rulesets.list({ zone_id })));
  await check("ruleset get", rulesets.get(ruleset.id, { zone_id }));
  await rulesets.delete(ruleset.id, { zone_id });
  const job = await check(
    "logpush create",
    logpush.jobs.create({
      account_id,
      destination_conf: "r2://x",
      dataset: "workers_trace_events",
    }),
  );
  await check("logpush get", logpush.jobs.get(job?.id ?? 0, { account_id }));
  await check("logpush list", first(logpush.jobs.list({ account_id })));
  await check("logpush delete", logpush.jobs.delete(job?.id ?? 0, { account_id }));
  const policy = await check(
    "policy create",
    alerting.policies.create({
      account_id,
      name: "c",
      alert_type: "incident_alert",
      enabled: true,
      mechanisms: { email: [{ id: "a@b.example" }] },
    }),
  );
  await check("policy get", alerting.policies.get(policy.id ?? "", { account_id }));
  await check("policies list", first(alerting.policies.list({ account_id })));
}

async function access(
  { accounts, memberships }: Cloudflare,
  check: Check,
  account_id: string,
): Promise<void> {
  await check("accounts list", first(accounts.list()));
  await check("account get", accounts.get({ account_id }));
  await check("memberships list", first(memberships.list()));
  const group = await check(
    "permission groups",
    first(accounts.tokens.permissionGroups.list({ account_id })),
  );
  const token = await check(
    "token create",
    accounts.tokens.create({
      account_id,
      name: "c",
      policies: [
        {
          effect: "allow",
          permission_groups: [{ id: group.id ?? "" }],
          resources: { [`com.cloudflare.api.account.${account_id}`]: "*" },
        },
      ],
    }),
  );
  await check("token get", accounts.tokens.get(token.id ?? "", { account_id }));
  await check("tokens list", first(accounts.tokens.list({ account_id })));
  await check("token verify", accounts.tokens.verify({ account_id }));
  await check("token delete", accounts.tokens.delete(token.id ?? "", { account_id }));
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
