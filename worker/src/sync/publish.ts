import { LIMITS, type Key, type ObjectType, type Push, type Send } from "@gitblobs/protocol";
import {
  findOutcome,
  insertMessage,
  insertPush,
  missingOf,
  renewPush,
  type OutcomeRow,
} from "./event-table.ts";
import { failure } from "./failure.ts";
import { answer, rowsOf, type Outcome, type Piece, type SyncDeps } from "./piece.ts";
import { expiryOf } from "./settings.ts";

/** Moves a ref, if what it needs is there; the same mid again gives the same event. */
export function publishPush(deps: SyncDeps, device: string, push: Push): Piece {
  const { db, scope, settings, now } = deps;
  const { mid, ref } = push;
  const eventExpiry = now + settings.ttlMaxSeconds * 1_000;
  return {
    statements: [
      insertPush(db, scope, device, push, settings, now, eventExpiry),
      ...renewPush(db, scope, device, mid, now, expiryOf(settings, now, push.ttl)),
      // In the batch: asked for later, what came meanwhile would leave a refusal without its reason.
      missingOf(db, scope, device, mid, now, LIMITS.objectsPerOp),
      findOutcome(db, scope, device, mid, ref),
    ],
    settle: (results) => {
      const missing = rowsOf<MissingRow>(results.at(-2)).map(({ type, hash }): Key => [type, hash]);
      return [settlePush(push, rowsOf<OutcomeRow>(results.at(-1))[0], missing)];
    },
  };
}

interface MissingRow {
  readonly type: ObjectType;
  readonly hash: string;
}

function settlePush(push: Push, row: OutcomeRow | undefined, need: Key[]): Outcome {
  const { id, mid, ref } = push;
  if (row?.seq != null) {
    const same = row.ref === ref && row.old === push.old && row.new === push.new;
    return same
      ? { kind: "event", id, mid, seq: row.seq }
      : answer(failure(id, "mid_reused", "This mid names another push or message."));
  }
  const current = row?.current ?? null;
  if (current !== push.old) {
    return answer(failure(id, "ref_conflict", `${ref} stands elsewhere; pull first.`, { current }));
  }
  if (need.length > 0) {
    const message = "Declared objects are not there; put them, then push again.";
    return answer(failure(id, "missing", message, { need }));
  }
  const isNewRef = push.old === null && push.new !== null;
  return isNewRef && (row?.refs ?? 0) >= LIMITS.refsPerStore
    ? answer(failure(id, "too_many", `A store has at most ${LIMITS.refsPerStore} refs.`))
    : answer(failure(id, "quota", "The quota is used up."));
}

/** Keeps a message as an event; the same mid again gives the same event. */
export function publishMessage(deps: SyncDeps, device: string, send: Send): Piece {
  const { db, scope, settings, now } = deps;
  const { id, mid } = send;
  const expiry = {
    event: now + settings.ttlMaxSeconds * 1_000,
    body: expiryOf(settings, now, send.ttl),
  };
  return {
    statements: [
      insertMessage(db, scope, device, send, settings, now, expiry),
      findOutcome(db, scope, device, mid, ""),
    ],
    settle: ([, found]) => {
      const row = rowsOf<OutcomeRow>(found)[0];
      if (row?.seq == null) return [answer(failure(id, "quota", "The quota is used up."))];
      if (row.kind !== "message" || row.recipient !== (send.to ?? null)) {
        return [answer(failure(id, "mid_reused", "This mid names another push or message."))];
      }
      return [{ kind: "event", id, mid, seq: row.seq }];
    },
  };
}
