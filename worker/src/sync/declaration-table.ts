import { LIMITS, type Party, type SizedKey } from "@gitblobs/protocol";
import { decodeList, encodeList } from "./object-list.ts";
import { unfinishedUntil } from "./settings.ts";

/** Bytes of lists that wait for their pushes in one store: those of four of the largest pushes. */
const maxWaitingBytes = 33_554_432;

/** How a declaration came out. */
export type Declared = "declared" | "too_many" | "full";

/**
 * What pushes consist of, as `have` declared it, until they are published: in the hub's own storage, for nobody else
 * asks for it and half of it is never pushed.
 */
export interface Declarations {
  /** Adds a list to a push; the same list again changes nothing. */
  declare(
    party: Party,
    mid: string,
    digest: string,
    list: readonly SizedKey[],
    now: number,
  ): Declared;
  /** Everything declared under a push. */
  listOf(party: Party, mid: string): readonly SizedKey[];
  /** Forgets a push that was published, or one list of it. */
  drop(party: Party, mid: string, digest?: string): void;
}

const ofPush = "by_id = ?1 AND device = ?2 AND mid = ?3";

/** Opens the declarations in a hub's storage. */
export function openDeclarations(sql: SqlStorage): Declarations {
  sql.exec(
    `CREATE TABLE IF NOT EXISTS declared (by_id TEXT NOT NULL, device TEXT NOT NULL, mid TEXT NOT NULL, digest TEXT NOT NULL,
       objects INTEGER NOT NULL, weight INTEGER NOT NULL, expires_at INTEGER NOT NULL, list TEXT NOT NULL,
       PRIMARY KEY (by_id, device, mid, digest)) WITHOUT ROWID`,
  );
  const weigh = () =>
    Number(sql.exec("SELECT coalesce(sum(weight), 0) AS n FROM declared").one()["n"]);
  let waiting = weigh();
  return {
    declare(party, mid, digest, objects, now) {
      const [{ n, known }] = sql
        .exec<{ n: number; known: number }>(
          `SELECT coalesce(sum(objects), 0) AS n, coalesce(max(digest = ?4), 0) AS known
           FROM declared WHERE ${ofPush}`,
          ...party,
          mid,
          digest,
        )
        .toArray() as [{ n: number; known: number }];
      if (known === 1) return "declared";
      if (n + objects.length > LIMITS.objectsPerPush) return "too_many";
      const list = encodeList(objects);
      if (waiting + list.length > maxWaitingBytes) {
        sql.exec("DELETE FROM declared WHERE expires_at <= ?1", now);
        waiting = weigh();
        if (waiting + list.length > maxWaitingBytes) return "full";
      }
      sql.exec(
        "INSERT INTO declared VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        ...party,
        mid,
        digest,
        objects.length,
        list.length,
        unfinishedUntil(now),
        list,
      );
      waiting += list.length;
      return "declared";
    },
    listOf(party, mid) {
      return sql
        .exec<{ list: string }>(`SELECT list FROM declared WHERE ${ofPush}`, ...party, mid)
        .toArray()
        .flatMap(({ list }) => decodeList(list));
    },
    drop(party, mid, digest) {
      const gone = sql.exec<{ weight: number }>(
        `DELETE FROM declared WHERE ${ofPush} AND (?4 IS NULL OR digest = ?4) RETURNING weight`,
        ...party,
        mid,
        digest ?? null,
      );
      for (const { weight } of gone) waiting -= weight;
    },
  };
}
