import { env } from "cloudflare:workers";
import { objectsIn, type EventItem, type Key } from "@gitblobs/protocol";
import { expect } from "vitest";
import type { Person } from "./device.ts";
import { storeId } from "./hub-inside.ts";
import type { Client } from "./relay-model.ts";

const essence = (e: EventItem) => [
  e.seq,
  e.kind,
  e.by,
  e.device,
  e.mid,
  e.kind === "push" ? [e.ref, e.old, e.new] : e.body,
];

/** What must hold of one store when everybody has caught up. */
export async function checkStore(
  clients: readonly Client[],
  person: Person,
  store: string,
): Promise<void> {
  const [first] = clients;
  if (first === undefined) return;
  const { events } = first;
  for (const client of clients) {
    expect(client.events.map(essence)).toEqual(events.map(essence));
    for (const [mid, seq] of client.acked) {
      expect(events[seq - 1]).toMatchObject({ mid, device: client.name });
    }
  }
  expect(new Set(events.map((event) => `${event.device} ${event.mid}`)).size).toBe(events.length);
  let head: string | null = null;
  for (const event of events) {
    if (event.kind !== "push") continue;
    expect(event.old).toBe(head);
    head = event.new;
  }
  const id = await storeId(person, store);
  const row = await env.DB.prepare(
    `SELECT (SELECT hash FROM refs WHERE store_id = ?1) AS head, u.bytes, u.objects,
       (SELECT coalesce(sum(bytes), 0) FROM sync_data WHERE owner_id = ?2)
         + (SELECT coalesce(sum(256 + coalesce(length(CAST(body AS BLOB)), 0) + coalesce(length(list), 0)), 0)
            FROM events WHERE owner_id = ?2) AS rowBytes,
       (SELECT coalesce(sum(objects), 0) FROM sync_data WHERE owner_id = ?2) AS rowObjects
     FROM usage AS u WHERE u.owner_id = ?2`,
  )
    .bind(id, person.user.id)
    .first();
  expect(row).toMatchObject({ head, bytes: row?.["rowBytes"], objects: row?.["rowObjects"] });
}

/** Every acknowledged object can be fetched by anybody of the store, unless it has expired; then by nobody. */
export async function checkObjects(client: Client): Promise<void> {
  const device = await client.online();
  const keys = client.events.flatMap((event): Key[] =>
    event.kind === "push" && event.new !== null ? [["blob", event.new]] : [],
  );
  for (let at = 0; at < keys.length; at += 1_000) {
    const objects = keys.slice(at, at + 1_000);
    const isExpired = ([, hash]: Key) => client.expired.has(hash);
    device.send({ op: "get", id: 888_888, objects });
    const gone = objects.filter(isExpired);
    expect(await device.answer(888_888)).toMatchObject({ op: "done", gone });
    const got = device.inbox.splice(0).flatMap((op) => {
      if (op.op === "objects") return objectsIn(op).map(({ hash }) => hash);
      return op.op === "part" && op.offset === 0 ? [op.hash] : [];
    });
    const rest = objects.filter((key) => !isExpired(key)).map(([, hash]) => hash);
    expect(got.toSorted()).toEqual(rest.toSorted());
  }
}
