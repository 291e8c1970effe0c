import { LIMITS, type Have, type Party } from "@gitblobs/protocol";
import { failure, otherSize } from "./failure.ts";
import { usageOf } from "./pack-table.ts";
import { answer, rowsOf, type Piece, type SyncDeps } from "./piece.ts";
import { hashOf } from "./store-objects.ts";

const UTF8 = new TextEncoder();

/** A device's declaration of what its push consists of. */
export interface Declaration {
  readonly party: Party;
  readonly have: Have;
}

/**
 * Declares what pushes consist of, and says which of it is needed, and which would be over the quota. What is there is
 * known without asking the database; it tells what is used.
 */
export function declarePushes(deps: SyncDeps, declarations: readonly Declaration[]): Piece {
  const { db, scope, settings, now, stock } = deps;
  const verdicts = declarations.map(({ party, have }) => {
    const digest = hashOf(UTF8.encode(JSON.stringify(have.objects)));
    return {
      digest,
      declared: deps.declarations.declare(party, have.mid, digest, have.objects, now),
    };
  });
  return {
    statements: declarations.length === 0 ? [] : [usageOf(db, scope.userId)],
    settle: ([usage]) => {
      const used = rowsOf<{ bytes: number; objects: number }>(usage)[0] ?? { bytes: 0, objects: 0 };
      return declarations.map(({ party, have }, i) => {
        const { id, mid, objects } = have;
        const verdict = verdicts[i];
        if (verdict?.declared === "too_many") {
          const message = `A push has at most ${LIMITS.objectsPerPush} objects.`;
          return answer(failure(id, "too_many", message));
        }
        if (verdict?.declared === "full" || used.bytes >= settings.quotaBytes) {
          deps.declarations.drop(party, mid, verdict?.digest);
          return answer(failure(id, "quota", "The quota is used up."));
        }
        let { bytes, objects: count } = used;
        const need: number[] = [];
        const over: number[] = [];
        for (const [at, [type, hash, size]] of objects.entries()) {
          const known = stock.find([type, hash], now);
          if (known !== undefined && known.size !== size) {
            deps.declarations.drop(party, mid, verdict?.digest);
            return answer(otherSize(id, [type, hash]));
          }
          if (known !== undefined) continue;
          const fits = bytes + size <= settings.quotaBytes && count < settings.quotaObjects;
          (fits ? need : over).push(at);
          if (fits) {
            bytes += size;
            count += 1;
          }
        }
        return answer({ op: "want", id, need, over });
      });
    },
  };
}
