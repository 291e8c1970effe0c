import { sessionOf } from "../auth/session-table.ts";
import { positionOf } from "../sync/event-table.ts";
import { usageOf, type Scope } from "../sync/pack-table.ts";
import { refsOf } from "../sync/store-table.ts";

/** What a welcome tells of a store, and whether the session lives, as of one moment. */
export const lookAt = (
  db: D1Database,
  scope: Scope,
  sessionId: string,
  now: number,
): readonly D1PreparedStatement[] => [
  positionOf(db, scope, now),
  refsOf(db, scope.storeId),
  usageOf(db, scope.userId),
  sessionOf(db, sessionId),
];
