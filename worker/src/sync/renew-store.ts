import { LIMITS, type Renew } from "@gitblobs/protocol";
import { keepStore, positionOf } from "./event-table.ts";
import { answer, rowsOf, type Piece, type SyncDeps } from "./piece.ts";
import { expiryOf } from "./settings.ts";

/** A device's wish that what was pushed goes on being there. */
export interface Renewal {
  readonly renew: Renew;
}

/**
 * Keeps what was pushed for as long as the longest of these ask. It is one row, however much that is: what expires by
 * itself goes on having its own time, and is held back by the store's.
 */
export function renewStore(deps: SyncDeps, renewals: readonly Renewal[]): Piece {
  const { db, scope, settings, now, stock } = deps;
  const times = renewals.map(({ renew }) => expiryOf(settings, now, renew.ttl));
  const until = Math.max(0, ...times);
  // So little more than before is not worth a row.
  const slackMs = Math.min(LIMITS.renewSlackSeconds * 1_000, Math.floor((until - now) / 8));
  return {
    statements:
      renewals.length === 0
        ? []
        : [keepStore(db, scope, until, now, slackMs), positionOf(db, scope, now)],
    settle: ([, position]) => {
      const [row] = rowsOf<{
        readonly kept_until: number;
        readonly kept_since: number;
        readonly soonest: number | null;
      }>(position);
      if (row !== undefined) stock.setKept(row.kept_since, row.kept_until);
      const expires_at = row?.soonest ?? row?.kept_until ?? until;
      return renewals.map(({ renew }) => answer({ op: "ok", id: renew.id, expires_at }));
    },
  };
}
