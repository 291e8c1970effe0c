import * as v from "valibot";
import { newUsername, role, sessionId, userId, userView } from "./account.ts";
import { count, time } from "./atoms.ts";

/** Path of a user. */
export const userParams = v.strictObject({ id: userId });
/** Path of a session of a user. */
export const userSessionParams = v.strictObject({ id: userId, session: sessionId });

const pageSize = v.optional(
  v.pipe(v.string(), v.regex(/^(?:[1-9]\d?|1\d\d|200)$/, "must be 1 to 200"), v.transform(Number)),
  "50",
);
/** Query of `GET /admin/users`. */
export const usersQuery = v.strictObject({
  limit: pageSize,
  after: v.optional(newUsername),
  username: v.optional(newUsername),
});
/** Answer of `GET /admin/users`; `next` is the `after` of the next page. */
export const userList = v.object({ users: v.array(userView), next: v.optional(v.string()) });
/** Body of `POST /admin/users`. */
export const newUserBody = v.strictObject({
  username: newUsername,
  role: v.optional(role, "user"),
});
/** Body of `PUT /admin/users/{id}/role`. */
export const roleBody = v.strictObject({ role });
/** A password made by the relay: shown once, to be changed at the first login. */
export const oneTimePasswordView = v.object({
  user: userView,
  one_time_password: v.string(),
  password_expires_at: time,
});
/** Answer to ending sessions. */
export const endedView = v.object({ ended: count });

/** Body of `POST /admin/keys/rotate`. */
export const rotateBody = v.strictObject({
  emergency: v.optional(v.boolean(), false),
  end_sessions: v.optional(v.boolean(), false),
});
/** Answer of `POST /admin/keys/rotate`. */
export const rotationView = v.object({
  kid: v.string(),
  sign_from: time,
  old_keys_verify_until: time,
  sessions_ended: count,
});
/** Answer of `POST /admin/keys/rewrap`. */
export const rewrapView = v.object({ rewrapped: count, unreadable: count });
/** Answer of `GET /admin/keys`. */
export const keyList = v.object({
  state: v.picklist(["ok", "none", "rewrap_needed", "unreadable"]),
  keys: v.array(
    v.object({
      kid: v.string(),
      use: v.picklist(["next", "signing", "verifying"]),
      sign_from: time,
      verify_until: v.optional(time),
      created_at: time,
      wrapped_by_present_secret: v.boolean(),
    }),
  ),
});

/** Body of `POST /admin/cleanup`. */
export const cleanupBody = v.strictObject({ dry_run: v.optional(v.boolean(), false) });
/** Answer of `POST /admin/cleanup`: rows per table; `more` when another call would find more. */
export const cleanupView = v.object({
  dry_run: v.boolean(),
  expired: v.record(v.string(), count),
  more: v.boolean(),
});
/** Answer of `GET /admin/stats`. */
export const statsView = v.object({
  users: count,
  users_disabled: count,
  admins: count,
  sessions_live: count,
  sockets: v.pipe(
    count,
    v.description("Open sockets, as the hubs told within the last 15 minutes"),
  ),
  stores: count,
  objects: v.pipe(
    count,
    v.description("Objects held, expired ones included until they are removed"),
  ),
  bytes: v.pipe(count, v.description("What the quotas of all users are charged with")),
  events: v.pipe(count, v.description("Events of all stores that are still kept")),
  signing_keys_live: count,
  login_throttles: count,
  audit_entries: count,
  database_bytes: count,
  last_cleanup_at: v.optional(
    v.pipe(
      time,
      v.description("When everything expired was last removed, by the clock or by hand"),
    ),
  ),
});
/** Query of `GET /admin/audit`. */
export const auditQuery = v.strictObject({
  limit: pageSize,
  before: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/), v.transform(Number))),
});
/** Answer of `GET /admin/audit`, newest first; `next` is the `before` of the next page. */
export const auditList = v.object({
  entries: v.array(
    v.object({
      id: count,
      at: time,
      actor: v.string(),
      action: v.string(),
      target: v.optional(v.string()),
      detail: v.record(v.string(), v.unknown()),
      request_id: v.string(),
      ip_prefix: v.string(),
    }),
  ),
  next: v.optional(v.string()),
});
