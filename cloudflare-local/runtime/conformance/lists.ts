/** Walks every list to its end, as a program does that wants all of it. */
import type Cloudflare from "cloudflare";

/** More than any list has here: an iterator that comes so far never ends. */
const endless = 200;

/** Makes lists of several pages, walks them, and tells those that are not told once and whole. */
export async function lists(
  client: Cloudflare,
  account_id: string,
  zone_id: string,
): Promise<string[]> {
  const { d1, kv, workers, logpush } = client;
  const names = ["list_a", "list_b", "list_c"];
  await upload(client, account_id, "listed");
  for (const name of names) {
    await d1.database.create({ account_id, name });
    await kv.namespaces.create({ account_id, title: name });
    await logpush.jobs.create({ account_id, destination_conf: `r2://${name}` });
  }
  const secret = (name: string) => ({ name, text: name, type: "secret_text" }) as const;
  for (const secrets of [{ A: secret("A") }, { B: secret("B"), C: secret("C") }]) {
    await workers.scripts.secrets.bulkUpdate("listed", { account_id, secrets });
  }
  const body = names.map((name) => `${name.replace("_", "-")}.relay.test/*`);
  await client.put(`/accounts/${account_id}/workers/scripts/listed/routes`, { body });
  const faults: string[] = [];
  const walk = async (
    list: string,
    items: AsyncIterable<unknown>,
    least: number,
  ): Promise<void> => {
    const seen = new Set<string>();
    let count = 0;
    for await (const item of items) {
      seen.add(JSON.stringify(item));
      count += 1;
      if (count > endless) break;
    }
    if (count !== seen.size || count < least)
      faults.push(`${list}: ${count} told, ${seen.size} are different`);
  };
  const two = { account_id, per_page: 2 };
  await walk("d1 databases", d1.database.list(two), 3);
  await walk("kv namespaces", kv.namespaces.list(two), 3);
  await walk("kv by title", kv.namespaces.list({ ...two, order: "title", direction: "desc" }), 3);
  await walk("versions", workers.scripts.versions.list("listed", two), 3);
  await walk("deployments", workers.scripts.deployments.list("listed", { account_id }), 0);
  await walk("scripts", workers.scripts.list({ account_id }), 1);
  await walk("secrets", workers.scripts.secrets.list("listed", { account_id }), 3);
  await walk("routes", workers.routes.list({ zone_id }), 3);
  await walk("domains", workers.domains.list({ account_id }), 0);
  await walk("namespaces", client.durableObjects.namespaces.list({ account_id }), 0);
  await walk("rulesets", client.rulesets.list({ zone_id, per_page: 1 }), 0);
  await walk("logpush jobs", logpush.jobs.list({ account_id }), 3);
  await walk("policies", client.alerting.policies.list({ account_id }), 0);
  await walk("webhooks", client.alerting.destinations.webhooks.list({ account_id }), 0);
  await walk("tokens", client.accounts.tokens.list({ ...two }), 0);
  await walk("groups", client.accounts.tokens.permissionGroups.list({ account_id }), 3);
  await walk("zones", client.zones.list({ per_page: 5 }), 1);
  await walk("accounts", client.accounts.list({ per_page: 5 }), 1);
  await walk("memberships", client.memberships.list({ per_page: 5 }), 1);
  return faults;
}

async function upload(client: Cloudflare, account_id: string, script: string): Promise<void> {
  const body = new FormData();
  const type = "application/javascript+module";
  body.append("m.mjs", new File(["export default {}"], "m.mjs", { type }));
  body.append(
    "metadata",
    new Blob(['{"main_module":"m.mjs","keep_bindings":["secret_text"]}'], {
      type: "application/json",
    }),
  );
  await client.put(`/accounts/${account_id}/workers/scripts/${script}`, { body });
}
