import { LIMITS, type Have } from "@gitblobs/protocol";
import { declarePart, isDeclared } from "./event-table.ts";
import { failure } from "./failure.ts";
import { findAbsent } from "./object-table.ts";
import { answer, rowsOf, type Piece, type SyncDeps } from "./piece.ts";
import { unfinishedUntil } from "./settings.ts";
import { hashOf } from "./store-objects.ts";
import { usageOf } from "./store-table.ts";

const UTF8 = new TextEncoder();

/** Declares what a push consists of, and says which of it is needed, and which would be over the quota. */
export function declarePush(deps: SyncDeps, device: string, have: Have): Piece {
  const { db, scope, settings, now } = deps;
  const { id, mid, objects } = have;
  const digest = hashOf(UTF8.encode(JSON.stringify(objects)));
  const push = { device, mid };
  const part = { digest, objects, expiresAt: unfinishedUntil(now) };
  return {
    statements: [
      declarePart(db, scope, push, part, settings),
      isDeclared(db, scope, push, digest),
      findAbsent(db, scope, objects, now),
      usageOf(db, scope.userId),
    ],
    settle: ([, declared, absent, usage]) => {
      const state = rowsOf<{ declared: number; objects: number }>(declared)[0];
      if (state?.declared !== 1) {
        const tooMany = (state?.objects ?? 0) + objects.length > LIMITS.objectsPerPush;
        const message = `A push has at most ${LIMITS.objectsPerPush} objects.`;
        return [
          answer(
            tooMany
              ? failure(id, "too_many", message)
              : failure(id, "quota", "The quota is used up."),
          ),
        ];
      }
      const used = rowsOf<{ bytes: number; objects: number }>(usage)[0] ?? { bytes: 0, objects: 0 };
      let { bytes, objects: count } = used;
      const need: number[] = [];
      const over: number[] = [];
      for (const { i } of rowsOf<{ i: number }>(absent)) {
        const size = objects[i]?.[2] ?? 0;
        const fits = bytes + size <= settings.quotaBytes && count < settings.quotaObjects;
        (fits ? need : over).push(i);
        if (fits) {
          bytes += size;
          count += 1;
        }
      }
      return [answer({ op: "want", id, need, over })];
    },
  };
}
