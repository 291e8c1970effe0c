import { LIMITS, type Hello, type Welcome } from "@gitblobs/protocol";
import type { EventLog } from "./event-log.ts";
import { member } from "./answers.ts";

/** Where a store stands when a device says hello. */
interface Place {
  readonly id: number;
  readonly epoch: string;
  readonly log: EventLog;
}

/** Why a device cannot simply go on from where it was; undefined if it can. */
export function holeOf({ after, epoch }: Hello, place: Place): Welcome["reason"] {
  if (after === undefined) return "new";
  if (epoch !== place.epoch) return "epoch";
  if (after > place.log.head) return "ahead";
  return after + 1 < place.log.oldest ? "expired" : undefined;
}

/** What answers a hello. */
export function welcomeOf(
  { id, epoch, log }: Place,
  reason: Welcome["reason"],
  now: number,
  keptUntil: number | undefined,
): Welcome {
  const limits = {
    frame_bytes: LIMITS.frameBytes,
    object_bytes: LIMITS.objectBytes,
    message_bytes: LIMITS.messageBytes,
    ttl_seconds: 60,
    ttl_max_seconds: 60,
    quota_bytes: 1e9,
    quota_objects: 1e6,
    used_bytes: 0,
    used_objects: 0,
    held_bytes: 1e9,
    statements_per_second: 1e9,
    rows_per_second: 1e9,
    answered_bytes_per_second: 1e9,
  };
  return {
    op: "welcome",
    proto: 1,
    store: id,
    epoch,
    head: log.head,
    oldest: log.oldest,
    refs: [...log.refs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([ref, hash]): Welcome["refs"][number] => {
        const note = log.notes.get(ref);
        return note === undefined ? [ref, hash] : [ref, hash, note];
      }),
    limits,
    by: member,
    user: "ada",
    expires_at: now,
    ...(keptUntil === undefined ? {} : { kept_until: keptUntil }),
    resumed: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
  };
}
